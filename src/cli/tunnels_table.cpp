#include "cli/tunnels_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <vector>

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
  constexpr std::size_t columns = 9;
  constexpr std::size_t state_column = 1;
  using Row = std::array<std::string, columns>;
  std::vector<Row> rows{{"FORWARD", "STATE", "LISTENS AT", "NODE", "SINCE", "RTT", "CONN", "IN", "OUT"}};
  for (const ForwardStatus& forward : status.forwards) {
    rows.push_back({forward.name, state_text(forward.state), ends_text(forward), forward.node,
                    clock_text(forward.since),
                    forward.rtt_ms ? fmt::format("{:.1f} ms", *forward.rtt_ms) : "-",
                    fmt::format("{}/{}", forward.connections, forward.accepted), size_text(forward.bytes_in),
                    size_text(forward.bytes_out)});
  }
  std::array<std::size_t, columns> width{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < columns; ++i) width[i] = std::max(width[i], row[i].size());
  }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < columns; ++i) {
      std::string cell = i + 1 == columns ? rows[r][i] : fmt::format("{:<{}}  ", rows[r][i], width[i]);
      if (colour && r > 0 && i == state_column)
        cell = state_colour(status.forwards[r - 1].state) + cell + "\x1b[0m";
      line += cell;
    }
    text += line + "\n";
    if (r > 0 && status.forwards[r - 1].state != ForwardState::up && status.forwards[r - 1].last_error) {
      text += "  " + status.forwards[r - 1].last_error->line() + "\n";
    } else if (r > 0 && status.forwards[r - 1].connection_error) {
      text += "  last connection: " + status.forwards[r - 1].connection_error->line() + "\n";
    }
  }
  for (const auto& node : status.nodes) {
    const std::string about = node_text(node);
    if (!about.empty()) text += node.name + "  " + about + "\n";
  }
  return text;
}

}  // namespace labctl::cli
