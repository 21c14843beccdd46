#include "served.hpp"

#include "base/deadline.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

using namespace std::chrono_literals;

namespace labctl::test {
namespace {

// What blocks one forward in the tests blocks it for longer than this.
constexpr auto answer_limit = 5s;
constexpr auto pause = 5ms;  // between two requests of a client

// Why there was no answer; "" if there was one.
std::string ask(const Endpoint& end) {
  const Deadline deadline = Deadline::in(answer_limit);
  const int connected = connect_to(end);
  if (connected < 0) return std::strerror(-connected);
  const UniqueFd fd(connected);
  const std::string request = "GET /_ping HTTP/1.0\r\nHost: x\r\n\r\n";
  if (::send(connected, request.data(), request.size(), MSG_NOSIGNAL) < 0) return std::strerror(errno);
  std::string answer;
  std::array<char, 4096> buffer{};
  while (true) {
    pollfd wait{connected, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(deadline.left().count())) <= 0)
      return fmt::format("no answer within {} s", answer_limit.count());
    const ssize_t count = ::recv(connected, buffer.data(), buffer.size(), 0);
    if (count < 0) return std::strerror(errno);
    if (count == 0) break;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return answer.starts_with("HTTP/1.1 200") ? "" : "the answer is \"" + answer + "\"";
}

}  // namespace

Served::Served(const inventory::Inventory& inventory, const std::vector<std::string>& forwards) {
  for (const auto& forward : inventory.forwards) {
    if (std::find(forwards.begin(), forwards.end(), forward.name) == forwards.end()) continue;
    clients_.push_back(std::make_unique<Client>());
    clients_.back()->forward = forward.name;
    clients_.back()->end = forward.local;
  }
  BOOST_REQUIRE_EQUAL(clients_.size(), forwards.size());
  for (const auto& client : clients_)
    client->thread = std::thread([this, &one = *client] { ask_again_and_again(one); });
}

Served::~Served() {
  stop_ = true;
  for (const auto& client : clients_) client->thread.join();
}

void Served::ask_again_and_again(Client& client) {
  while (!stop_) {
    ++client.begun;
    const std::string problem = ask(client.end);
    if (!problem.empty()) {
      const std::lock_guard lock(mutex_);
      unserved_.push_back(
          fmt::format("request {} through {}: {}", client.begun.load(), client.forward, problem));
    }
    ++client.ended;
    client.ended.notify_all();
    std::this_thread::sleep_for(pause);
  }
}

void Served::check() {
  for (const auto& client : clients_) {
    const std::uint64_t wanted = client->begun + 1;
    // Each request ends within its limit, and so does this.
    for (auto now = client->ended.load(); now < wanted; now = client->ended) client->ended.wait(now);
  }
  const std::lock_guard lock(mutex_);
  for (const auto& problem : unserved_) BOOST_ERROR(problem);
  unserved_.clear();
}

}  // namespace labctl::test
