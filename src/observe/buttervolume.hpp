#pragma once

#include <string>
#include <string_view>

// The data of the volume plugin (contract 7).
namespace labctl::observe {

struct Schedule {
  std::string action;  // "snapshot", "replicate:10.0.0.2", "purge:1h:1d:1w:4w:1y"
  int minutes = 0;
  std::string volume;
  bool paused = false;

  std::string kind() const { return action.substr(0, action.find(':')); }
  std::string text() const;  // "replicate:10.0.0.2 every 60 min of P_dbdata"

  auto operator<=>(const Schedule&) const = default;
};

// "V@2026-11-22T14:02:45.706922", and "V@...@HOST" for the copy that was last sent to HOST.
struct Snapshot {
  std::string name;
  std::string volume;
  std::string sent_to;  // "" if it is a plain one

  auto operator<=>(const Snapshot&) const = default;
};
// A name without "@" is its own volume: a foreign folder among the snapshots.
Snapshot snapshot_named(std::string_view name);

}  // namespace labctl::observe
