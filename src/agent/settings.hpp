#pragma once

#include "base/endpoint.hpp"

#include <filesystem>
#include <string>

namespace labctl::agent {

// Names and paths that the handler uses. The defaults are the contract's (2.1, 8.1).
struct Settings {
  std::string node;                          // host name: also the Consul node name
  std::filesystem::path deploy = "/deploy";  // same path inside and outside of the container
  std::string driver = "anybox/buttervolume:latest";
  Endpoint consul{"localhost", 8500, {}};
  std::string docker_socket = "/run/docker.sock";
  std::string plugin_folder = "/run/docker/plugins";

  // Host name, BTRFSDRIVER; and for tests LABCTL_AGENT_DEPLOY (folder), LABCTL_AGENT_CONSUL_PORT,
  // LABCTL_AGENT_DOCKER_SOCKET, LABCTL_AGENT_PLUGIN_FOLDER.
  static Settings from_environment();
};

}  // namespace labctl::agent
