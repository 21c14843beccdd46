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
  bool live = false;  // a terminal: what is under way is shown before its verdict
};

// Writes a run for a person. One scenario at a time: given, because, every should as it is decided, cleanup,
// with times. Several at a time: each whole when it has ended, in one piece; a terminal has a line below of
// what is under way.
class Console : public Observer {
public:
  Console(std::FILE* out, ConsoleStyle style) : out_(out), style_(style) {}

  // Before the run: how many scenarios there are, and how many run at the same time, and why. Tells what was
  // left out, and for several at a time the order in which they are started. Without this call: one at a
  // time.
  void plan(const std::vector<Planned>& plan, int jobs, const std::string& why,
            const std::vector<LeftOut>& left_out, unsigned seed);

  // From now on says beside each step what became of it since then: of this attempt, as it ends; the summary
  // counts all attempts. The baseline must outlive the console.
  void compare_with(const Baseline& baseline) { baseline_ = &baseline; }

  void scenario_begins(const Running& run) override;
  void step_begins(const Running& run, Phase phase, const Step& step) override;
  void step_ends(const Running& run, const StepResult& result) override;
  void scenario_ends(const Running& run, const ScenarioResult& result) override;

  // The last lines: counts, the slowest, what leaked, what a baseline says (RunResult::comparison), and where
  // the report is. `report` may be empty.
  void summary(const RunResult& run, const std::string& report);

private:
  // What is known of a scenario under way.
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
// What a failed or errored step expected and saw, and what a comparison remarks: indented lines; "" if there
// is nothing.
std::string evidence_lines(const StepResult& step);
// "   0.4 s", right-aligned to end in the last column; what is too long gets two blanks and no alignment.
std::string with_time(const std::string& line, std::chrono::milliseconds took);
// The number of columns a UTF-8 text takes; every character counts as one.
std::size_t columns(std::string_view text);

}  // namespace labctl::runner
