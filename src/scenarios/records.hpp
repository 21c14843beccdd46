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
  std::string name;     // new for every record, so that no other record can be mistaken for it
  std::string content;  // content of the file with that name
};

// Posts a record with a unique name and content through a node's proxy. CheckFailed unless the reply is 201
// and contains the record.
SeededRecord create_record(cluster::Cluster& c, const Placed& s, const std::string& through);

// Where the service keeps the content of a record, in the container anyblok.
std::string data_path(const SeededRecord& record);
std::string cache_path(const SeededRecord& record);

// The names in GET /example at the last look. CheckFailed if there was no list.
std::set<std::string> record_names(const Placed& s);
// The name for this id; nullopt if there was no such record.
std::optional<std::string> record_name(const Placed& s, int id);

// A watched file of the master's containers at the last look; nullopt if it did not exist. Error if the look
// failed, CheckFailed if there was no such container.
std::optional<std::string> container_file(const Placed& s, const std::string& service,
                                          const std::string& path);
// The same as checks, with node, container and path in their messages.
void check_file(const Placed& s, const std::string& service, const std::string& path,
                const std::string& content);
void check_no_file(const Placed& s, const std::string& service, const std::string& path);

}  // namespace labctl::scenarios
