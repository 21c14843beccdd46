#include "fake.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;
using namespace std::chrono_literals;

namespace {

// Opens when this many threads have arrived: proof that they ran at the same time.
class Gate {
public:
  explicit Gate(int wanted) : wanted_(wanted) {}

  void come() {
    std::unique_lock lock(mutex_);
    ++come_;
    changed_.notify_all();
    if (!changed_.wait_for(lock, 20s, [this] { return come_ >= wanted_; }))
      throw Error(Kind::timeout, "the others did not come");
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int wanted_;
  int come_ = 0;
};

// Relies on the rule that calls never overlap: stores what it receives without a lock.
class Unlocked : public Recorder {
public:
  void step_begins(const Running& run, Phase, const Step&) override { ++steps[run.number]; }
  std::map<int, int> steps;
};

RunOptions two_jobs() {
  RunOptions options;
  options.jobs = 2;
  options.tag = "k3x";
  options.ssh_ports = {2244, 2245};
  return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_side_by_side)

BOOST_AUTO_TEST_CASE(scenarios_run_at_the_same_time_each_with_a_slot_of_its_own) {
  Gate gate(2);
  std::mutex mutex;
  std::set<std::pair<std::string, int>> slots;
  const Scenario scenario = fake("meets").because("meet", [&](Cluster& c, NoState&) {
    {
      const std::lock_guard lock(mutex);
      slots.emplace(c.slot().mark, c.slot().ssh_port);
    }
    gate.come();
  });
  Unlocked recorder;
  const auto run = run_plan({{&scenario, 1}, {&scenario, 2}}, make_no_cluster, recorder, two_jobs());
  BOOST_TEST(run.passed());
  BOOST_TEST((slots == std::set<std::pair<std::string, int>>{{"k3x01", 2244}, {"k3x02", 2245}}));
  BOOST_REQUIRE(run.scenarios.size() == 2);
  BOOST_TEST(run.scenarios[0].number == 1);
  BOOST_TEST(run.scenarios[0].attempt == 1);
  BOOST_TEST(run.scenarios[1].mark == "k3x02");
  BOOST_TEST((recorder.steps == std::map<int, int>{{1, 4}, {2, 4}}));
  BOOST_TEST(recorder.trace.size() == 12U);
}

BOOST_AUTO_TEST_CASE(a_port_is_used_again_when_its_scenario_has_ended) {
  std::mutex mutex;
  std::vector<int> ports;
  const Scenario looks = fake("looks").given("look", [&](Cluster& c, NoState&) {
    const std::lock_guard lock(mutex);
    ports.push_back(c.slot().ssh_port);
  });
  Unlocked recorder;
  const auto options = two_jobs();
  const std::vector<Planned> plan(30, {&looks});
  const auto run = run_plan(plan, make_no_cluster, recorder, options);
  BOOST_TEST(run.scenarios.size() == 30U);
  for (const int port : ports) BOOST_TEST((port == 2244 || port == 2245));
  BOOST_TEST(run.passed());
}

BOOST_AUTO_TEST_CASE(nothing_runs_beside_a_disruptive_scenario) {
  std::mutex mutex;
  int under_way = 0, most_beside_alone = 0;
  bool alone_inside = false;
  const auto enter = [&](bool alone) {
    const std::lock_guard lock(mutex);
    if (alone || alone_inside) most_beside_alone = std::max(most_beside_alone, under_way);
    alone_inside = alone;
    ++under_way;
  };
  const auto leave = [&](Cluster&, NoState&) {
    const std::lock_guard lock(mutex);
    --under_way;
    alone_inside = false;
  };
  const Scenario plain =
      fake("plain").given("enter", [&](Cluster&, NoState&) { enter(false); }).cleanup("leave", leave);
  const Scenario alone = fake("alone")
                             .disruptive()
                             .given("enter", [&](Cluster&, NoState&) { enter(true); })
                             .cleanup("leave", leave);
  Unlocked recorder;
  const auto run =
      run_plan({{&plain}, {&alone}, {&plain}, {&alone}, {&plain}}, make_no_cluster, recorder, two_jobs());
  BOOST_TEST(run.scenarios.size() == 5U);
  BOOST_TEST(most_beside_alone == 0);
}

BOOST_AUTO_TEST_CASE(an_interrupt_lets_all_clean_up_and_starts_nothing) {
  Gate gate(2);
  std::mutex mutex;
  int cleaned = 0;
  const Scenario scenario = fake("interrupted")
                                .because("be interrupted",
                                         [&](Cluster& c, NoState& s) {
                                           gate.come();
                                           interrupt(c, s);
                                         })
                                .cleanup("clean", [&](Cluster&, NoState&) {
                                  const std::lock_guard lock(mutex);
                                  ++cleaned;
                                });
  Unlocked recorder;
  const auto run = run_plan({{&scenario}, {&scenario}, {&scenario}}, make_no_cluster, recorder, two_jobs());
  BOOST_TEST(run.interrupted);
  BOOST_TEST(run.scenarios.size() == 2U);
  BOOST_TEST(cleaned == 2);
}

BOOST_AUTO_TEST_CASE(what_came_while_several_ran_is_told_at_the_end) {
  Gate gate(2);
  std::mutex mutex;
  std::set<std::string> there;
  const Scenario scenario = fake("leaks").because("leave", [&](Cluster& c, NoState&) {
    gate.come();
    const std::lock_guard lock(mutex);
    there.insert("image <none> on core1");
    if (c.slot().mark == "k3x02") there.insert("volume master" + c.slot().mark);
  });
  auto options = two_jobs();
  options.take_stock = [&](Cluster&) {
    const std::lock_guard lock(mutex);
    return StockLines{there, {}};
  };
  Unlocked recorder;
  const auto run = run_plan({{&scenario}, {&scenario}}, make_no_cluster, recorder, options);
  BOOST_TEST((run.scenarios.at(0).steps.back().verdict == Verdict::passed));
  const auto& second = run.scenarios.at(1).steps.back();
  BOOST_REQUIRE(second.mismatch);
  BOOST_TEST(second.mismatch->seen == "volume masterk3x02");
  BOOST_TEST((run.leaked == std::vector<std::string>{"image <none> on core1"}));
  BOOST_TEST(!run.passed());
}

BOOST_AUTO_TEST_SUITE_END()
