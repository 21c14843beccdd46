#pragma once

#include <optional>
#include <string>
#include <string_view>

// Buttervolume schedule actions (contract 4.1). Switching one off needs exactly the text it was switched on
// with, also between handlers, so these texts are part of the contract.
namespace labctl::contract {

inline constexpr int copy_minutes = 60;  // replicate and snapshot
inline constexpr int purge_minutes = 1440;
inline constexpr std::string_view purge_action = "purge:1h:1d:1w:4w:1y";

// What the master schedules every hour: to the slave's address if there is a slave, else a plain snapshot.
inline std::string copy_action(const std::optional<std::string>& slave_address) {
  return slave_address ? "replicate:" + *slave_address : "snapshot";
}

}  // namespace labctl::contract
