#pragma once

#include "inventory/inventory.hpp"
#include "inventory/yaml_reader.hpp"

#include <sys/un.h>

#include <cstddef>
#include <map>
#include <string>

namespace labctl::inventory {

// `text` with {runtime} and {node} replaced and `~` expanded. {runtime} is runtime_dir()/NAME. A forward that
// does not belong to one node (`node` empty) has no {node}. Errors refer to `at`.
std::string local_path(const YamlReader& at, const std::string& text, const std::string& inventory_name,
                       const std::string& node);

// Longest path of a unix socket in bytes: the kernel's limit without the final 0.
inline constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;

// The local ends of an inventory. TCP ends must be on loopback, socket paths must fit into the kernel's 107
// bytes, and each end must be unique.
class LocalEnds {
public:
  void claim(const YamlReader& at, const Forward& forward);

private:
  std::map<std::string, std::string> owner_;  // end -> name of its forward
};

}  // namespace labctl::inventory
