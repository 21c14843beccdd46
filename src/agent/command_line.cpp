#include "agent/command_line.hpp"

#include <CLI/CLI.hpp>

namespace labctl::agent {

std::unique_ptr<CLI::App> command_line(CommandLine& into) {
  auto app = std::make_unique<CLI::App>("The deploy handler of a cluster node, and what reloads its proxies.",
                                        "labctl-agent");
  app->require_subcommand(1);

  auto* handler = app->add_subcommand("handler", "Handle the Consul events given on stdin");
  handler->add_option("-l,--logging-level", into.log.level, "DEBUG, INFO, WARNING, ERROR or CRITICAL")
      ->capture_default_str();
  handler->add_option("--logging-format", into.log.format, "Python logging format");
  handler->add_option("--logging-file", into.log.file, "Log file")->capture_default_str();
  handler->add_option("-f,--logging-config-file", into.log_config, "Accepted for compatibility");

  app->add_subcommand("reload-haproxy", "Have cluster_haproxy_1 read its configuration");

  auto* caddy =
      app->add_subcommand("reload-caddy", "Translate the Caddyfile and have cluster_caddy_1 read it");
  caddy->add_option("--source", into.source, "Caddy 1 text")->capture_default_str();
  caddy->add_option("--target", into.target, "Caddy 2 text to write")->capture_default_str();
  caddy->add_option("--seen-by-caddy", into.seen_by_caddy, "The target as Caddy sees it")
      ->capture_default_str();

  auto* translation = app->add_subcommand("translate-caddyfile", "Print a Caddy 1 text for Caddy 2");
  translation->add_option("file", into.caddyfile, "Caddyfile, - for stdin")->capture_default_str();
  translation->add_flag("--local-certs", into.local_certs, "Certificates of Caddy's own authority");
  return app;
}

}  // namespace labctl::agent
