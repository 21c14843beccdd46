#include "http/client.hpp"

#include "base/address.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "http/handle.hpp"
#include "http/stop.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <utility>

namespace labctl::http {
namespace {

struct MultiDelete {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using Multi = std::unique_ptr<CURLM, MultiDelete>;

// One running request. Exceptions must not pass through the C code of libcurl, so callbacks store them here.
struct Transfer {
  CURL* easy;
  const BodySink* sink = nullptr;
  const HeadSink* on_head = nullptr;
  Response response;
  bool ended_by_sink = false;
  std::exception_ptr thrown;

  template <typename Call>
  bool guarded(Call call) {
    try {
      ended_by_sink = !call();
    } catch (...) {
      thrown = std::current_exception();
      return false;
    }
    return !ended_by_sink;
  }

  std::size_t header(std::string_view line) {
    const std::string text = trim(line);
    if (text.rfind("HTTP/", 0) == 0) {
      response.headers.clear();  // a second head, after "100 Continue"
    } else if (text.empty()) {
      long status = 0;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      response.status = static_cast<int>(status);
      if (on_head != nullptr && *on_head && response.ok() && !guarded(*on_head)) return 0;
    } else if (const auto colon = text.find(':'); colon != std::string::npos) {
      response.headers[lower(trim(text.substr(0, colon)))] = trim(text.substr(colon + 1));
    }
    return line.size();
  }

  std::size_t body(std::string_view data) {
    if (sink == nullptr || !response.ok()) {
      response.body += data;
    } else if (!guarded([&] { return (*sink)(data); })) {
      return 0;
    }
    return data.size();
  }
};

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* transfer) {
  return static_cast<Transfer*>(transfer)->header({data, size * count});
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* transfer) {
  return static_cast<Transfer*>(transfer)->body({data, size * count});
}

// During its lifetime, the easy handle is part of the multi handle, which keeps the connections.
class Attached {
public:
  Attached(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) { curl_multi_add_handle(multi_, easy_); }
  ~Attached() { curl_multi_remove_handle(multi_, easy_); }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;

private:
  CURLM* multi_;
  CURL* easy_;
};

}  // namespace

struct Client::Impl {
  Handle handle;
  Multi multi;

  explicit Impl(Server server) : handle(std::move(server)), multi(curl_multi_init()) {
    if (!multi) throw std::bad_alloc();
  }

  List request_headers(const Request& request) {
    List list;
    append(list, "Expect:");  // do not wait for "100 Continue"
    bool typed = false;
    for (const auto& [name, value] : request.headers) {
      typed = typed || lower(name) == "content-type";
      append(list, value.empty() ? name + ";" : name + ": " + value);
    }
    if (!typed) append(list, "Content-Type:");  // by default, libcurl declares every body as a form
    return list;
  }

  void prepare(const Request& request, const List& headers, Transfer& transfer) {
    handle.begin(request.target);
    if (request.method == "HEAD") {
      handle.set(CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET" || !request.body.empty()) {
      handle.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      handle.set(CURLOPT_POSTFIELDS, request.body.data());
    }
    handle.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    handle.set(CURLOPT_HTTPHEADER, headers.get());
    handle.set(CURLOPT_HEADERFUNCTION, &on_header);
    handle.set(CURLOPT_HEADERDATA, &transfer);
    handle.set(CURLOPT_WRITEFUNCTION, &on_body);
    handle.set(CURLOPT_WRITEDATA, &transfer);
  }

  // Waits for the socket, the deadline, a signal or a stop request, whichever comes first.
  CURLcode drive(const Request& request, Deadline deadline) {
    while (true) {
      throw_if_interrupted();
      StopScope::throw_if_stopped();
      int running = 0;
      if (curl_multi_perform(multi.get(), &running) != CURLM_OK) {
        throw Error(Kind::system, "libcurl cannot go on", handle.server().display());
      }
      int queued = 0;
      while (CURLMsg* done = curl_multi_info_read(multi.get(), &queued)) {
        if (done->msg == CURLMSG_DONE) return done->data.result;
      }
      if (deadline.passed()) {
        throw Error(Kind::timeout,
                    fmt_seconds("no full answer to " + request.method + " " + request.target + " within",
                                deadline.budget()),
                    handle.server().display());
      }
      std::array<curl_waitfd, 2> events{};
      unsigned count = 0;
      for (const int fd : {interrupt_fd(), StopScope::fd()}) {
        if (fd >= 0) events[count++] = {fd, CURL_WAIT_POLLIN, 0};
      }
      curl_multi_poll(multi.get(), events.data(), count, static_cast<int>(deadline.left().count()), nullptr);
    }
  }

  Response run(const Request& request, const BodySink* sink, const HeadSink* on_head, Deadline deadline) {
    Transfer transfer{handle.get(), sink, on_head, {}, false, {}};
    const List headers = request_headers(request);
    prepare(request, headers, transfer);
    CURLcode code;
    {
      const Attached attached(multi.get(), handle.get());
      code = drive(request, deadline);
    }
    if (transfer.thrown) std::rethrow_exception(transfer.thrown);
    if (code != CURLE_OK && !transfer.ended_by_sink) handle.fail(code);
    return std::move(transfer.response);
  }
};

const std::string& Server::host() const {
  static const std::string localhost = "localhost";
  if (!name.empty()) return name;
  return address.is_unix_socket() ? localhost : address.host;
}

std::string Server::display() const {
  if (address.is_unix_socket()) return "unix:" + address.path;
  const auto text = "http://" + host_port(host(), address.port);
  return name.empty() ? text : text + " at " + address.host;
}

Client::Client(Server server) : impl_(std::make_unique<Impl>(std::move(server))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

const Server& Client::server() const { return impl_->handle.server(); }

Response Client::send(const Request& request, Deadline deadline) {
  return impl_->run(request, nullptr, nullptr, deadline);
}

Response Client::stream(const Request& request, const BodySink& sink, Deadline deadline,
                        const HeadSink& on_head) {
  return impl_->run(request, &sink, &on_head, deadline);
}

std::string escape(std::string_view text, bool keep_slash) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~' || (keep_slash && c == '/');
    if (plain) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

}  // namespace labctl::http
