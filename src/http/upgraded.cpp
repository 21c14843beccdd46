#include "http/upgraded.hpp"

#include "base/address.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "http/handle.hpp"
#include "http/stop.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace labctl::http {
namespace {

constexpr int switching_protocols = 101;
constexpr std::string_view head_end = "\r\n\r\n";

std::string head_of(const Server& server, const Request& request, const std::string& protocol) {
  auto head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: {}\r\n",
                          request.method, request.target, url_host(server.host()), protocol);
  for (const auto& [name, value] : request.headers) head += name + ": " + value + "\r\n";
  return head + fmt::format("Content-Length: {}\r\n\r\n", request.body.size());
}

}  // namespace

// libcurl only connects, as for any other request; this class sends and receives (CURLOPT_CONNECT_ONLY).
struct Upgraded::Impl {
  Handle handle;
  curl_socket_t socket = CURL_SOCKET_BAD;
  Response reply;
  std::string unread;  // received after the head

  Impl(const Server& server, Deadline deadline) : handle(server) {
    handle.begin("/");
    handle.set(CURLOPT_CONNECT_ONLY, 1L);
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, static_cast<long>(deadline.left().count())));
    if (const CURLcode code = curl_easy_perform(handle.get()); code != CURLE_OK) handle.fail(code);
    curl_easy_getinfo(handle.get(), CURLINFO_ACTIVESOCKET, &socket);
  }

  void await(short events, Deadline deadline) const {
    throw_if_interrupted();
    StopScope::throw_if_stopped();
    // poll() ignores a negative descriptor.
    std::array<pollfd, 3> ends{
        {{socket, events, 0}, {interrupt_fd(), POLLIN, 0}, {StopScope::fd(), POLLIN, 0}}};
    ::poll(ends.data(), ends.size(), static_cast<int>(deadline.left().count()));
    throw_if_interrupted();
    StopScope::throw_if_stopped();
    if (ends[0].revents == 0 && deadline.passed()) {
      throw Error(Kind::timeout, fmt_seconds("no answer within", deadline.budget()),
                  handle.server().display());
    }
  }

  void write(std::string_view bytes, Deadline deadline) {
    while (!bytes.empty()) {
      std::size_t sent = 0;
      const CURLcode code = curl_easy_send(handle.get(), bytes.data(), bytes.size(), &sent);
      if (code == CURLE_AGAIN) {
        await(POLLOUT, deadline);
      } else if (code != CURLE_OK) {
        handle.fail(code);
      }
      bytes.remove_prefix(sent);
    }
  }

  std::string read(Deadline deadline) {
    if (!unread.empty()) return std::exchange(unread, {});
    std::array<char, 16384> buffer;
    while (true) {
      std::size_t count = 0;
      const CURLcode code = curl_easy_recv(handle.get(), buffer.data(), buffer.size(), &count);
      if (code == CURLE_OK) return {buffer.data(), count};
      if (code != CURLE_AGAIN) handle.fail(code);
      await(POLLIN, deadline);
    }
  }

  // Appends to `text`. If the peer has closed the connection, that is an error.
  void read_more(std::string& text, Deadline deadline) {
    const auto more = read(deadline);
    if (more.empty())
      throw Error(Kind::unreachable, "the server closed the connection", handle.server().display());
    text += more;
  }

  void read_reply(Deadline deadline) {
    std::string text;
    while (text.find(head_end) == std::string::npos) read_more(text, deadline);
    const auto end = text.find(head_end);
    const auto head = lines(text.substr(0, end));
    unread = text.substr(end + head_end.size());
    // "HTTP/1.1 101 UPGRADED"
    const auto& first = head.front();
    const auto status = first.find(' ') + 1;
    std::from_chars(first.data() + status, first.data() + first.size(), reply.status);
    for (const auto& line : head) {
      if (const auto colon = line.find(':'); colon != std::string::npos)
        reply.headers[lower(trim(line.substr(0, colon)))] = trim(line.substr(colon + 1));
    }
    if (reply.status == switching_protocols) return;
    reply.body = std::exchange(unread, {});
    const auto length = reply.headers.find("content-length");
    const std::size_t size =
        length == reply.headers.end() ? 0 : std::strtoul(length->second.c_str(), nullptr, 10);
    while (reply.body.size() < size) read_more(reply.body, deadline);
  }
};

Upgraded::Upgraded(const Server& server, const Request& request, const std::string& protocol,
                   Deadline deadline)
    : impl_(std::make_unique<Impl>(server, deadline)) {
  impl_->write(head_of(server, request, protocol) + request.body, deadline);
  impl_->read_reply(deadline);
}

Upgraded::~Upgraded() = default;
Upgraded::Upgraded(Upgraded&&) noexcept = default;

const Response& Upgraded::reply() const { return impl_->reply; }

void Upgraded::write(std::string_view bytes, Deadline deadline) { impl_->write(bytes, deadline); }

std::string Upgraded::read(Deadline deadline) { return impl_->read(deadline); }

bool Upgraded::quiet() const {
  pollfd end{impl_->socket, POLLIN, 0};
  return impl_->unread.empty() && ::poll(&end, 1, 0) == 0;
}

}  // namespace labctl::http
