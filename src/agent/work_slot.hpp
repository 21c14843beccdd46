#pragma once

#include "agent/file_lock.hpp"

#include <filesystem>
#include <optional>

namespace labctl::agent {

// Leave to work, so that a hundred events do not start a hundred docker-compose at once: a node has so many,
// as files slot-N of a folder. Who waits for another node gives its slot back meanwhile; otherwise two nodes
// whose slots are all taken by waiting events could wait for each other.
class WorkSlot {
public:
  explicit WorkSlot(std::filesystem::path folder, int count = 8);

  void take();  // waits until there is one

  // Without the slot as long as it lives, if it was taken.
  class Rest {
  public:
    explicit Rest(WorkSlot& slot);
    Rest(const Rest&) = delete;
    Rest& operator=(const Rest&) = delete;
    ~Rest();

  private:
    WorkSlot& slot_;
    bool had_one_;
  };

private:
  std::filesystem::path folder_;
  int count_;
  std::optional<FileLock> held_;
};

}  // namespace labctl::agent
