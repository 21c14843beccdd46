#pragma once

#include "cluster/cluster.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <variant>

namespace labctl::cluster {

// A fault that a test injects, as plain data: another process must be able to undo it.

struct StoppedContainer {
  std::string node;
  std::string container;
  bool operator==(const StoppedContainer&) const = default;
};

// A setting in the system-wide git configuration of a node's Consul container; normally the key is not set.
struct GitSetting {
  std::string node;
  std::string key;
  std::string value;
  bool operator==(const GitSetting&) const = default;
};

// A file of a node's file system, renamed within its folder.
struct RenamedFile {
  std::string node;
  std::string folder;
  std::string name;
  std::string away;
  bool operator==(const RenamedFile&) const = default;
};

// A key in the KV store; normally it does not exist.
struct WrittenKey {
  std::string key;
  std::string value;
  bool operator==(const WrittenKey&) const = default;
};

using Fault = std::variant<StoppedContainer, GitSetting, RenamedFile, WrittenKey>;

std::string what(const Fault& fault);   // "container cluster_caddy_1 is stopped"
std::string where(const Fault& fault);  // its node, or "Consul"

nlohmann::ordered_json to_json(const Fault& fault);
// Error{invalid} with `where`.
Fault parse_fault(const nlohmann::json& json, const std::string& where);

// Apply or undo the fault without the journal; scenarios use Faults (cluster/faults.hpp) instead. undo() is
// idempotent and may be called at any time, even if the fault was never applied.
void apply(Cluster& cluster, const Fault& fault);
void undo(Cluster& cluster, const Fault& fault);

}  // namespace labctl::cluster
