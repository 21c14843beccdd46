#pragma once

#include "runner/printer.hpp"
#include "runner/screen.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labctl::runner {

// Prints a run as workflow commands of GitHub Actions (--format github; the commands are documented under
// "Workflow commands for GitHub Actions"): a folded group for each scenario, with all its steps, and after it
// an `::error::` for each red step, `::warning::` for a known red. Between the commands of a group, text
// could be read as a command: it comes from nodes. So `::stop-commands::` stands before it, with `token`,
// which no node can know.
class GithubOutput : public Printer {
public:
  GithubOutput(Screen& screen, std::string token) : screen_(screen), token_(std::move(token)) {}

  void plan(const RunPlan& plan) override;
  void scenario_begins(const Running&) override {}
  void step_begins(const Running&, Phase, const Step&) override {}
  void step_ends(const Running&, const StepResult&) override {}
  void scenario_ends(const Running& run, const ScenarioResult& result) override;
  void summary(const RunResult& run, const std::string& report) override;

private:
  std::string not_commands(const std::string& text) const;

  Screen& screen_;
  std::string token_;
};

// A workflow command, as one line: `::error title=a%3Ab::first%0Asecond`. Escapes as @actions/core does: % CR
// LF, and in properties also : and ,
std::string workflow_command(std::string_view command,
                             const std::vector<std::pair<std::string, std::string>>& properties,
                             std::string_view message);

}  // namespace labctl::runner
