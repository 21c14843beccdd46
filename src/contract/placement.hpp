#pragma once

#include <optional>
#include <string>

namespace labctl::contract {

// Where an app is: the node that runs it, and the node that holds its replicated snapshots, if any.
struct Placement {
  std::string master;
  std::optional<std::string> slave;

  // "core1/core2", or "core1" without a slave.
  std::string text() const { return slave ? master + "/" + *slave : master; }
  bool operator==(const Placement&) const = default;
};

}  // namespace labctl::contract
