#include "ssh/target.hpp"

#include "base/address.hpp"

namespace labctl::ssh {

std::string to_string(const Remote& remote) {
  if (!remote.path.empty()) return remote.path;
  return host_port(remote.host, remote.port);
}

}  // namespace labctl::ssh
