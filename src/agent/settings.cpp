#include "agent/settings.hpp"

#include "base/error.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>

namespace labctl::agent {
namespace {

std::string variable(const char* name, std::string otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? std::string(value) : std::move(otherwise);
}

}  // namespace

Settings Settings::from_environment() {
  Settings settings;
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) throw system_error("cannot read the host name");
  settings.node = name.data();
  settings.driver = variable("BTRFSDRIVER", settings.driver);
  settings.deploy = variable("LABCTL_AGENT_DEPLOY", settings.deploy);
  settings.docker_socket = variable("LABCTL_AGENT_DOCKER_SOCKET", settings.docker_socket);
  settings.plugin_folder = variable("LABCTL_AGENT_PLUGIN_FOLDER", settings.plugin_folder);
  const std::string port = variable("LABCTL_AGENT_CONSUL_PORT", "8500");
  settings.consul.port = static_cast<std::uint16_t>(std::strtoul(port.c_str(), nullptr, 10));
  return settings;
}

}  // namespace labctl::agent
