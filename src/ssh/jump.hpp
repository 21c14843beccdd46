#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// One host of a ProxyJump. Missing values come from the configuration of that host.
struct JumpHost {
  std::string host;  // as written, without brackets
  std::optional<std::string> user;
  std::optional<std::uint16_t> port;

  bool operator==(const JumpHost&) const = default;
};

// "gate", "me@gate:2222", "[fd00::1]:22", "ssh://me@gate:2222", separated by commas, in the order of
// connection (ssh_config(5), ProxyJump). "none" gives an empty list. Error{invalid}.
std::vector<JumpHost> read_jump_hosts(std::string_view text);

}  // namespace labctl::ssh
