#include "cli/test_output.hpp"

#include "base/error.hpp"
#include "runner/console.hpp"
#include "runner/github_output.hpp"
#include "runner/json_lines.hpp"
#include "runner/progress.hpp"
#include "runner/report_reader.hpp"
#include "runner/tap_output.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <random>

namespace labctl::cli {
namespace {

// The estimate is a help; a report that cannot be read is no reason to stop.
runner::ExpectedTimes times_of_last_run(const std::filesystem::path& report) {
  try {
    return runner::ExpectedTimes(runner::read_report(report));
  } catch (const Error&) {
    return {};
  }
}

bool is_pipe(std::FILE* file) {
  struct stat about {};
  return ::fstat(::fileno(file), &about) == 0 && S_ISFIFO(about.st_mode);
}

// What reads a pipe often writes to the same terminal (`| tee`, `| grep`), where a status would be in its
// way.
bool shows_progress(const Context& context) {
  return context.verbosity != Verbosity::quiet && ::isatty(STDERR_FILENO) == 1 &&
         context.colour_on(STDERR_FILENO) && !is_pipe(stdout);
}

std::string random_token() {
  std::random_device device;
  return fmt::format("labctl-{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
}

std::unique_ptr<runner::Printer> make_printer(TestFormat format, const Context& context,
                                              runner::Screen& screen) {
  switch (format) {
    case TestFormat::github:
      return std::make_unique<runner::GithubOutput>(screen, random_token());
    case TestFormat::tap:
      return std::make_unique<runner::TapOutput>(screen);
    case TestFormat::jsonl:
      return std::make_unique<runner::JsonLines>(screen);
    case TestFormat::plain:
      break;
  }
  const runner::ConsoleStyle style{context.colour_on(STDOUT_FILENO), context.verbosity == Verbosity::verbose};
  return std::make_unique<runner::Console>(screen, style);
}

}  // namespace

TestOutput::TestOutput(TestFormat format, const Context& context, const std::filesystem::path& report)
    : times_(times_of_last_run(report)),
      screen_(stdout, shows_progress(context) ? stderr : nullptr),
      printer_(make_printer(format, context, screen_)) {
  if (shows_progress(context)) progress_ = std::make_unique<runner::Progress>(*printer_, screen_, times_);
}

runner::Printer& TestOutput::printer() { return progress_ ? *progress_ : *printer_; }

TestFormat chosen_format(std::optional<TestFormat> format, bool json) {
  if (json && format && *format != TestFormat::jsonl)
    throw Error(Kind::usage, "--json is --format jsonl: it excludes another format");
  return json ? TestFormat::jsonl : format.value_or(TestFormat::plain);
}

}  // namespace labctl::cli
