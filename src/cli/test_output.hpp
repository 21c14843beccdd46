#pragma once

#include "cli/command.hpp"
#include "runner/expected_times.hpp"
#include "runner/printer.hpp"
#include "runner/screen.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace labctl::cli {

enum class TestFormat { plain, github, tap, jsonl };

// The output of `labctl test`: the run on stdout in one format; on a terminal, what runs now and the
// estimated time left on stderr.
class TestOutput {
public:
  // `report`: the report folder. The last run's times in it, if there are any, give the estimate, so this
  // must exist before the run writes its own report.
  TestOutput(TestFormat format, const Context& context, const std::filesystem::path& report);

  runner::Printer& printer();
  void compare_with(const runner::Baseline& baseline) { printer_->compare_with(baseline); }

private:
  runner::ExpectedTimes times_;
  runner::Screen screen_;
  std::unique_ptr<runner::Printer> printer_;
  std::unique_ptr<runner::Printer> progress_;  // last: it uses all of the above
};

// --format and --json as one choice; Error{usage} if they contradict each other.
TestFormat chosen_format(std::optional<TestFormat> format, bool json);

}  // namespace labctl::cli
