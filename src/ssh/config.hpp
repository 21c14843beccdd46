#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// What ~/.ssh/config says of one host. Of each value the first that is found counts (ssh_config(5)); IdentityFile adds up.
struct HostConfig {
  std::optional<std::string> host_name;
  std::optional<std::string> user;
  std::optional<std::uint16_t> port;
  std::vector<std::filesystem::path> identities;
  std::optional<bool> identities_only;
  std::vector<std::filesystem::path> known_hosts;
  std::optional<std::string> agent;  // IdentityAgent; "none" for no agent
  std::optional<std::string> proxy;  // ProxyJump or ProxyCommand, which we cannot follow
};

// Reads ssh_config text for `host`. `Host` blocks with patterns and negation, and `Include` (relative to `folder`, with
// wildcards) are honoured; a `Match` block other than `Match all` is passed over.
HostConfig parse_config(std::string_view text, std::string_view host, const std::filesystem::path& folder);

// The person's own ~/.ssh/config, or nothing if there is none.
HostConfig load_config(std::string_view host);

}  // namespace labctl::ssh
