#pragma once

#include "observe/observation.hpp"

#include <chrono>
#include <compare>
#include <map>
#include <string>

namespace labctl::scenarios {

struct Placed;

// A file in a container of the app's master.
struct WatchedFile {
  std::string service;
  std::string path;

  auto operator<=>(const WatchedFile&) const = default;
};

// The one look after a step that changed something, on which the shoulds judge: whatever order they run in,
// they speak of the same moment. Only what the contract lets come later (Consul's catalog and checks, the
// proxies) is asked again by them.
struct Sighting : observe::Observation {
  // Of the files that the state watches; of the records, what the service's master answers.
  Sighting(cluster::Cluster& c, const Placed& s);

  // Content; none if the container has no such file. Error{not_found} if there was no such container.
  std::map<WatchedFile, observe::Seen<std::string>> files;
  std::map<int, std::string> records;  // GET /example: id -> name
  // When the nodes had been looked at.
  std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();
  std::string no_records;  // not empty: what came instead of a list of records
};

}  // namespace labctl::scenarios
