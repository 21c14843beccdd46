#include "runner/baseline.hpp"

#include "runner/changes.hpp"
#include "runs.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace labctl::runner;
using namespace labctl::runner::test;

namespace {

constexpr auto passed = Verdict::passed, failed = Verdict::failed, errored = Verdict::errored,
               not_run = Verdict::not_run;

RunResult compared(const RunResult& there, RunResult now) {
  Baseline(there, "old").compare(now);
  return now;
}

// How one should is marked.
std::string change(Verdict there, Verdict now) {
  const auto run =
      compared(run_of({ran("one", {should("hold", there)})}), run_of({ran("one", {should("hold", now)})}));
  return run.scenarios[0].steps[0].compared.text();
}

std::vector<std::string> texts(const RunResult& run, Change change) {
  std::vector<std::string> all;
  for (const auto& one : changes(run, change)) all.push_back(one.text);
  return all;
}

using Texts = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_baseline)

BOOST_AUTO_TEST_CASE(each_pair_of_verdicts_has_its_word) {
  BOOST_TEST(change(passed, passed) == "");
  BOOST_TEST(change(passed, failed) == "new red");
  BOOST_TEST(change(passed, errored) == "new red");
  BOOST_TEST(change(passed, not_run) == "new red: passed there, not judged now");
  BOOST_TEST(change(failed, passed) == "mended");
  BOOST_TEST(change(failed, failed) == "known red");
  BOOST_TEST(change(failed, errored) == "known red: other evidence than there");
  BOOST_TEST(change(failed, not_run) == "known red: not judged now");
  BOOST_TEST(change(not_run, passed) == "new");
  BOOST_TEST(change(not_run, failed) == "new red: not judged there");
  BOOST_TEST(change(not_run, not_run) == "");
}

BOOST_AUTO_TEST_CASE(what_the_baseline_does_not_know_is_new_and_a_new_red_if_it_is_red) {
  const auto run = compared(run_of({ran("one", {should("hold", passed), should("went", passed)})}),
                            run_of({ran("one", {should("hold", passed), should("came", passed)}),
                                    ran("two", {should("hold", failed)})}));
  BOOST_TEST(run.scenarios[0].steps[1].compared.text() == "new");
  BOOST_TEST(run.scenarios[1].steps[0].compared.text() == "new red: not in the baseline");
  BOOST_TEST((run.comparison->gone == Texts{"one: went"}));
  BOOST_TEST(run.comparison->text() == "1 new red, 0 known red, 0 mended, 1 new");
  BOOST_TEST(!run.acceptable());
}

BOOST_AUTO_TEST_CASE(only_new_reds_make_a_run_unacceptable) {
  const auto there = run_of({ran("one", {should("a", failed), should("b", failed), should("c", passed)})});
  const auto same = compared(there, run_of({ran("one", {should("a", failed), should("b", passed),
                                                        should("c", passed), should("d", passed)})}));
  BOOST_TEST(same.comparison->text() == "0 new red, 1 known red, 1 mended, 1 new");
  BOOST_TEST(!same.passed());
  BOOST_TEST(same.acceptable());

  auto interrupted = same;
  interrupted.interrupted = true;
  BOOST_TEST(!interrupted.acceptable());
  auto without = same;
  without.comparison.reset();
  BOOST_TEST(!without.acceptable());
}

BOOST_AUTO_TEST_CASE(given_because_and_cleanup_are_compared_whatever_their_words) {
  const auto run = compared(
      run_of({ran("one", {judged(Phase::given, "a service", passed), judged(Phase::because, "x", errored),
                          judged(Phase::cleanup, "gone", passed)})}),
      run_of({ran("one", {judged(Phase::given, "the service", passed), judged(Phase::because, "y", errored),
                          judged(Phase::cleanup, "destroyed", failed)})}));
  BOOST_TEST(run.scenarios[0].steps[0].compared.text() == "");
  BOOST_TEST(run.scenarios[0].steps[1].compared.text() == "known red");
  BOOST_TEST((texts(run, Change::new_red) == Texts{"one: cleanup: destroyed"}));
  BOOST_TEST(run.comparison->gone.empty());
}

BOOST_AUTO_TEST_CASE(a_given_that_breaks_takes_its_shoulds_along_in_one_line) {
  const auto run = compared(
      run_of({ran("one", {judged(Phase::given, "g", passed), should("a", passed), should("b", passed)})}),
      run_of({ran("one", {judged(Phase::given, "g", errored), should("a", not_run), should("b", not_run)})}));
  BOOST_TEST((texts(run, Change::new_red) == Texts{"one: given: g", "one: 2 shoulds not run"}));
  BOOST_TEST(run.comparison->text() == "3 new red (2 of them not run), 0 known red, 0 mended, 0 new");
}

BOOST_AUTO_TEST_CASE(what_a_because_that_was_red_before_no_longer_lets_be_judged_is_a_new_red) {
  const auto run =
      compared(run_of({ran("one", {judged(Phase::because, "b", failed), should("hold", passed)})}),
               run_of({ran("one", {judged(Phase::because, "b", errored), should("hold", not_run)})}));
  BOOST_TEST(run.comparison->new_red == 1);
  BOOST_TEST(!run.acceptable());
}

