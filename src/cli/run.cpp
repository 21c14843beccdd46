#include "cli/run.hpp"

#include "base/current_error.hpp"
#include "base/interrupt.hpp"
#include "base/log.hpp"
#include "cli/command_line.hpp"
#include "cli/usage.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <system_error>

namespace labctl::cli {
namespace {

ExitCode parse_and_run(int argc, char** argv) {
  Context context;
  const auto command = command_line(context);
  CLI::App& app = *command;
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
