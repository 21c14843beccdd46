#include "runner/run.hpp"

#include "base/current_error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "cluster/cluster.hpp"
#include "runner/run_order.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace labctl::runner {
namespace {

using Clock = std::chrono::steady_clock;

// Lets scenarios in several threads report to one observer.
class OneAtATime : public Observer {
public:
  explicit OneAtATime(Observer& observer) : observer_(observer) {}

  void scenario_begins(const Running& run) override {
    const std::lock_guard lock(mutex_);
    observer_.scenario_begins(run);
  }
  void step_begins(const Running& run, Phase phase, const Step& step) override {
    const std::lock_guard lock(mutex_);
    observer_.step_begins(run, phase, step);
  }
  void step_ends(const Running& run, const StepResult& result) override {
    const std::lock_guard lock(mutex_);
    observer_.step_ends(run, result);
  }
  void scenario_ends(const Running& run, const ScenarioResult& result) override {
    const std::lock_guard lock(mutex_);
    observer_.scenario_ends(run, result);
  }

private:
  std::mutex mutex_;
  Observer& observer_;
};

class PlanRun {
public:
  PlanRun(const std::vector<Planned>& plan, const MakeCluster& make_cluster, Observer& observer,
          const RunOptions& options)
      : plan_(plan),
        make_cluster_(make_cluster),
        observer_(observer),
        options_(options),
        order_(plan, options.jobs, options.fail_fast) {}

  RunResult run() {
    began_ = Clock::now();
    run_.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    run_.jobs = options_.jobs;
    first_stock();
    run_all();
    for (auto& [number, result] : results_) run_.scenarios.push_back(std::move(result));
    run_.interrupted = run_.interrupted || interrupted() != 0;
    last_stock();
    call_flaky();
    run_.took = std::chrono::floor<std::chrono::milliseconds>(Clock::now() - began_);
    return std::move(run_);
  }

private:
  struct Job {
    int number = 0;
    cluster::Slot slot;
    bool alone = true;  // no scenario ran in parallel so far
    std::jthread thread;
  };

  void run_all() {
    std::unique_lock lock(mutex_);
    while (true) {
      if (run_.interrupted || interrupted() != 0) order_.stop();
      while (const auto place = order_.next()) start(*place);
      if (order_.done()) return;
      // This wait needs no deadline of its own: every running scenario has one, and notifies here when it
      // ends.
      something_ended_.wait(lock, [this] { return !ended_.empty(); });
      for (const auto place : std::exchange(ended_, {})) end(place);
    }
  }

  void start(std::size_t place) {
    Job& job = jobs_[place];
    job.number = ++started_;
    if (!options_.tag.empty()) job.slot.mark = mark_of(options_.tag, job.number);
    job.slot.ssh_port = free_port();
    if (jobs_.size() > 1) {
      for (auto& [other, one] : jobs_) one.alone = false;
    }
    try {
      job.thread = std::jthread([this, place, number = job.number, slot = job.slot] {
        auto result = run_one(plan_[place], place, number, slot);
        {
          const std::lock_guard lock(mutex_);
          results_.emplace(number, std::move(result));
          ended_.push_back(place);
        }
        something_ended_.notify_one();
      });
    } catch (const std::system_error& e) {
      const Running running{*plan_[place].scenario, plan_[place].attempt, job.number, job.slot.mark};
      results_.emplace(job.number, could_not_begin(plan_[place], running, e.what(), observer_, began_));
      ended_.push_back(place);
    }
  }

  // The first port that no running scenario has; 0 if there is none, which means the inventory's port.
  std::uint16_t free_port() const {
    for (const auto port : options_.ssh_ports) {
      const bool taken = std::any_of(jobs_.begin(), jobs_.end(),
                                     [&](const auto& job) { return job.second.slot.ssh_port == port; });
      if (!taken) return port;
    }
    return 0;
  }