BOOST_AUTO_TEST_CASE(an_interrupt_or_a_cluster_that_is_away_is_no_verdict_on_either_side) {
  const auto good = run_of({ran("one", {judged(Phase::given, "g", passed), should("a", passed)})});
  auto away = run_of({ran("one", {judged(Phase::given, "g", errored), should("a", not_run)})});
  away.scenarios[0].outcome = Outcome::unable;
  BOOST_TEST(compared(good, away).comparison->text() == "0 new red, 0 known red, 0 mended, 0 new");
  BOOST_TEST(compared(away, good).comparison->text() == "0 new red, 0 known red, 0 mended, 2 new");

  const auto cut =
      run_of({ran("one", {judged(Phase::given, "g", Verdict::interrupted), should("a", not_run)})});
  BOOST_TEST(compared(good, cut).comparison->new_red == 0);
  // A check that failed has read the cluster's state, so it counts.
  auto seen = run_of({ran("one", {should("a", failed), judged(Phase::because, "b", errored)})});
  seen.scenarios[0].outcome = Outcome::unable;
  BOOST_TEST(compared(good, seen).comparison->new_red == 1);
}

BOOST_AUTO_TEST_CASE(of_several_attempts_one_red_makes_a_step_red) {
  const auto flaky = run_of({ran("one", {should("a", passed)}, 1), ran("one", {should("a", failed)}, 2)});
  const auto steady = run_of({ran("one", {should("a", passed)}, 1), ran("one", {should("a", passed)}, 2)});
  const auto worse = compared(steady, flaky);
  BOOST_TEST(worse.comparison->text() == "1 new red, 0 known red, 0 mended, 0 new");
  BOOST_TEST(worse.scenarios[0].steps[0].compared.text() == "");
  BOOST_TEST(worse.scenarios[1].steps[0].compared.text() == "new red");

  const auto same = compared(flaky, flaky);
  BOOST_TEST(same.comparison->text() == "0 new red, 1 known red, 0 mended, 0 new");
  BOOST_TEST(same.scenarios[0].steps[0].compared.text() == "");  // mended only if every attempt passes

  const auto better = compared(flaky, steady);
  BOOST_TEST(better.comparison->mended == 1);
  BOOST_TEST(changes(better, Change::mended).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_known_red_with_other_evidence_says_so_and_stays_known) {
  const auto because_of = [](const std::string& seen, const std::string& mark) {
    auto run = run_of({ran("one", {should("a", failed, seen)})});
    run.scenarios[0].mark = mark;
    return run;
  };
  const auto word = [&](const RunResult& there, const RunResult& now) {
    return compared(there, now).scenarios[0].steps[0].compared.text();
  };
  const auto there = because_of("none in app_k3x01 after 4.2 s", "k3x01");
  BOOST_TEST(word(there, because_of("none in app_p7b12 after 13 s", "p7b12")) == "known red");
  BOOST_TEST(word(there, because_of("two in app_p7b12", "p7b12")) == "known red: other evidence than there");
}

BOOST_AUTO_TEST_CASE(scenarios_of_the_baseline_that_were_not_run_are_counted_only) {
  const auto there = run_of({ran("one", {should("a", passed)}), ran("two", {should("a", passed)})});
  const auto run = compared(there, run_of({ran("two", {should("a", passed)})}));
  BOOST_TEST(run.comparison->scenarios == 1);
  BOOST_TEST(run.comparison->elsewhere == 1);
  BOOST_TEST(run.comparison->gone.empty());
  BOOST_TEST(run.acceptable());
}

BOOST_AUTO_TEST_CASE(what_the_run_as_a_whole_leaked_counts_as_a_step) {
  const auto clean = run_of({ran("one", {should("a", passed)})});
  auto leaky = clean;
  leaky.leaked = {"volume v on core1"};
  const auto worse = compared(clean, leaky);
  BOOST_TEST(worse.comparison->new_red == 1);
  BOOST_TEST((texts(worse, Change::new_red) == Texts{"the whole run: nothing leaked"}));
  BOOST_TEST(compared(leaky, leaky).comparison->known_red == 1);
  BOOST_TEST(compared(leaky, leaky).acceptable());
  BOOST_TEST(compared(leaky, clean).comparison->mended == 1);
  auto cut = clean;
  cut.audited = false;
  BOOST_TEST(compared(leaky, cut).comparison->mended == 0);
}

BOOST_AUTO_TEST_CASE(the_baseline_is_named_with_its_date_and_the_version_that_wrote_it) {
  auto there = run_of({});
  BOOST_TEST(Baseline(there, "build/old").origin().name() ==
             "build/old (2026-11-24 10:11 UTC, labctl 0.1.0)");
  there.interrupted = true;
  there.started = "long ago";
  BOOST_TEST(Baseline(there, "old").origin().name() == "old (long ago, labctl 0.1.0, interrupted)");
}

BOOST_AUTO_TEST_SUITE_END()
