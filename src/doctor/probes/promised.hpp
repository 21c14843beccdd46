#pragma once

#include "base/deadline.hpp"
#include "inventory/inventory.hpp"

#include <string>
#include <utility>
#include <vector>

namespace labctl::doctor {

// What the records in Consul's KV promise of one node (contract 3).
struct Promised {
  std::vector<std::string> domains;  // of all apps
  // Of the apps whose master is the node:
  std::vector<std::string> keys;                             // of their sites in the Caddyfile
  std::vector<std::pair<std::string, std::string>> volumes;  // volume, app
};

// Promises nothing if Consul does not answer. Error{interrupted}.
Promised promised_of(const inventory::Inventory& inventory, const std::string& node, Deadline deadline);

}  // namespace labctl::doctor
