#include "tunnels/check.hpp"

#include "base/text.hpp"
#include "ssh/channel.hpp"

#include <asio/buffer.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>

#include <array>

namespace labctl::tunnels {
namespace {

using ssh::Cause;
using ssh::Failure;

// The answer to a check is a line or two. A peer that sends more is not the expected service.
constexpr std::size_t longest_answer = 64 * 1024;

// HTTP 1.0, so that the end of the stream marks the end of the answer.
std::string request(ForwardCheck check) {
  const std::string path = check == ForwardCheck::consul_leader ? "/v1/status/leader" : "/_ping";
  return "GET " + path + " HTTP/1.0\r\nHost: localhost\r\nUser-Agent: labctl\r\n\r\n";
}

}  // namespace

std::optional<std::string> judge_answer(ForwardCheck check, const std::string& answer) {
  const auto words = split(answer.substr(0, answer.find("\r\n")), ' ');
  if (words.size() < 2 || !words[0].starts_with("HTTP/")) return "does not speak HTTP";
  const auto body_at = answer.find("\r\n\r\n");
  const std::string body =
      body_at == std::string::npos ? "" : trim(std::string_view(answer).substr(body_at + 4));
  if (words[1] != "200") {
    return "answers status " + words[1] +
           (body.empty() ? "" : ": " + body.substr(0, body.find('\n')).substr(0, 200));
  }
  if (check == ForwardCheck::consul_leader && (body.empty() || body == "\"\"")) return "has no leader";
  if (check == ForwardCheck::docker_ping && body != "OK") return "does not say OK to /_ping";
  return std::nullopt;
}

asio::awaitable<std::chrono::microseconds> check_answer(const Opener& open, const PlannedForward& forward,
                                                        Deadline deadline) {
  const auto start = std::chrono::steady_clock::now();
  auto channel = co_await open(forward.remote, deadline);
  const auto opened =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  if (forward.check == ForwardCheck::open) co_return opened;

  bool late = false;
  asio::steady_timer timer(co_await asio::this_coro::executor, deadline.at());
  timer.async_wait([&late, channel = std::weak_ptr(channel)](std::error_code error) {
    if (auto alive = channel.lock(); alive && !error) {
      late = true;
      alive->close();
    }
  });
  const std::string question = request(forward.check);
  std::string answer;
  std::array<char, 4096> buffer{};
  std::error_code error;
  co_await channel->write(asio::buffer(question), error);
  while (!error && answer.size() < longest_answer) {
    const std::size_t count = co_await channel->read_some(asio::buffer(buffer), error);
    answer.append(buffer.data(), count);
  }
  channel.reset();
  timer.cancel();
  const std::string remote = to_string(forward.remote);
  if (late) {
    throw Failure(
        Cause::target_no_answer,
        "no answer from " + remote + " within " + std::to_string(deadline.elapsed().count()) + " ms",
        forward.name);
  }
  // If sshd connects to a listener whose process has ended or closes the connection, the channel opens and
  // closes at once.
  if (answer.empty()) {
    throw Failure(Cause::target_refused, remote + " closes the connection without an answer", forward.name);
  }
  if (auto wrong = judge_answer(forward.check, answer)) {
    throw Failure(
        Cause::bad_answer, remote + " " + *wrong, forward.name,
        forward.check == ForwardCheck::consul_leader ? "does a majority of the Consul servers run?" : "");
  }
  co_return opened;
}

}  // namespace labctl::tunnels
