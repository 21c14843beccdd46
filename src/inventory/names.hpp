#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace labctl::inventory {

inline constexpr std::size_t longest_name = 63;

// Names become parts of file names and of forward names: letters, digits, '-', '_' and '.', at most
// `longest`.
bool valid_name(const std::string& name, std::size_t longest = longest_name);
// The rule for a valid name, for messages.
std::string name_rule(std::size_t longest = longest_name);

// The name of an inventory that sets none: of its file, and a digest of the file's path, so that two files
// have two names: "staging-3f9a1c" for staging.yaml; "shop-04be77" for shop/inventory.yaml.
std::string name_of_file(const std::filesystem::path& file);
inline constexpr std::size_t longest_name_of_file = 31;

// A node's name as part of an environment variable's name: "core-1.lab" becomes "CORE_1_LAB". Unique within
// an inventory.
std::string variable_part(std::string name);

}  // namespace labctl::inventory
