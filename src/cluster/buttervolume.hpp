#pragma once

#include <string>
#include <string_view>
#include <vector>

// What the volume plugin's command line prints (contract 7). Text in, values out.
namespace labctl::cluster {

struct Schedule {
  std::string action;  // "snapshot", "replicate:10.0.0.2", "purge:1h:1d:1w:4w:1y"
  int minutes = 0;
  std::string volume;
  bool paused = false;

  std::string kind() const { return action.substr(0, action.find(':')); }
  std::string text() const;  // "replicate:10.0.0.2 every 60 min of P_dbdata"

  auto operator<=>(const Schedule&) const = default;
};

// The output of `buttervolume scheduled`. Error{invalid} for a line that does not read as "<action> <timer> <volume>":
// a list that is not understood must not look empty.
std::vector<Schedule> parse_schedules(std::string_view output);

// "V@2026-11-22T14:02:45.706922", and "V@...@HOST" for the copy that was last sent to HOST.
struct Snapshot {
  std::string name;
  std::string volume;
  std::string sent_to;  // "" if it is a plain one

  auto operator<=>(const Snapshot&) const = default;
};
std::vector<Snapshot> parse_snapshots(std::string_view output);

}  // namespace labctl::cluster
