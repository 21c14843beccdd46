#include "cli/tunnels_table.hpp"

#include "base/table.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <ctime>

namespace labctl::cli {
namespace {

using tunnels::ForwardState;
using tunnels::ForwardStatus;

std::string clock_text(double since) {
  const auto seconds = static_cast<std::time_t>(since);
  std::tm time{};
  ::localtime_r(&seconds, &time);
  const bool today = std::time(nullptr) - seconds < 20 * 3600;
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), today ? "%H:%M:%S" : "%Y-%m-%d", &time);
  return text.data();
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

const char* state_text(ForwardState state) {
  switch (state) {
    case ForwardState::up:
      return "up";
    case ForwardState::starting:
      return "starting";
    case ForwardState::down:
      break;
  }
  return "down";
}

const char* state_colour(ForwardState state) {
  switch (state) {
    case ForwardState::up:
      return "\x1b[32m";
    case ForwardState::starting:
      return "\x1b[33m";
    case ForwardState::down:
      break;
  }
  return "\x1b[31m";
}

// Where it listens; for a remote forward the node, so what it connects to here is told too.
std::string ends_text(const ForwardStatus& forward) {
  switch (forward.direction) {
    case inventory::Forward::Direction::remote:
      return fmt::format("{} on {} -> {}", forward.remote, forward.node, forward.local);
    case inventory::Forward::Direction::dynamic:
      return forward.local + " (SOCKS5)";
    case inventory::Forward::Direction::local:
      break;
  }
  return forward.local;
}

// A line about what does not work; "" if there is nothing.
std::string trouble_text(const ForwardStatus& forward) {
  if (forward.state != ForwardState::up && forward.last_error)
    return "  " + forward.last_error->line() + "\n";
  if (forward.connection_error) return "  last connection: " + forward.connection_error->line() + "\n";
  return {};
}

// "" for a node with a session.
std::string node_text(const tunnels::NodeStatus& node) {
  switch (node.state) {
    case tunnels::NodeState::up:
      return "";
    case tunnels::NodeState::connecting:
      return "logging in";
    case tunnels::NodeState::waiting:
      return "no session" + (node.next_attempt ? ", next try at " + clock_text(*node.next_attempt) : "");
    case tunnels::NodeState::given_up:
      break;
  }
  return "no session, given up: labctl tunnels up tries again";
}

}  // namespace

std::string tunnels_table(const tunnels::Status& status, bool colour) {
  constexpr std::size_t state_column = 1, listens_column = 2;
  TextTable table({"FORWARD", "STATE", "LISTENS AT", "NODE", "SINCE", "RTT", "CONN", "IN", "OUT"},
                  listens_column);
  for (const ForwardStatus& forward : status.forwards) {
    table.add({forward.name, state_text(forward.state), ends_text(forward), forward.node,
               clock_text(forward.since), forward.rtt_ms ? fmt::format("{:.1f} ms", *forward.rtt_ms) : "-",
               fmt::format("{}/{}", forward.connections, forward.accepted), size_text(forward.bytes_in),
               size_text(forward.bytes_out)},
              trouble_text(forward));
  }
  auto text = table.text([&](std::size_t row, std::size_t column, const std::string& cell) {
    return colour && column == state_column ? state_colour(status.forwards[row].state) + cell + "\x1b[0m"
                                            : cell;
  });
  for (const auto& node : status.nodes) {
    const std::string about = node_text(node);
    if (!about.empty()) text += node.name + "  " + about + "\n";
  }
  return text;
}

}  // namespace labctl::cli
