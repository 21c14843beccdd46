#pragma once

#include "agent/file_lock.hpp"

#include <filesystem>
#include <optional>

namespace labctl::agent {

// A permit to work, so that a hundred events do not start a hundred docker-compose in parallel: a node has
// `count` of them, as files slot-N in a folder. A worker that waits for another node returns its slot
// meanwhile; otherwise two nodes whose slots are all held by waiting events could deadlock.
class WorkSlot {
public:
  explicit WorkSlot(std::filesystem::path folder, int count = 8);

  void take();  // waits until one is free

  // Releases the slot during its lifetime, if it was taken.
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
