#include "cli/run.hpp"

#include "base/current_error.hpp"
#include "base/interrupt.hpp"
#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/usage.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <map>
#include <system_error>

namespace labctl::cli {
namespace {

void add_global_options(CLI::App& app, Context& context) {
  app.set_version_flag("--version", "labctl " LABCTL_VERSION);
  app.add_option_function<std::string>(
         "--inventory", [&context](const std::string& file) { context.inventory_file = file; },
         "inventory file; else $LABCTL_INVENTORY, ./inventory.yaml, ~/.config/labctl/inventory.yaml, the lab "
         "that is up")
      ->type_name("FILE");
  app.add_flag("--json", context.json, "data as JSON");
  auto* verbose = app.add_flag_callback(
      "-v,--verbose", [&context] { context.verbosity = Verbosity::verbose; }, "say more on stderr");
  app.add_flag_callback(
         "-q,--quiet", [&context] { context.verbosity = Verbosity::quiet; }, "say only errors")
      ->excludes(verbose)
      ->option_text(" ");
  verbose->option_text(" ");
  app.add_option("--color", context.colour, "colour: auto, always or never")
      ->option_text("WHEN")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Colour>{
          {"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}}));
}

ExitCode parse_and_run(int argc, char** argv) {
  CLI::App app("Proves that a cluster of Docker nodes does what it promises.", "labctl");
  Context context;
  app.require_subcommand(1);
  app.fallthrough();  // inherited: global options may follow the command
  app.failure_message([](const CLI::App*, const CLI::Error&) { return std::string(); });
  add_global_options(app, context);
  add_commands(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    app.exit(help, std::cout, std::cerr);
    return ExitCode::ok;
  } catch (const CLI::ParseError& error) {
    throw usage_error(app, error);
  }
  log_to_stderr(context.verbosity);
  return context.action(context);
}

}  // namespace

ExitCode exit_code(Kind kind) {
  switch (kind) {
    case Kind::lab:
      return ExitCode::lab;
    case Kind::interrupted:
      return ExitCode::interrupted;
    default:
      return ExitCode::unable;
  }
}

int run(int argc, char** argv) {
  ExitCode code = ExitCode::unable;
  try {
    install_interrupt_handler();
    code = parse_and_run(argc, argv);
  } catch (const Error& error) {
    fmt::print(stderr, "labctl: {}\n", error.line());
    code = exit_code(error.kind());
  } catch (const std::system_error& error) {
    // fmt::print() failed: the disk is full, or the reader has closed the pipe (labctl ... | head). The
    // latter needs no message.
    if (error.code().value() != EPIPE) fmt::print(stderr, "labctl: {}\n", error.what());
  } catch (...) {
    fmt::print(stderr, "labctl: {}\n", current_error().line());
  }
  // A full disk or a closed pipe on stdout must not look like success.
  if (std::fflush(stdout) != 0 && code == ExitCode::ok) {
    if (errno != EPIPE) fmt::print(stderr, "labctl: cannot write to stdout: {}\n", std::strerror(errno));
    code = ExitCode::unable;
  }
  return static_cast<int>(code);
}

}  // namespace labctl::cli
