#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace labctl::agent {

// /deploy/events.log: the ids of the events that this node has accepted, one per line. An id is written
// before its event is processed, so an event is handled at most once, even after a crash (contract 2.2). The
// file is locked during reads and writes. It keeps the newest `keep` ids or, after it was shortened, half as
// many: Consul itself remembers 256.
class EventsLog {
public:
  explicit EventsLog(std::filesystem::path path, std::size_t keep = 4096);

  // True if the id was new; it is now on disk. `before` runs under the lock, before the write; if it throws,
  // nothing is written.
  bool begin(std::string_view event_id, const std::function<void()>& before = {}) const;

private:
  std::filesystem::path path_;
  std::size_t keep_;
};

}  // namespace labctl::agent
