#include "cluster/handler_logs.hpp"

#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "cluster/budgets.hpp"
#include "http/stop.hpp"
#include "http/wait_strategy.hpp"

#include <cstdlib>
#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

// The longest run time of a command: if labctl is killed, its `tail` in a node's container ends by itself.
constexpr auto longest_command = 900s;

// The script prints its pid and its start position (the given byte, or the current end of the log). Then it
// follows the log from there.
std::string follow_log() {
  return R"SH(n=$3
[ -n "$n" ] || n=$(wc -c < "$1" 2>/dev/null) || n=0
echo "$$ $n"
exec timeout "$2" tail )SH" +
         http::wait_strategy().tail_options() + R"SH( -c "+$((n + 1))" -F "$1" 2>/dev/null)SH";
}

}  // namespace

HandlerLogs::HandlerLogs(std::map<std::string, http::Server> engines, std::string container, std::string log)
    : engines_(std::move(engines)), container_(std::move(container)), log_(std::move(log)) {}

HandlerLogs::~HandlerLogs() {
  // In parallel: each thread has to end a command in its node.
  for (auto& thread : threads_) thread.request_stop();
}

HandlerLogs::Subscription::Subscription(HandlerLogs& logs, LogListener listener) : logs_(logs) {
  const std::lock_guard lock(logs_.mutex_);
  for (const auto& [node, why] : logs_.unseen_) {
    if (!why.empty()) listener.on_sight(node, why);
  }
  place_ = logs_.listeners_.insert(logs_.listeners_.end(), std::move(listener));
  logs_.start();
}

HandlerLogs::Subscription::~Subscription() {
  const std::lock_guard lock(logs_.mutex_);
  logs_.listeners_.erase(place_);
}

bool HandlerLogs::wait_until_followed(Deadline deadline) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline.at(), [this] { return unseen_.size() == engines_.size(); });
}

void HandlerLogs::start() {
  if (!threads_.empty()) return;
  for (const auto& [node, engine] : engines_) {
    threads_.emplace_back([this, node, engine](const std::stop_token& stop) {
      // Cleanups wait for the handlers even after a signal. The destructor stops this thread.
      const InterruptShield shield;
      const http::StopScope scope(stop);
      try {
        follow(node, engine);
      } catch (...) {
        if (!stop.stop_requested()) sight(node, current_error().line());
      }
    });
  }
}

void HandlerLogs::follow(const std::string& node, const http::Server& engine) {
  docker::Client docker(engine);
  // Lower bound of the bytes read so far, because blank lines are not counted: a reconnect may repeat text,
  // but never skips any.
  std::optional<std::uint64_t> read;
  while (true) {
    std::string pid, why = "ended";
    const auto on_line = [&](std::string_view line) {
      if (pid.empty()) {
        const auto space = std::min(line.find(' '), line.size() - 1);
        pid = line.substr(0, space);
        if (!read) read = std::strtoull(std::string(line.substr(space + 1)).c_str(), nullptr, 10);
        sight(node, "");
      } else {
        *read += line.size() + 1;
        tell_line(node, std::string(line));
      }
      return true;
    };
    try {
      docker.exec_lines(container_,
                        {"sh", "-c", follow_log(), "follow-log", log_,
                         std::to_string(longest_command.count()), read ? std::to_string(*read) : ""},
                        on_line, Deadline::in(longest_command + 10s));
    } catch (...) {
      why = current_error().line();
    }
    // Closing the stream does not end the command.
    if (!pid.empty()) end_process(docker, pid);
    http::StopScope::throw_if_stopped();
    // The forward or the container has failed. What is logged meanwhile is read after the reconnect.
    sight(node, why);
    http::StopScope::pause(retry_pause);
  }
}

void HandlerLogs::tell_line(const std::string& node, const std::string& line) {
  const std::lock_guard lock(mutex_);
  for (const auto& listener : listeners_) listener.on_line(node, line);
}

void HandlerLogs::sight(const std::string& node, const std::string& why) {
  const std::lock_guard lock(mutex_);
  unseen_[node] = why;
  changed_.notify_all();
  for (const auto& listener : listeners_) listener.on_sight(node, why);
}

void HandlerLogs::end_process(docker::Client& docker, const std::string& pid) const {
  const http::StopScope::Pause unstopped;
  try {
    docker.exec(container_, {"kill", pid}, Deadline::in(5s));
  } catch (...) {
    return;  // the node is unreachable; the process ends after longest_command
  }
}

}  // namespace labctl::cluster
