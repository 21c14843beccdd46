#pragma once

#include "runner/baseline.hpp"
#include "runner/observer.hpp"
#include "runner/selection.hpp"

#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace labctl::runner {

struct ConsoleStyle {
  bool colour = false;
  bool live = false;  // a terminal: shows what is running before its verdict
};

// Prints a run for the user. One job: given, because, every should when it is decided, cleanup, with times.
// Several jobs: each scenario as one block when it has ended; on a terminal, a status line shows what is
// running.
class Console : public Observer {
public:
  Console(std::FILE* out, ConsoleStyle style) : out_(out), style_(style) {}

  // Before the run: prints the number of scenarios, the number of jobs and why, the skipped scenarios, and
  // for several jobs the start order. Without this call: one job.
  void plan(const std::vector<Planned>& plan, int jobs, const std::string& why,
            const std::vector<LeftOut>& left_out, unsigned seed);

  // From now on, prints the change of each step against the baseline: of this attempt, when it ends; the
  // summary counts all attempts. The baseline must outlive the console.
  void compare_with(const Baseline& baseline) { baseline_ = &baseline; }

  void scenario_begins(const Running& run) override;
  void step_begins(const Running& run, Phase phase, const Step& step) override;
  void step_ends(const Running& run, const StepResult& result) override;
  void scenario_ends(const Running& run, const ScenarioResult& result) override;

  // The last lines: counts, the slowest, leaks, the comparison with a baseline (RunResult::comparison), and
  // the path of the report. `report` may be empty.
  void summary(const RunResult& run, const std::string& report);

private:
  // The state of a running scenario.
  struct Block {
    std::string name;
    std::string text;  // not yet printed
    Phase phase = Phase::given;
    int shoulds = 0;  // decided
    int of_shoulds = 0;
  };

  bool side_by_side() const { return jobs_ > 1; }
  std::string head(Phase phase, const std::string& text, const std::string& mark, bool first_should) const;
  std::string paint(const char* code, const std::string& text) const;
  std::string not_run(const ScenarioResult& result) const;
  void comparison(const RunResult& run);
  std::string status() const;
  void tell(const Running& run, const std::string& text);
  void print(const std::string& text);
  void show_status();

  std::FILE* out_;
  ConsoleStyle style_;
  const Baseline* baseline_ = nullptr;
  int jobs_ = 1;
  std::size_t planned_ = 0;
  std::size_t ended_ = 0;
  std::map<int, Block> under_way_;  // by number
};

// "4.2 s".
std::string in_seconds(std::chrono::milliseconds took);
// "1 should", "2 shoulds".
std::string plural(int count, const char* word);
// What a failed or errored step expected and saw, and the remark of a comparison: indented lines; "" if there
// are none.
std::string evidence_lines(const StepResult& step);
// " 0.4 s", right-aligned to the last column; a line that is too long gets two blanks and no alignment.
std::string with_time(const std::string& line, std::chrono::milliseconds took);
// The width of a UTF-8 text in columns; every character counts as one.
std::size_t columns(std::string_view text);

}  // namespace labctl::runner
