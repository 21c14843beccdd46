#pragma once

#include "cluster/cluster.hpp"

#include <optional>
#include <set>
#include <string>

// The test service's data as its users see it (contract 8.2).
namespace labctl::scenarios {

struct Placed;

struct SeededRecord {
  int id = 0;
  std::string name;     // fresh for every record, so that nobody else's can stand in for it
  std::string content;  // what the file of that name holds
};

// Posts a record with a name and content of its own through a node's proxy. CheckFailed if the reply is no
// 201 with the record in it.
SeededRecord create_record(cluster::Cluster& c, const Placed& s, const std::string& through);

// Where the service keeps the content of a record, in the container anyblok.
std::string data_path(const SeededRecord& record);
std::string cache_path(const SeededRecord& record);

// The names that GET /example had at the last look. CheckFailed if there was no list.
std::set<std::string> record_names(const Placed& s);
// The name it had for this id; none if there was no such record.
std::optional<std::string> record_name(const Placed& s, int id);

// A watched file of the master's containers, as the last look saw it; nullopt if there was none. Error if it
// could not be looked at, CheckFailed if there was no such container.
std::optional<std::string> container_file(const Placed& s, const std::string& service,
                                          const std::string& path);
// The same as checks, with node, container and path in their words.
void check_file(const Placed& s, const std::string& service, const std::string& path,
                const std::string& content);
void check_no_file(const Placed& s, const std::string& service, const std::string& path);

}  // namespace labctl::scenarios
