#include "runner/scenario_run.hpp"

#include "base/interrupt.hpp"
#include "base/masked.hpp"
#include "base/text.hpp"
#include "cluster/activity.hpp"
#include "cluster/cluster.hpp"
#include "cluster/faults.hpp"
#include "cluster/wait_log.hpp"
#include "runner/activity_recorder.hpp"
#include "runner/every_step.hpp"
#include "runner/note.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace labctl::runner {
namespace {

using Clock = std::chrono::steady_clock;

// Waits for the texts of a report; a red scenario may have used up its own time.
constexpr std::chrono::seconds states_budget{20};

std::chrono::milliseconds since(Clock::time_point start) {
  return std::chrono::floor<std::chrono::milliseconds>(Clock::now() - start);
}

ScenarioResult begun(const Planned& planned, const Running& run) {
  ScenarioResult result;
  result.name = planned.scenario->name;
  result.summary = planned.scenario->summary;
  result.tags = planned.scenario->tags;
  result.attempt = planned.attempt;
  result.number = run.number;
  result.mark = run.mark;
  return result;
}

StepResult not_run(const Step& should) {
  return {Phase::should, should.text, Verdict::not_run, {}, {}, {}, {}};
}

class ScenarioRun {
public:
  ScenarioRun(const Planned& planned, int number, Cluster& cluster, Observer& observer,
              const ScenarioOptions& options)
      : planned_(planned),
        scenario_(*planned.scenario),
        cluster_(cluster),
        observer_(observer),
        options_(options),
        run_{scenario_, planned.attempt, number, cluster.slot().mark},
        recorder_(options.run_began, cluster.slot().mark),
        result_(begun(planned, run_)) {}

  ScenarioResult run() {
    const auto start = Clock::now();
    result_.began = since(options_.run_began);
    const cluster::Listening listening(cluster_, [this](const cluster::Happening& happening) {
      recorder_.note(happening, Clock::now());
      waits_.add(happening);
    });
    observer_.scenario_begins(run_);
    const auto state = scenario_.make_state();
    {
      const cluster::TimeLimit limit(cluster_, scenario_.time_limit);
      const bool ready = step(Phase::given, scenario_.given, state.get()) == Verdict::passed &&
                         judgeable(step(Phase::because, scenario_.because, state.get()));
      for (std::size_t i = 0; i < scenario_.shoulds.size(); ++i) {
        const auto& should = scenario_.shoulds[planned_.should_order.empty() ? i : planned_.should_order[i]];
        if (ready && !interrupted_) {
          step(Phase::should, should, state.get());
        } else {
          result_.steps.push_back(not_run(should));
        }
      }
    }
    save_post_mortem();
    attach();
    const bool keep = options_.keep && !occupied_ && outcome_of(result_.steps) != Outcome::passed;
    if (!keep) {
      clean_up(state.get());
    } else if (!cluster_.faults().none()) {
      mend();
    }
    save_post_mortem();
    finish();
    result_.activities = recorder_.activities();
    result_.took = since(start);
    observer_.scenario_ends(run_, result_);
    return std::move(result_);
  }

private:
  // If because was done but its check failed, the shoulds show what still holds. If because could not be done
  // at all, the shoulds would judge something else.
  static bool judgeable(Verdict because) { return because == Verdict::passed || because == Verdict::failed; }

