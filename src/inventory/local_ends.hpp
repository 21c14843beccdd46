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

// Whether only its own machine can reach this TCP host: 127.0.0.0/8, ::1 or localhost.
bool is_loopback(const std::string& host);

// An end on this machine: loopback TCP, or a socket path that fits into the kernel's 107 bytes.
void require_local(const YamlReader& at, const Endpoint& end);

// Longest path of a unix socket in bytes: the kernel's limit without the final 0.
inline constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;

// The ends at which the forwards of an inventory listen: each must be unique on its machine, and those on
// this machine must pass require_local().
class ListeningEnds {
public:
  void claim(const YamlReader& at, const Forward& forward);

private:
  std::map<std::string, std::string> owner_;  // machine and end -> name of its forward
};

}  // namespace labctl::inventory
