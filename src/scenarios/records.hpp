#pragma once

#include "cluster/cluster.hpp"

#include <optional>
#include <string>
#include <vector>

// The test service's data as its users see it (contract 8.2).
namespace labctl::scenarios {

struct Placed;

struct SeededRecord {
  int id = 0;
  std::string name;     // fresh for every record, so that nobody else's can stand in for it
  std::string content;  // what the file of that name holds
};

// Posts a record with a name and content of its own through a node's proxy. CheckFailed if the reply is no 201 with the
// record in it.
SeededRecord create_record(cluster::Cluster& c, const Placed& s, const std::string& through);

// The names in GET /example. CheckFailed if the reply is no 200 with a list of records.
std::vector<std::string> record_names(cluster::Cluster& c, const Placed& s, const std::string& through);

// The body of GET /example/<id>. CheckFailed if the reply is no 200.
std::string record_name(cluster::Cluster& c, const Placed& s, int id, const std::string& through);

// A file in one of the app's containers; nullopt if there is none. Error if it cannot be looked at.
std::optional<std::string> container_file(cluster::Cluster& c, const Placed& s, const std::string& node,
                                          const std::string& service, const std::string& path);
// The same as checks, with node, container and path in their words.
void check_file(cluster::Cluster& c, const Placed& s, const std::string& node, const std::string& service,
                const std::string& path, const std::string& content);
void check_no_file(cluster::Cluster& c, const Placed& s, const std::string& node, const std::string& service,
                   const std::string& path);

}  // namespace labctl::scenarios