  void end(std::size_t place) {
    auto job = std::move(jobs_.at(place));
    jobs_.erase(place);
    const auto& result = results_.at(job.number);
    const auto outcome = result.outcome;
    run_.interrupted = run_.interrupted || outcome == Outcome::interrupted;
    all_alone_ = all_alone_ && job.alone;
    kept_ = kept_ || (options_.keep && outcome != Outcome::passed);
    order_.ended(place, outcome);
    if (result.cluster_lost) order_.stop();
  }

  // Runs in the scenario's thread.
  ScenarioResult run_one(const Planned& planned, std::size_t place, int number, const cluster::Slot& slot) {
    std::unique_ptr<Cluster> cluster;
    try {
      cluster = make_cluster_(slot);
    } catch (...) {
      return could_not_begin(planned, {*planned.scenario, planned.attempt, number, slot.mark},
                             current_error().line(), observer_, began_);
    }
    ScenarioOptions options{options_.keep,        options_.cluster_trouble, {},    options_.sweep,
                            options_.post_mortem, options_.states,          began_};
    if (audit_) options.audit = [this, place](Cluster& c) { audit(c, place); };
    return run_scenario(planned, number, *cluster, observer_, options);
  }

  void audit(Cluster& cluster, std::size_t place) {
    const auto now = options_.take_stock(cluster);
    std::vector<std::string> leaked;
    {
      const std::lock_guard lock(mutex_);
      leaked = audit_->leaked_by(cluster.slot().mark, jobs_.at(place).alone, now);
    }
    check(leaked.empty(), "nothing leaked", join(leaked, "\n"));
    if (!now.errors.empty())
      throw Error(Kind::unavailable, "cannot tell whether something leaked: " + join(now.errors, "\n"));
  }

  StockLines whole_stock() {
    try {
      const auto cluster = make_cluster_({});
      return options_.take_stock(*cluster);
    } catch (...) {  // an error here must not lose the results of the run
      const Error e = current_error();
      run_.interrupted = run_.interrupted || e.kind() == Kind::interrupted;
      return {{}, {e.line()}};
    }
  }

  void first_stock() {
    if (!options_.take_stock) return;
    auto stock = whole_stock();
    for (const auto& error : stock.errors) run_.leaked.push_back("no audit, at the start: " + error);
    if (stock.errors.empty()) audit_.emplace(std::move(stock), options_.tag);
  }

  // Finds things without a mark that appeared while several scenarios ran in parallel. At that time they
  // could not be attributed to one of them.
  void last_stock() {
    run_.audited = audit_ && !kept_ && !run_.interrupted && !run_.cluster_lost();
    if (!run_.audited || all_alone_) return;
    const auto now = whole_stock();
    for (const auto& error : now.errors) run_.leaked.push_back("no audit, at the end: " + error);
    const auto leaked = audit_->leaked(now);
    run_.leaked.insert(run_.leaked.end(), leaked.begin(), leaked.end());
  }

  void call_flaky() {
    const auto flaky = run_.flaky();
    for (auto& one : run_.scenarios) {
      const bool is_flaky = std::find(flaky.begin(), flaky.end(), one.name) != flaky.end();
      if (is_flaky && (one.outcome == Outcome::failed || one.outcome == Outcome::errored))
        one.outcome = Outcome::flaky;
    }
  }

  const std::vector<Planned>& plan_;
  const MakeCluster& make_cluster_;
  OneAtATime observer_;
  const RunOptions& options_;
  Clock::time_point began_;

  std::mutex mutex_;  // protects everything below
  std::condition_variable something_ended_;
  RunOrder order_;
  std::optional<Audit> audit_;
  std::map<int, ScenarioResult> results_;  // by number
  std::vector<std::size_t> ended_;         // places whose threads are about to end
  int started_ = 0;
  bool all_alone_ = true;
  bool kept_ = false;
  RunResult run_;
  std::map<std::size_t, Job> jobs_;  // running, by place in the plan; last, so that its threads end first
};

}  // namespace

RunResult run_plan(const std::vector<Planned>& plan, const MakeCluster& make_cluster, Observer& observer,
                   const RunOptions& options) {
  return PlanRun(plan, make_cluster, observer, options).run();
}

}  // namespace labctl::runner
