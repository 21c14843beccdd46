// Writes the report of a red run into a folder, with the writers of `labctl test`. The run is synthetic:
// every scenario of the table with the texts of its shoulds, in two jobs; some scenarios are red, of which
// some were red in a baseline, some are errored, one is unable.
//
//   report_write FOLDER [MOST]      at most so many scenarios; prints the numbers that the browser test expects,
//                                   as JSON
#include "base/error.hpp"
#include "runner/baseline.hpp"
#include "runner/reports.hpp"
#include "scenarios/table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

using namespace labctl;
using namespace labctl::runner;
using std::chrono::milliseconds;

namespace {

constexpr int jobs = 2;

// Text of a node: longer than a line, with characters that are markup in HTML.
const std::string seen =
    "on core1 and core3 <script>alert(\"&\")</script>\n" + std::string(300, 'x') + "\n\x01 end";

StepResult step(Phase phase, const std::string& text, milliseconds& now, milliseconds took) {
  StepResult result{phase, text, Verdict::passed, {}, {}, took, {}};
  result.began = now;
  now += took;
  return result;
}

void fail(StepResult& step) {
  step.verdict = Verdict::failed;
  step.mismatch = Mismatch{"its volume on core1 only", seen, "core3"};
}

void break_down(StepResult& step) {
  step.verdict = Verdict::errored;
  step.error = "core2: no answer within 10 s (labctl doctor says more)";
}

// What a deployment looks like: the event, the work of the handlers of two nodes, the maintenance window.
std::vector<Activity> deployment(const std::string& id, milliseconds begin, milliseconds took) {
  using Kind = Activity::Kind;
  return {{Kind::event, "", id, begin, {}, true},
          {Kind::handler, "core1", id, begin + took / 20, took * 8 / 10, true},
          {Kind::handler, "core2", id, begin + took / 15, took * 9 / 10, true},
          {Kind::maintenance, "", "", begin + took / 4, took / 2, true}};
}

ScenarioResult scenario_result(const Scenario& scenario, int number, milliseconds& now) {
  ScenarioResult result;
  result.name = scenario.name;
  result.summary = scenario.summary;
  result.tags = scenario.tags;
  result.number = number;
  result.mark = fmt::format("k3x{:02}", number);
  result.began = now;
  const auto because_takes = milliseconds(3000 + number * 211 % 9000);
  result.steps.push_back(
      step(Phase::given, scenario.given.text, now, milliseconds(800 + number * 97 % 4000)));
  result.activities = deployment(fmt::format("event-{}", number), now, because_takes);
  result.steps.push_back(step(Phase::because, scenario.because.text, now, because_takes));
  result.steps.back().notes = {
      fmt::format("handlers {:.1f} s", static_cast<double>(because_takes.count()) / 1000)};
  for (const auto& should : scenario.shoulds)
    result.steps.push_back(step(Phase::should, should.text, now, milliseconds(7)));
  result.steps.push_back(step(Phase::cleanup, scenario.cleanup.text, now, milliseconds(2100)));
  result.took = now - *result.began;
  return result;
}

// As after a given or because that is errored.
void run_no_should(ScenarioResult& scenario) {
  scenario.activities.clear();
  if (scenario.steps.at(0).red())
    std::erase_if(scenario.steps, [](const StepResult& one) { return one.phase == Phase::because; });
  for (auto& one : scenario.steps) {
    if (one.phase == Phase::should) one = {Phase::should, one.text, Verdict::not_run, {}, {}, {}, {}};
  }
}

StepResult& first_should(ScenarioResult& scenario) { return scenario.steps.at(2); }

void attach(ScenarioResult& scenario) {
  scenario.attachments = {{"state of cluster_lab_test_service_master.89b06",
                           "master       core1\nslave        core2\ncore1\n  volume  a"},
                          {"handler's log on core1",
                           "2026-11-24 10:11:12 INFO deploy\n2026-11-24 10:11:13 ERROR no such volume"}};
}

RunResult green_run(const std::vector<Scenario>& table) {
  RunResult run;
  run.labctl = "0.1.0";
  run.started = "2026-11-24T10:11:12Z";
  run.jobs = jobs;
  run.seed = 41;
  run.environment = {"lab      core1 core2 core3 core4 up   Debian 12", "tunnels  already up: 5 forwards ok"};
  run.again = "labctl test --all --baseline build/old --seed 41";
  std::vector<milliseconds> now(jobs);
  int number = 0;
  for (const auto& scenario : table) {
    auto& job = *std::min_element(now.begin(), now.end());
    run.scenarios.push_back(scenario_result(scenario, ++number, job));
  }
  run.took = *std::max_element(now.begin(), now.end());
  return run;
}

RunResult red_run(const std::vector<Scenario>& table) {
  auto run = green_run(table);
  auto& all = run.scenarios;
  fail(first_should(all.at(0)));
  break_down(all.at(0).steps.at(3));
  attach(all.at(0));
  fail(first_should(all.at(1)));
  attach(all.at(1));
  break_down(all.at(2).steps.at(0));
  break_down(all.at(3).steps.at(1));
  for (const int place : {2, 3}) run_no_should(all.at(static_cast<std::size_t>(place)));
  for (auto& one : all) one.outcome = outcome_of(one.steps);
  all.at(3).outcome = Outcome::unable;
  run.left_out = {{"bypass-caddy", "it needs cluster: {disposable: true}"}};
  run.leaked = {"image <none> on core1"};
  return run;
}

// In it, the second scenario is red too, and the sixth, which is green now.
RunResult baseline_run(const std::vector<Scenario>& table) {
  auto run = green_run(table);
  for (const int place : {1, 5}) {
    fail(first_should(run.scenarios.at(static_cast<std::size_t>(place))));
    run.scenarios.at(static_cast<std::size_t>(place)).outcome = Outcome::failed;
  }
  return run;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2 && count != 3) {
    fmt::print(stderr, "usage: report_write FOLDER [MOST]\n");
    return 2;
  }
  try {
    auto table = scenarios::table({});
    if (count == 3) table.resize(std::min(table.size(), static_cast<std::size_t>(std::stoul(arguments[2]))));
    auto run = red_run(table);
    Baseline(baseline_run(table), "build/old").compare(run);
    write_reports(run, arguments[1]);
    const auto counts = run.counts();
    int failed_steps = 0, errored_steps = 0;
    for (const auto& scenario : run.scenarios) {
      for (const auto& one : scenario.steps) {
        failed_steps += one.verdict == Verdict::failed;
        errored_steps += one.verdict == Verdict::errored;
      }
    }
    const nlohmann::json numbers{{"scenarios", counts.scenarios},
                                 {"shoulds", counts.shoulds},
                                 {"not_run", counts.not_run},
                                 {"failed_steps", failed_steps},
                                 {"errored_steps", errored_steps},
                                 {"first", run.scenarios.at(0).name},
                                 {"known_red", run.scenarios.at(1).name},
                                 {"mended", run.scenarios.at(5).name}};
    fmt::print("{}\n", numbers.dump());
  } catch (const Error& e) {
    fmt::print(stderr, "report_write: {}\n", e.line());
    return 1;
  }
  return 0;
}
