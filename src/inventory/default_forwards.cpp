#include "inventory/default_forwards.hpp"

#include "base/paths.hpp"
#include "base/text.hpp"

namespace labctl::inventory {

std::vector<Forward> default_forwards(const Inventory& inventory) {
  const auto runtime = (runtime_dir() / inventory.name).string();
  std::vector<Forward> result{{"consul",
                               {},
                               parse_endpoint(default_consul_local),
                               parse_endpoint(default_consul_remote),
                               Forward::Kind::consul}};
  for (const auto& node : inventory.nodes) {
    result.front().via.push_back(node.name);
    const auto local =
        replace_all(replace_all(default_docker_local, "{node}", node.name), "{runtime}", runtime);
    result.push_back({"docker_" + node.name,
                      {node.name},
                      parse_endpoint(local),
                      parse_endpoint(default_docker_remote),
                      Forward::Kind::docker});
  }
  return result;
}

}  // namespace labctl::inventory
