#include "agent/program.hpp"

#include "agent/caddy/translation.hpp"
#include "agent/handler.hpp"
#include "agent/log_setup.hpp"
#include "agent/proxies.hpp"
#include "agent/settings.hpp"
#include "base/current_error.hpp"
#include "base/log.hpp"
#include "base/paths.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace labctl::agent {
namespace {

std::string all_of(std::istream& stream) { return {std::istreambuf_iterator<char>(stream), {}}; }

int handle(const LogOptions& log, const std::string& config_file, const TablesFor& tables_for) {
  // Workers inherit open descriptors. They must not hold descriptors that Consul left open in this process.
  ::close_range(3, ~0U, 0);
  set_up_logging(log);
  if (!config_file.empty()) {
    spdlog::debug("the logging configuration {} is ignored: it is a Python logging configuration",
                  config_file);
  }
  const Settings settings = Settings::from_environment();
  return take_batch(
             settings, all_of(std::cin),
             [&](const QueuedEvent& task) { handle_event(settings, task, tables_for(settings, task)); },
             [&](const QueuedEvent& task) { undo_event(settings, task); }) == 0
             ? 0
             : 1;
}

int translate(const std::string& file, bool local_certs) {
  const auto translation =
      translate_caddyfile(file == "-" ? all_of(std::cin) : read_file(file), {.local_certs = local_certs});
  for (const auto& warning : translation.warnings) std::cerr << warning << '\n';
  std::cout << translation.text;
  return 0;
}

int run_program(int argc, char** argv, const TablesFor& tables_for) {
  CLI::App app("The deploy handler of a cluster node, and what reloads its proxies.", "labctl-agent");
  app.require_subcommand(1);

  LogOptions log;
  log.file = "/deploy/handler.log";
  std::string config_file;
  auto* handler = app.add_subcommand("handler", "Handle the Consul events given on stdin");
  handler->add_option("-l,--logging-level", log.level, "DEBUG, INFO, WARNING, ERROR or CRITICAL")
      ->capture_default_str();
  handler->add_option("--logging-format", log.format, "Python logging format");
  handler->add_option("--logging-file", log.file, "Log file")->capture_default_str();
  handler->add_option("-f,--logging-config-file", config_file, "Accepted for compatibility");

  app.add_subcommand("reload-haproxy", "Have cluster_haproxy_1 read its configuration");

  std::string source = "/caddy/Caddyfile", target = "/caddy/Caddyfile.v2", seen = "/etc/caddy/Caddyfile.v2";
  auto* caddy =
      app.add_subcommand("reload-caddy", "Translate the Caddyfile and have cluster_caddy_1 read it");
  caddy->add_option("--source", source, "Caddy 1 text")->capture_default_str();
  caddy->add_option("--target", target, "Caddy 2 text to write")->capture_default_str();
  caddy->add_option("--seen-by-caddy", seen, "The target as Caddy sees it")->capture_default_str();

  std::string file = "-";
  bool local_certs = false;
  auto* translation = app.add_subcommand("translate-caddyfile", "Print a Caddy 1 text for Caddy 2");
  translation->add_option("file", file, "Caddyfile, - for stdin")->capture_default_str();
  translation->add_flag("--local-certs", local_certs, "Certificates of Caddy's own authority");

  // The Consul watch calls the program by the name `handler`, without a subcommand.
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (std::filesystem::path(argv[0]).filename() == "handler") arguments.insert(arguments.begin(), "handler");
  std::reverse(arguments.begin(), arguments.end());  // CLI11 expects the reverse order
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  if (handler->parsed()) return handle(log, config_file, tables_for);
  if (translation->parsed()) return translate(file, local_certs);
  set_up_logging({});
  if (caddy->parsed()) {
    reload_caddy(Settings::from_environment(), source, target, seen);
  } else {
    reload_haproxy(Settings::from_environment());
  }
  return 0;
}

}  // namespace

int run(int argc, char** argv, const TablesFor& tables_for) {
  try {
    log_to_stderr(Verbosity::normal);  // until the handler's own log is set up
    return run_program(argc, argv, tables_for);
  } catch (...) {
    spdlog::error("{}", current_error().line());
  }
  return 1;
}

}  // namespace labctl::agent
