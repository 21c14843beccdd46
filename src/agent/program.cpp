#include "agent/program.hpp"

#include "agent/caddy/translation.hpp"
#include "agent/command_line.hpp"
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
  CommandLine line;
  const auto app = command_line(line);

  // The Consul watch calls the program by the name `handler`, without a subcommand.
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (std::filesystem::path(argv[0]).filename() == "handler") arguments.insert(arguments.begin(), "handler");
  std::reverse(arguments.begin(), arguments.end());  // CLI11 expects the reverse order
  try {
    app->parse(arguments);
  } catch (const CLI::ParseError& error) {
    return app->exit(error);
  }
  if (app->got_subcommand("handler")) return handle(line.log, line.log_config, tables_for);
  if (app->got_subcommand("translate-caddyfile")) return translate(line.caddyfile, line.local_certs);
  set_up_logging({});
  if (app->got_subcommand("reload-caddy")) {
    reload_caddy(Settings::from_environment(), line.source, line.target, line.seen_by_caddy);
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
