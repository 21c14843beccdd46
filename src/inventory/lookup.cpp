#include "base/error.hpp"
#include "base/text.hpp"
#include "inventory/inventory.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace labctl::inventory {
namespace {

template <typename Things>
const auto& named(const Things& things, const std::string& name, const std::string& what,
                  const std::string& where) {
  const auto found =
      std::find_if(things.begin(), things.end(), [&](const auto& thing) { return thing.name == name; });
  if (found != things.end()) return *found;
  std::vector<std::string> names;
  for (const auto& thing : things) names.push_back(thing.name);
  const auto near = nearest(name, names);
  throw Error(Kind::not_found, "there is no " + what + " \"" + name + "\"", where,
              near.empty() ? "it has " + join(names, ", ") : "did you mean \"" + near + "\"?");
}

}  // namespace

const Node& Inventory::node(const std::string& node_name) const {
  return named(nodes, node_name, "node", source.string());
}

const Forward& Inventory::consul() const {
  for (const auto& forward : forwards) {
    if (forward.kind == Forward::Kind::consul) return forward;
  }
  throw Error(Kind::not_found, "there is no forward to Consul", source.string());
}

const Forward& Inventory::docker(const std::string& node_name) const {
  node(node_name);  // throws if the node is unknown
  for (const auto& forward : forwards) {
    if (forward.is_docker_of(node_name)) return forward;
  }
  throw Error(Kind::not_found, "there is no forward to the Docker engine of " + node_name, source.string());
}

std::string with_file(const Inventory& inventory) {
  if (inventory.source.empty()) return inventory.name;
  std::error_code code;
  return fmt::format("{} ({})", inventory.name, std::filesystem::absolute(inventory.source, code).string());
}

}  // namespace labctl::inventory
