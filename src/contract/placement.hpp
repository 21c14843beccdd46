#pragma once

#include <optional>
#include <string>
#include <vector>

namespace labctl::contract {

// Where an app is: the node that runs it, and the node that holds its replicated snapshots, if any.
struct Placement {
  std::string master;
  std::optional<std::string> slave;

  // "core1/core2", or "core1" without a slave.
  std::string text() const { return slave ? master + "/" + *slave : master; }
  bool has(const std::string& node) const { return node == master || node == slave; }
  std::vector<std::string> nodes() const {  // the master first
    return slave ? std::vector{master, *slave} : std::vector{master};
  }
  bool operator==(const Placement&) const = default;
};

}  // namespace labctl::contract
