#include "ssh/target.hpp"

namespace labctl::ssh {

std::string to_string(const Remote& remote) {
  if (!remote.path.empty()) return remote.path;
  const bool v6 = remote.host.find(':') != std::string::npos;
  return (v6 ? "[" + remote.host + "]" : remote.host) + ":" + std::to_string(remote.port);
}

}  // namespace labctl::ssh
