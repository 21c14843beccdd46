#include "tunnels/control_server.hpp"

#include "base/current_error.hpp"
#include "tunnels/wire_line.hpp"

#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/read_until.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <fcntl.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace labctl::tunnels {
namespace {

constexpr std::size_t longest_request = 4 * 1024 * 1024;
constexpr auto first_answers_limit = std::chrono::seconds(15);

}  // namespace

struct ControlServer::Client {
  explicit Client(ssh::StreamSocket s) : socket(std::move(s)) {}
  ssh::StreamSocket socket;
  std::string input;
};

ControlServer::ControlServer(asio::io_context& io, const std::filesystem::path& socket,
                             Supervisor& supervisor)
    : io_(io), path_(socket), supervisor_(supervisor) {
  supervisor_.on_change([this] { change_.notify(); });
  keep_spare();
  reopen();
}

void ControlServer::reopen() {
  auto end = std::make_shared<LocalEnd>(io_.get_executor(), Endpoint::unix_socket(path_.string()));
  stop_accepting();
  end_ = std::move(end);
  asio::co_spawn(io_, accept(end_), asio::detached);
}

ControlServer::~ControlServer() { stop_accepting(); }

void ControlServer::start() {
  is_started_ = true;
  started_.notify();
}

void ControlServer::stop_accepting() {
  if (end_) end_->close();
  end_.reset();
}

void ControlServer::close() {
  stop_accepting();
  for (auto& weak : clients_) {
    if (auto client = weak.lock()) {
      std::error_code ignored;
      client->socket.close(ignored);
    }
  }
}

asio::awaitable<void> ControlServer::accept(std::shared_ptr<LocalEnd> end) {
  while (end == end_) {
    auto socket = co_await end->accept([this] {
      const bool had_one = static_cast<bool>(spare_);
      spare_.reset();
      return had_one;
    });
    if (!socket || end != end_) break;
    keep_spare();
    auto client = std::make_shared<Client>(std::move(*socket));
    std::erase_if(clients_, [](const auto& weak) { return weak.expired(); });
    clients_.push_back(client);
    asio::co_spawn(io_, attend(std::move(client)), asio::detached);
  }
}

void ControlServer::keep_spare() {
  if (!spare_) spare_.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

asio::awaitable<void> ControlServer::attend(std::shared_ptr<Client> client) {
  co_await serve(client);
  client.reset();
  keep_spare();  // the client's descriptor may have been the last free one
}

asio::awaitable<void> ControlServer::serve(std::shared_ptr<Client> client) {
  while (true) {
    std::error_code error;
    const std::size_t size =
        co_await asio::async_read_until(client->socket, asio::dynamic_buffer(client->input, longest_request),
                                        '\n', asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    const std::string line = client->input.substr(0, size - 1);
    client->input.erase(0, size);
    Reply reply;
    try {
      const Request request = read_request(line);
      if (request.verb == Request::Verb::down) {
        spdlog::info("asked to go down");
        asked_down_.push_back(client);
        if (on_down_) on_down_();
        co_return;
      }
      if (!is_started_) co_await started_.wait();
      reply = co_await answer(request);
    } catch (...) {
      // The daemon continues after any error.
      const Error failure = current_error();
      reply.ok = false;
      reply.problems.push_back(
          {failure.where(), failure.what(), failure.hint(), std::string(to_string(ssh::Cause::protocol))});
    }
    const std::string text = to_line(reply) + "\n";
    co_await asio::async_write(client->socket, asio::buffer(text),
                               asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
  }
}

asio::awaitable<void> ControlServer::wait_change(std::uint64_t newer_than, std::chrono::milliseconds limit) {
  asio::steady_timer timer(io_, limit);
  bool late = limit.count() <= 0;
  if (!late) {
    timer.async_wait([&](std::error_code error) {
      if (error) return;
      late = true;
      change_.notify();
    });
  }
  while (!late && supervisor_.revision() <= newer_than) co_await change_.wait();
}

asio::awaitable<Reply> ControlServer::ready(const Request& request) {
  Reply reply;
  reply.covers_plan = !request.plan || supervisor_.plan().covers(*request.plan);
  if (!reply.covers_plan) {
    reply.ok = false;
    reply.status = supervisor_.status();
    co_return reply;
  }
  auto problems = std::make_shared<std::optional<std::vector<Problem>>>();
  ssh::Notifier done;
  supervisor_.wait_ready(first_answers_limit, [&done, problems](std::vector<Problem> found) {
    *problems = std::move(found);
    done.notify();
  });
  while (!*problems) co_await done.wait();
  reply.ok = (*problems)->empty();
  reply.problems = std::move(**problems);
  reply.status = supervisor_.status();
  co_return reply;
}

asio::awaitable<Reply> ControlServer::answer(const Request& request) {
  switch (request.verb) {
    case Request::Verb::ready:
      if (request.plan && supervisor_.plan().covers(*request.plan)) supervisor_.follow_agents(*request.plan);
      if (!supervisor_.status().all_up() || !supervisor_.status().all_logged_in()) supervisor_.retry();
      co_return co_await ready(request);
    case Request::Verb::restart: {
      for (const std::string& name : request.forwards) {
        const auto& forwards = supervisor_.plan().forwards;
        if (std::none_of(forwards.begin(), forwards.end(), [&](const auto& f) { return f.name == name; })) {
          throw Error(Kind::not_found, "there is no such forward", name, "labctl tunnels status lists them");
        }
      }
      supervisor_.restart(request.forwards);
      co_return co_await ready(request);
    }
    default: {
      if (request.newer_than > 0) {
        co_await wait_change(request.newer_than, std::chrono::milliseconds(request.wait_ms));
      }
      Reply reply;
      reply.status = supervisor_.status();
      co_return reply;
    }
  }
}

void ControlServer::reply_to_down() {
  for (auto& client : asked_down_) {
    std::error_code ignored;
    client->socket.native_non_blocking(false, ignored);
    send_line(client->socket.native_handle(), to_line(Reply{}));
  }
  asked_down_.clear();
}

}  // namespace labctl::tunnels
