#pragma once

#include "base/paths.hpp"
#include "inventory/salt.hpp"
#include "support.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace labctl::inventory {

using NodeSet = std::map<std::string, std::string>;  // name -> address

inline NodeSet nodes_of(const std::string& text, const SaltQuestion& question = {}) {
  NodeSet result;
  for (const auto& node : inventory_from_salt(parse_salt(text, question), {}).inventory.nodes)
    result[node.name] = node.address;
  return result;
}

// The output of Salt 3008 with four minions, core1 to core4 at 192.168.122.91 to .94. A file is named after
// its form and options. In salt/three, core3 was dead.
inline std::map<std::string, std::string> salt_outputs(const std::string& folder) {
  std::map<std::string, std::string> result;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(LABCTL_SALT_OUTPUTS) / folder))
    result[entry.path().stem().string()] = read_file(entry.path());
  return result;
}

// The error of reading `text`; the test fails if there is none.
inline Error salt_error(const std::string& text, const SaltQuestion& question = {}) {
  try {
    nodes_of(text, question);
  } catch (const Error& error) {
    return error;
  }
  BOOST_FAIL("read without an error: " + text);
  throw std::logic_error("not reached");
}

}  // namespace labctl::inventory
