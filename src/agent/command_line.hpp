#pragma once

#include "agent/log_setup.hpp"

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace labctl::agent {

// The options of `labctl-agent`, with their defaults.
struct CommandLine {
  LogOptions log{.file = "/deploy/handler.log"};
  std::string log_config;
  std::string source = "/caddy/Caddyfile";
  std::string target = "/caddy/Caddyfile.v2";
  std::string seen_by_caddy = "/etc/caddy/Caddyfile.v2";
  std::string caddyfile = "-";
  bool local_certs = false;
};

// All of `labctl-agent`. Parsing fills `into`, which must outlive it.
std::unique_ptr<CLI::App> command_line(CommandLine& into);

}  // namespace labctl::agent
