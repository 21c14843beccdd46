#pragma once

#include "inventory/inventory.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace labctl::cli {

// A context of the docker program, as far as labctl makes and reads it.
struct DockerContext {
  std::string name;
  std::string description;
  std::string endpoint;  // "unix:///run/labctl/check/docker_core1.sock"
  bool current = false;  // chosen with `docker context use`

  bool operator==(const DockerContext&) const = default;
};

// One context for each node of the inventory: check-core1 with the description "labctl: core1 of check". The
// name is valid for docker, because names of inventories and nodes are.
std::vector<DockerContext> contexts_of(const inventory::Inventory& inventory);

// What `docker context ls --format '{{json .}}'` prints, a line for each context. Error{invalid} if it has
// another form.
std::vector<DockerContext> parse_contexts(std::string_view lines);

// What makes the existing contexts the wanted ones. A context is ours only if both its name and its
// description are: docker copies the description to what a person makes from it (--from), but not the name.
struct ContextChanges {
  std::vector<DockerContext> create;
  std::vector<DockerContext> update;
  std::vector<DockerContext> remove;  // ours, and none that is wanted
  std::vector<std::string> foreign;   // names that are wanted, and a person's context has them
};
ContextChanges changes_to(const std::vector<DockerContext>& wanted,
                          const std::vector<DockerContext>& existing, const std::string& inventory);

}  // namespace labctl::cli