  Verdict step(Phase phase, const Step& step, void* state) {
    observer_.step_begins(run_, phase, step);
    waits_.add(fmt::format("{} {}", to_string(phase), step.text));
    StepResult result{phase, step.text, Verdict::passed, {}, {}, {}, {}};
    const auto start = Clock::now();
    result.began = since(options_.run_began);
    try {
      const NoteTaker notes(result.notes);
      step.action(cluster_, state);
    } catch (const CheckFailed& e) {
      result.verdict = Verdict::failed;
      result.mismatch = e.mismatch();
      if (phase != Phase::cleanup && out_of_time()) {
        // The step did not get its full time. That is a problem of the machine, not of the handler.
        result.verdict = Verdict::errored;
        result.error =
            fmt::format("the scenario's time limit of {} s has passed", scenario_.time_limit.count());
      }
    } catch (const Occupied& e) {
      result.verdict = Verdict::errored;
      result.error = e.what();
      occupied_ = phase == Phase::given || phase == Phase::because;
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
    observer_.step_ends(run_, result);
    return result.verdict;
  }

  bool out_of_time() const { return cluster_.within(std::chrono::hours(1)).passed(); }

  void clean_up(void* state) {
    const InterruptShield shield;
    const cluster::ShieldedWork shielded(cluster_);
    const cluster::TimeLimit limit(cluster_, scenario_.time_limit);
    const auto both = [this](Cluster& cluster, void* of_scenario) {
      bool own = true;
      try {
        // Faults are undone first: the cleanup may need what they broke.
        run_every(
            {[&] { cluster.faults().undo_all(); }, [&] { scenario_.cleanup.action(cluster, of_scenario); }});
        own = false;
        if (options_.audit) options_.audit(cluster);
      } catch (...) {
        sweep_quietly();
        if (own) audit_quietly();
        throw;
      }
    };
    step(Phase::cleanup, {scenario_.cleanup.text, both}, state);
  }

  // Once, if a step is red so far.
  void save_post_mortem() {
    const bool red = std::any_of(result_.steps.begin(), result_.steps.end(),
                                 [](const StepResult& step) { return step.red(); });
    if (!red || interrupted_ || occupied_ || !options_.post_mortem || std::exchange(examined_, true)) return;
    try {
      result_.post_mortem = options_.post_mortem(cluster_, result_, waits_.text());
    } catch (const Error& e) {
      result_.steps.back().notes.push_back("no post-mortem: " + e.line());
    } catch (const std::exception& e) {
      result_.steps.back().notes.push_back(std::string("no post-mortem: ") + e.what());
    }
  }

  // What explains a red scenario, while it is still there.
  void attach() {
    const auto outcome = outcome_of(result_.steps);
    if (outcome != Outcome::failed && outcome != Outcome::errored) return;
    if (options_.states && !unreachable_ && !occupied_) {
      const cluster::TimeLimit limit(cluster_, states_budget);
      try {
        result_.attachments = options_.states(cluster_);
      } catch (const Error& e) {
        result_.attachments.push_back({"state", "not seen: " + e.line()});
      } catch (const std::exception& e) {
        result_.attachments.push_back({"state", std::string("not seen: ") + e.what()});
      }
    }
    for (auto& log : recorder_.logs()) result_.attachments.push_back(std::move(log));
    for (auto& one : result_.attachments) one.text = masked(one.text);
  }

  // Undoes faults even if nothing is cleaned up: all apps share what was broken.
  void mend() {
    const InterruptShield shield;
    const cluster::TimeLimit limit(cluster_, scenario_.time_limit);
    step(Phase::cleanup, {"faults undone", [](Cluster& c, void*) { c.faults().undo_all(); }}, nullptr);
  }

  // Leftovers may hold a name, domain or port that the next scenario needs.
  void sweep_quietly() {
    if (!options_.sweep) return;
    try {
      const auto left = options_.sweep(cluster_);
      note(left.empty() ? "leftovers removed: nothing of its apps remains"
                        : "leftovers that could not be removed: " + join(left, ", "));
    } catch (const Error& e) {
      note("not swept: " + e.line());
    } catch (const std::exception& e) {
      note(std::string("not swept: ") + e.what());
    }
  }

  // Lets the audit register what a failed cleanup left, so that it is not attributed to a later scenario.
  void audit_quietly() {
    try {
      if (options_.audit) options_.audit(cluster_);
    } catch (const std::exception&) {  // the cleanup's own error is reported
    }
  }

  void finish() {
    result_.outcome = outcome_of(result_.steps);
    if (occupied_ && result_.outcome != Outcome::interrupted) result_.outcome = Outcome::unable;
    if (result_.outcome != Outcome::errored || !unreachable_ || !options_.cluster_trouble) return;
    try {
      result_.cluster_lost = options_.cluster_trouble(cluster_).has_value();
      if (result_.cluster_lost) result_.outcome = Outcome::unable;
    } catch (const Error& e) {
      result_.cluster_lost = e.kind() != Kind::interrupted;
      result_.outcome = result_.cluster_lost ? Outcome::unable : Outcome::interrupted;
    }
  }

  const Planned& planned_;
  const Scenario& scenario_;
  Cluster& cluster_;
  Observer& observer_;
  const ScenarioOptions& options_;
  Running run_;
  ActivityRecorder recorder_;
  ScenarioResult result_;
  cluster::WaitLog waits_;
  bool examined_ = false;
  bool interrupted_ = false;
  bool unreachable_ = false;
  bool occupied_ = false;
};

}  // namespace

ScenarioResult run_scenario(const Planned& planned, int number, Cluster& cluster, Observer& observer,
                            const ScenarioOptions& options) {
  return ScenarioRun(planned, number, cluster, observer, options).run();
}

ScenarioResult could_not_begin(const Planned& planned, const Running& run, const std::string& why,
                               Observer& observer, Clock::time_point run_began) {
  auto result = begun(planned, run);
  result.began = since(run_began);
  result.steps.push_back({Phase::given, planned.scenario->given.text, Verdict::errored, {}, why, {}, {}});
  for (const auto& should : planned.scenario->shoulds) result.steps.push_back(not_run(should));
  result.outcome = Outcome::errored;
  observer.scenario_begins(run);
  observer.step_ends(run, result.steps.front());
  observer.scenario_ends(run, result);
  return result;
}

}  // namespace labctl::runner
