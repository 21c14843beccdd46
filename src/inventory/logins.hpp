#pragma once

#include "inventory/inventory.hpp"
#include "inventory/yaml_reader.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace labctl::inventory {

// A file named in the inventory: `~` expanded, relative to the folder of the inventory.
std::filesystem::path file_path(const YamlReader& at, const std::filesystem::path& source);

// Merges the inventory's login values: the node's values override the defaults.
class Logins {
public:
  explicit Logins(std::filesystem::path source) : source_(std::move(source)) {}

  void set_defaults(const YamlReader& at);
  Node node(const std::string& name, const YamlReader& at) const;

private:
  struct Values {
    std::optional<std::string> user;
    std::optional<std::uint16_t> port;
    std::optional<std::filesystem::path> identity;
    std::optional<std::filesystem::path> known_hosts;
    std::optional<bool> agent;
  };
  Values values(const std::map<std::string, YamlReader>& fields) const;

  std::filesystem::path source_;
  Values defaults_;
};

}  // namespace labctl::inventory
