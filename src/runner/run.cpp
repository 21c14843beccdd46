#include "runner/run.hpp"

#include "base/interrupt.hpp"
#include "cluster/cluster.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace labctl::runner {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds since(Clock::time_point start) {
  return std::chrono::floor<std::chrono::milliseconds>(Clock::now() - start);
}

class ScenarioRun {
public:
  ScenarioRun(const Scenario& scenario, int attempt, Cluster& cluster, Observer& observer,
              const RunOptions& options)
      : scenario_(scenario), cluster_(cluster), observer_(observer), options_(options) {
    result_.name = scenario.name;
    result_.summary = scenario.summary;
    result_.tags = scenario.tags;
    result_.attempt = attempt;
  }

  ScenarioResult run() {
    const auto start = Clock::now();
    observer_.scenario_begins(scenario_, result_.attempt);
    const auto state = scenario_.make_state();
    {
      const cluster::TimeLimit limit(cluster_, scenario_.time_limit);
      const bool ready = step(Phase::given, scenario_.given, state.get()) == Verdict::passed &&
                         judgeable(step(Phase::because, scenario_.because, state.get()));
      for (const auto& should : scenario_.shoulds) {
        if (ready && !interrupted_) {
          step(Phase::should, should, state.get());
        } else {
          skip(should);
        }
      }
    }
    const bool keep = options_.keep && outcome_of(result_.steps) != Outcome::passed;
    if (!keep) clean_up(state.get());
    finish();
    result_.took = since(start);
    observer_.scenario_ends(result_);
    return std::move(result_);
  }

private:
  // What because set out to do may have come out wrong: then the shoulds say what of it holds. If it could not be done
  // at all, they would judge something else.
  static bool judgeable(Verdict because) { return because == Verdict::passed || because == Verdict::failed; }

  Verdict step(Phase phase, const Step& step, void* state) {
    observer_.step_begins(phase, step);
    StepResult result{phase, step.text, Verdict::passed, {}, {}, {}};
    const auto start = Clock::now();
    try {
      step.action(cluster_, state);
    } catch (const CheckFailed& e) {
      result.verdict = Verdict::failed;
      result.mismatch = e.mismatch();
    } catch (const Error& e) {
      result.verdict = e.kind() == Kind::interrupted ? Verdict::interrupted : Verdict::errored;
      result.error = e.line();
      unreachable_ = unreachable_ || e.kind() == Kind::unreachable || e.kind() == Kind::unavailable;
    } catch (const std::exception& e) {
      result.verdict = Verdict::errored;
      result.error = e.what();
    }
    result.took = since(start);
    interrupted_ = interrupted_ || result.verdict == Verdict::interrupted;
    result_.steps.push_back(result);
    observer_.step_ends(result);
    return result.verdict;
  }

  void skip(const Step& should) {
    result_.steps.push_back({Phase::should, should.text, {Verdict::not_run}, {}, {}, {}});
  }

  void clean_up(void* state) {
    const InterruptShield shield;
    const cluster::ShieldedWork shielded(cluster_);
    const cluster::TimeLimit limit(cluster_, scenario_.time_limit);
    step(Phase::cleanup, scenario_.cleanup, state);
  }

  void finish() {
    result_.outcome = outcome_of(result_.steps);
    if (result_.outcome != Outcome::errored || !unreachable_ || !options_.cluster_trouble) return;
    try {
      if (options_.cluster_trouble()) result_.outcome = Outcome::unable;
    } catch (const Error& e) {
      result_.outcome = e.kind() == Kind::interrupted ? Outcome::interrupted : Outcome::unable;
    }
  }

  const Scenario& scenario_;
  Cluster& cluster_;
  Observer& observer_;
  const RunOptions& options_;
  ScenarioResult result_;
  bool interrupted_ = false;
  bool unreachable_ = false;
};

}  // namespace

ScenarioResult run_scenario(const Scenario& scenario, int attempt, Cluster& cluster, Observer& observer,
                            const RunOptions& options) {
  return ScenarioRun(scenario, attempt, cluster, observer, options).run();
}

RunResult run_plan(const std::vector<Planned>& plan, Cluster& cluster, Observer& observer,
                   const RunOptions& options) {
  const auto start = Clock::now();
  RunResult run;
  run.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  for (const auto& planned : plan) {
    run.scenarios.push_back(run_scenario(*planned.scenario, planned.attempt, cluster, observer, options));
    const auto outcome = run.scenarios.back().outcome;
    run.interrupted = outcome == Outcome::interrupted || interrupted() != 0;
    if (run.interrupted || outcome == Outcome::unable) break;
    if (options.fail_fast && outcome != Outcome::passed) break;
  }
  const auto flaky = run.flaky();
  for (auto& one : run.scenarios) {
    const bool is_flaky = std::find(flaky.begin(), flaky.end(), one.name) != flaky.end();
    if (is_flaky && one.outcome != Outcome::passed) one.outcome = Outcome::flaky;
  }
  run.took = since(start);
  return run;
}

}  // namespace labctl::runner
