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

// The look after a step that changed something. All shoulds judge it, so in any order they refer to the same
// time. They query again only what the contract allows to be late (Consul's catalog and checks, the proxies).
struct Sighting : observe::Observation {
  // Reads the files that the state watches, and the records from the service's master.
  Sighting(cluster::Cluster& c, const Placed& s);

  // Content; empty list if the container has no such file. Error{not_found} if there was no such container.
  std::map<WatchedFile, observe::Seen<std::string>> files;
  std::map<int, std::string> records;  // GET /example: id -> name
  // When the looks at the nodes had ended.
  std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();
  std::string no_records;  // not empty: what came instead of a list of records
};

}  // namespace labctl::scenarios
