#pragma once

#include "agent/file_lock.hpp"
#include "agent/settings.hpp"
#include "base/deadline.hpp"
#include "http/client.hpp"

#include <optional>
#include <string>
#include <vector>

namespace labctl::agent {

struct Job {
  std::string action;  // "purge:1h:1d:1w:4w:1y"
  int minutes = 0;
  std::string volume;
};

// The volume plugin of this node, over its socket (contract 7): the same operations as its command line,
// without starting Python for each call. Error{unreachable} if it does not answer, Error{unavailable} with
// its message if it refuses.
class Buttervolume {
public:
  explicit Buttervolume(const Settings& settings);

  std::string snapshot(const std::string& volume);  // returns its name, "V@STAMP"
  // Returns once the snapshot is on the other host.
  void send(const std::string& host, const std::string& snapshot);
  // `source` is a snapshot, or a volume (its newest snapshot is used); target "" means the volume's own name.
  // Returns the name of the backup of the replaced volume, "" if there was none.
  std::string restore(const std::string& source, const std::string& target = "");
  std::vector<std::string> snapshots(const std::string& volume);                     // sorted
  void schedule(const std::string& action, int minutes, const std::string& volume);  // 0 minutes: off
  std::vector<Job> scheduled();

private:
  http::Client& client();
  FileLock take_turn() const;
  std::string call(const std::string& operation, const std::string& body, Deadline deadline);

  Settings settings_;
  std::optional<http::Client> client_;
};

}  // namespace labctl::agent
