#include "cli/docker_contexts.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace labctl::cli {
namespace {

std::string name_for(const std::string& inventory, const std::string& node) { return inventory + "-" + node; }

// The description is the only field for it that the docker program can write and show.
std::string description_of(const std::string& inventory, const std::string& node) {
  return "labctl: " + node + " of " + inventory;
}

bool is_ours(const DockerContext& context, const std::string& inventory) {
  const auto begin = name_for(inventory, "");
  return context.name.starts_with(begin) &&
         context.description == description_of(inventory, context.name.substr(begin.size()));
}

const DockerContext* find_context(const std::vector<DockerContext>& contexts, const std::string& name) {
  const auto found =
      std::find_if(contexts.begin(), contexts.end(), [&](const auto& one) { return one.name == name; });
  return found == contexts.end() ? nullptr : &*found;
}

}  // namespace

std::vector<DockerContext> contexts_of(const inventory::Inventory& inventory) {
  std::vector<DockerContext> contexts;
  for (const auto& node : inventory.nodes) {
    contexts.push_back({name_for(inventory.name, node.name), description_of(inventory.name, node.name),
                        url(inventory.docker(node.name).local, "tcp")});
  }
  return contexts;
}

std::vector<DockerContext> parse_contexts(std::string_view lines) {
  std::vector<DockerContext> contexts;
  for (const auto& line : split(lines, '\n')) {
    if (trim(line).empty()) continue;
    try {
      const auto context = nlohmann::json::parse(line);
      contexts.push_back({context.at("Name"), context.at("Description"), context.at("DockerEndpoint"),
                          context.at("Current")});
    } catch (const nlohmann::json::exception&) {
      throw Error(Kind::invalid, "docker context ls has another form than expected: " + line, "docker");
    }
  }
  return contexts;
}

ContextChanges changes_to(const std::vector<DockerContext>& wanted,
                          const std::vector<DockerContext>& existing, const std::string& inventory) {
  ContextChanges changes;
  for (const auto& context : wanted) {
    const auto* found = find_context(existing, context.name);
    if (found == nullptr) {
      changes.create.push_back(context);
    } else if (!is_ours(*found, inventory)) {
      changes.foreign.push_back(context.name);
    } else if (found->endpoint != context.endpoint) {
      changes.update.push_back(context);
    }
  }
  for (const auto& context : existing) {
    if (is_ours(context, inventory) && find_context(wanted, context.name) == nullptr)
      changes.remove.push_back(context);
  }
  return changes;
}

}  // namespace labctl::cli
