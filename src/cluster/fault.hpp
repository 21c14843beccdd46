#pragma once

#include "cluster/cluster.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <variant>

namespace labctl::cluster {

// Something that a test breaks on purpose, as plain data: another process must be able to undo it.

struct StoppedContainer {
  std::string node;
  std::string container;
  bool operator==(const StoppedContainer&) const = default;
};

// A setting in the system-wide git configuration of a node's Consul container, which has no such key
// otherwise.
struct GitSetting {
  std::string node;
  std::string key;
  std::string value;
  bool operator==(const GitSetting&) const = default;
};

// A file of a node's own file system under another name in its folder.
struct RenamedFile {
  std::string node;
  std::string folder;
  std::string name;
  std::string away;
  bool operator==(const RenamedFile&) const = default;
};

// A key in the KV store that is not there otherwise.
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

// These do it, and journal nothing: see Faults (cluster/faults.hpp), which scenarios use. undo() may be
// called at any time and as often as one likes: what was never broken, or is whole again, stays as it is.
void apply(Cluster& cluster, const Fault& fault);
void undo(Cluster& cluster, const Fault& fault);

}  // namespace labctl::cluster
