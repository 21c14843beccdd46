#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// One host of a ProxyJump. What is not said there is left to the configuration of that host.
struct JumpHost {
  std::string host;  // as it is written, without brackets
  std::optional<std::string> user;
  std::optional<std::uint16_t> port;

  bool operator==(const JumpHost&) const = default;
};

// "gate", "me@gate:2222", "[fd00::1]:22", "ssh://me@gate:2222", separated by commas, the host that is
// connected to first in front (ssh_config(5), ProxyJump). "none" is no host. Error{invalid}.
std::vector<JumpHost> read_jump_hosts(std::string_view text);

}  // namespace labctl::ssh
