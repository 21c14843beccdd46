#pragma once

#include "base/deadline.hpp"
#include "docker/client.hpp"
#include "doctor/observations.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

struct RenderedFile {
  double age = 0;  // seconds since it was written
  std::string text;
};

// What a script in a node's Consul container tells of the node. It only reads.
struct NodeReport {
  std::vector<DiskSeen> disks;  // of "/" and of the deploy root
  std::optional<int> watches;   // of the Consul agent
  std::optional<RenderedFile> haproxy_cfg;
  std::map<std::string, RenderedFile> caddyfiles;  // in /caddy (contract 8.1), by name
};

// Error{unavailable} if the script cannot run there, Error{invalid} if it printed something else.
NodeReport report_of_node(docker::Client& docker, const std::string& container,
                          const std::string& deploy_root, Deadline deadline);

// Reads what the script printed. Error{invalid} if it is not that.
NodeReport read_node_report(std::string_view printed);

}  // namespace labctl::doctor
