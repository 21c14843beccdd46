#pragma once

#include "runner/run.hpp"

#include <cstdio>
#include <string>

namespace labctl::runner {

struct ConsoleStyle {
  bool colour = false;
  bool live = false;  // a terminal: the step under way is shown before its verdict
};

// Writes a run for a person: given, because, every should as it is decided, cleanup, with times.
class Console : public Observer {
public:
  Console(std::FILE* out, ConsoleStyle style) : out_(out), style_(style) {}

  void scenario_begins(const Scenario& scenario, int attempt) override;
  void step_begins(Phase phase, const Step& step) override;
  void step_ends(const StepResult& result) override;
  void scenario_ends(const ScenarioResult& result) override;

  // The last lines: counts, and where the report is. `report` may be empty.
  void summary(const RunResult& run, const std::string& report);

private:
  std::string head(Phase phase, const std::string& text, const std::string& mark) const;
  std::string paint(const char* code, const std::string& text) const;
  void print(const std::string& text);
  void details(const StepResult& result);

  std::FILE* out_;
  ConsoleStyle style_;
  bool first_should_ = true;
};

// "   0.4 s", right-aligned to end in the last column; what is too long gets two blanks and no alignment.
std::string with_time(const std::string& line, std::chrono::milliseconds took);
// The number of columns a UTF-8 text takes; every character counts as one.
std::size_t columns(std::string_view text);

}  // namespace labctl::runner
