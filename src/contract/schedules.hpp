#pragma once

#include <optional>
#include <string>
#include <string_view>

// Buttervolume schedule actions (contract 4.1). Disabling a schedule needs exactly the text with which it was
// enabled, possibly by another handler, so these texts are part of the contract.
namespace labctl::contract {

inline constexpr int copy_minutes = 60;  // replicate and snapshot
inline constexpr int purge_minutes = 1440;
inline constexpr std::string_view purge_action = "purge:1h:1d:1w:4w:1y";

// The master's hourly action: replicate to the slave's address if there is a slave, else a plain snapshot.
inline std::string copy_action(const std::optional<std::string>& slave_address) {
  return slave_address ? "replicate:" + *slave_address : "snapshot";
}

}  // namespace labctl::contract
