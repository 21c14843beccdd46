#pragma once

#include <string>

namespace labctl::cluster {

// Identifies a run of labctl for other users, possibly on other machines: who started it, where, when. No
// secrets.
struct RunOwner {
  std::string user;
  std::string host;
  std::string machine;  // identifies boot and pid namespace, within which pid and start are valid
  long pid = 0;
  unsigned long long start =
      0;              // of the process, in clock ticks since boot: distinguishes processes that reuse a pid
  std::string since;  // when the run began: 2026-11-25T10:00:00Z

  bool operator==(const RunOwner&) const = default;

  // True if the run is known to have ended; false if that is unknown here.
  bool has_ended() const;
  // "alice@laptop (process 4711) since 2026-11-25T10:00:00Z"
  std::string text() const;
};

// The owner for this process, starting now.
RunOwner this_run();

// To and from one line of JSON. Error{invalid} with `where`.
std::string to_json_text(const RunOwner& owner);
RunOwner parse_run_owner(const std::string& json, const std::string& where);

}  // namespace labctl::cluster
