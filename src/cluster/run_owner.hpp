#pragma once

#include <string>

namespace labctl::cluster {

// A run of labctl as others are told of it, who may sit at another machine: who began it, where, when. No
// secret.
struct RunOwner {
  std::string user;
  std::string host;
  std::string machine;  // one boot of one kernel and one pid namespace: where pid and start mean something
  long pid = 0;
  unsigned long long start =
      0;              // of the process, in clock ticks since the boot: tells pids apart that are used again
  std::string since;  // when the run began: 2026-11-25T10:00:00Z

  bool operator==(const RunOwner&) const = default;

  // Whether it is known to have ended; false if that cannot be told from here.
  bool has_ended() const;
  // "alice@laptop (process 4711) since 2026-11-25T10:00:00Z"
  std::string text() const;
};

// This process, from now on.
RunOwner this_run();

// One line of JSON, and back. Error{invalid} with `where`.
std::string to_json_text(const RunOwner& owner);
RunOwner parse_run_owner(const std::string& json, const std::string& where);

}  // namespace labctl::cluster
