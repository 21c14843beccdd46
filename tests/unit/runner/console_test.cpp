#include "runner/console.hpp"

#include "fake.hpp"
#include "runner/baseline.hpp"
#include "runs.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;
using namespace std::chrono_literals;

namespace {

struct Page {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), &std::fclose};

  std::string text() {
    std::fseek(file.get(), 0, SEEK_SET);
    std::string all;
    for (int c; (c = std::fgetc(file.get())) != EOF;) all += static_cast<char>(c);
    return all;
  }
};

StepResult step(Phase phase, const std::string& text, Verdict verdict, std::chrono::milliseconds took = {}) {
  return {phase, text, verdict, {}, {}, took, {}};
}

const Scenario new_service = fake("new-service");
const Running running{new_service};

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_console)

BOOST_AUTO_TEST_CASE(a_run_reads_as_the_user_guide_shows_it) {
  Page page;
  Console console(page.file.get(), {});
  console.scenario_begins(running);
  console.step_ends(running,
                    step(Phase::given, "a cluster without the test service", Verdict::passed, 400ms));
  console.step_ends(running, step(Phase::because, "it is deployed on core1", Verdict::passed, 6100ms));
  console.step_ends(running, step(Phase::should, "have a key in the KV store", Verdict::passed));
  auto failed = step(Phase::should, "have its database volume on core1 only", Verdict::failed);
  failed.mismatch = Mismatch{"P_dbdata on core1", "on core1 and core3", "core3"};
  console.step_ends(running, failed);
  console.step_ends(running, step(Phase::cleanup, "destroyed, nothing left", Verdict::passed, 3000ms));

  RunResult run;
  ScenarioResult result{"new-service",   "", {}, 1, {step(Phase::should, "", Verdict::passed), failed},
                        Outcome::failed, 0ms};
  run.scenarios.push_back(result);
  run.took = 11200ms;
  run.again = "labctl test new-service --seed 41";
  console.summary(run, "build/report/index.html");

  BOOST_TEST(page.text() ==
             "new-service                                                         None → core1\n"
             "  given    a cluster without the test service                              0.4 s\n"
             "  because  it is deployed on core1                                         6.1 s\n"
             "  should   ✓ have a key in the KV store\n"
             "           ✗ have its database volume on core1 only\n"
             "               expected  P_dbdata on core1\n"
             "               seen      on core1 and core3\n"
             "               where     core3\n"
             "  cleanup  destroyed, nothing left                                         3.0 s\n"
             "1 scenario, 2 shoulds: 1 passed, 1 failed                                 11.2 s\n"
             "report   build/report/index.html   again: labctl test new-service --seed 41\n");
}

BOOST_AUTO_TEST_CASE(a_step_that_broke_says_why_line_by_line) {
  Page page;
  Console console(page.file.get(), {});
  auto broken = step(Phase::because, "it is deployed", Verdict::errored, 100ms);
  broken.error = "first line\nsecond line";
  console.step_ends(running, broken);
  BOOST_TEST(page.text() ==
             "  because  ! it is deployed                                                0.1 s\n"
             "               error     first line\n"
             "                         second line\n");
}

BOOST_AUTO_TEST_CASE(colour_is_written_only_when_asked_for) {
  Page plain, coloured;
  Console(plain.file.get(), {}).step_ends(running, step(Phase::should, "hold", Verdict::passed));
  Console(coloured.file.get(), {true, false})
      .step_ends(running, step(Phase::should, "hold", Verdict::passed));
  BOOST_TEST(plain.text().find('\033') == std::string::npos);
  BOOST_TEST(coloured.text().find("\033[32m✓\033[0m") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(shoulds_that_did_not_run_are_counted_not_hidden) {
  Page page;
  Console console(page.file.get(), {});
  ScenarioResult result;
  result.steps = {step(Phase::should, "a", Verdict::not_run), step(Phase::should, "b", Verdict::not_run)};
  console.scenario_ends(running, result);
  BOOST_TEST(page.text() == "  2 shoulds not run\n");
}

BOOST_AUTO_TEST_CASE(a_note_stands_below_its_step) {
  Page plain, coloured;
  auto noted = step(Phase::because, "it is deployed", Verdict::passed, 6100ms);
  noted.notes = {"handler 2.1 s", "push 0.3 s"};
  Console(plain.file.get(), {}).step_ends(running, noted);
  Console(coloured.file.get(), {true, false}).step_ends(running, noted);
  BOOST_TEST(plain.text() ==
             "  because  it is deployed                                                  6.1 s\n"
             "           handler 2.1 s, push 0.3 s\n");
  BOOST_TEST(coloured.text().find("\033[2mhandler 2.1 s, push 0.3 s\033[0m") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(beside_a_baseline_each_step_has_its_word_and_the_summary_its_counts) {
  auto there = run_of({ran("new-service", {should("a", Verdict::passed), should("b", Verdict::failed, "c"),
                                           should("c", Verdict::failed), should("d", Verdict::passed),
                                           should("e", Verdict::passed)}),
                       ran("migrate", {})});
  const Baseline baseline(there, "build/old");
  Page page;
  Console console(page.file.get(), {});
  console.compare_with(baseline);
  auto run = run_of({ran("new-service", {should("a", Verdict::failed), should("b", Verdict::failed),
                                         should("c", Verdict::passed), should("d", Verdict::not_run)})});
  for (const auto& one : run.scenarios[0].steps) {
    if (one.verdict != Verdict::not_run) console.step_ends(running, one);
  }
  console.scenario_ends(running, run.scenarios[0]);
  baseline.compare(run);
  console.summary(run, "");
  BOOST_TEST(page.text() ==
             "  should   ✗ a [new red]\n"
             "               expected  a\n"
             "               seen      b\n"
             "               where     core1\n"
             "           ✗ b [known red]\n"
             "               expected  a\n"
             "               seen      b\n"
             "               where     core1\n"
             "               baseline  other evidence than there\n"
             "           ✓ c [mended]\n"
             "  1 should not run, 1 of them passed in the baseline\n"
             "1 scenario, 4 shoulds: 1 passed, 2 failed, 1 not run                       0.0 s\n"
             "new red  new-service: a\n"
             "new red  new-service: 1 should not run\n"
             "mended   new-service: c\n"
             "gone     new-service: e\n"
             "baseline 2 new red (1 of them not run), 1 known red, 1 mended, 0 new\n"
             "         against build/old (2026-11-24 10:11 UTC, labctl 0.1.0)\n"
             "         1 scenario of it not run now\n");
}

BOOST_AUTO_TEST_CASE(a_baseline_that_knows_none_of_the_scenarios_is_said_to) {
  auto run = run_of({ran("one", {should("a", Verdict::passed)})});
  Baseline(run_of({ran("two", {})}), "old").compare(run);
  Page page;
  Console(page.file.get(), {}).summary(run, "");
  BOOST_TEST(page.text().find("         none of these scenarios is in it\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(scenarios_side_by_side_are_printed_whole) {
  Page page;
  Console console(page.file.get(), {});
  const Scenario first = fake("first"), second = fake("second");
  console.plan({{&first, 1}, {&second, 2}}, 2, "as asked for",
               {{"third", "it cannot"}, {"fourth", "not here"}, {"fifth", "it cannot"}}, 41);
  const Running one{first, 1, 1, "abc01"}, two{second, 2, 2, "abc02"};
  console.scenario_begins(one);
  console.scenario_begins(two);
  console.step_ends(one, step(Phase::given, "g1", Verdict::passed, 100ms));
  console.step_ends(two, step(Phase::given, "g2", Verdict::passed, 100ms));
  console.step_ends(two, step(Phase::should, "s2", Verdict::passed));
  console.step_ends(one, step(Phase::should, "s1", Verdict::passed));
  console.step_ends(two, step(Phase::should, "t2", Verdict::passed));
  console.scenario_ends(two, {});
  console.scenario_ends(one, {});
  BOOST_TEST(page.text() ==
             "jobs     2: as asked for\n"
             "left out third, fifth: it cannot\n"
             "left out fourth: not here\n"
             "order    first, second (attempt 2)\n"
             "         by seed 41\n"
             "second (attempt 2)                                                  None → core1\n"
             "  given    g2                                                              0.1 s\n"
             "  should   ✓ s2\n"
             "           ✓ t2\n"
             "first                                                               None → core1\n"
             "  given    g1                                                              0.1 s\n"
             "  should   ✓ s1\n");
}

BOOST_AUTO_TEST_CASE(a_terminal_shows_what_runs_side_by_side) {
  Page page;
  Console console(page.file.get(), {false, true});
  const Scenario first = fake("first"), second = fake("second");
  console.plan({{&first, 1}, {&second, 1}}, 2, "as asked for", {}, 41);
  const Running one{first, 1, 1, ""}, two{second, 1, 2, ""};
  console.scenario_begins(one);
  console.scenario_begins(two);
  console.step_begins(one, Phase::should, first.shoulds[0]);
  const auto before = page.text();
  BOOST_TEST(before.ends_with("\r\033[K0 of 2 ended  first should 0/1  second given"));
  console.scenario_ends(one, {});
  console.scenario_ends(two, {});
  const auto after = page.text().substr(before.size());
  BOOST_TEST(after.starts_with("\r\033[Kfirst  "));
  BOOST_TEST(after.find("\r\033[K1 of 2 ended  second given") != std::string::npos);
  BOOST_TEST(after.ends_with("\n\r\033[K"));
}

BOOST_AUTO_TEST_CASE(several_scenarios_end_with_the_slowest_and_what_jobs_gained) {
  Page page;
  Console console(page.file.get(), {});
  RunResult run;
  for (const int seconds : {3, 9}) {
    ScenarioResult result;
    result.name = fmt::format("takes-{}", seconds);
    result.took = std::chrono::seconds(seconds);
    run.scenarios.push_back(result);
  }
  run.took = 9500ms;
  run.jobs = 2;
  run.leaked = {"volume v on core1"};
  run.left_out = {{"moves", "why"}};
  console.summary(run, "");
  BOOST_TEST(page.text() ==
             "2 scenarios, 0 shoulds: 0 passed, 0 failed, 1 scenario left out            9.5 s\n"
             "slowest  takes-9                                                           9.0 s\n"
             "         takes-3                                                           3.0 s\n"
             "total    9.5 s, sum of scenarios 12.0 s, jobs 2\n"
             "leaked   volume v on core1\n");
}

BOOST_AUTO_TEST_CASE(a_character_takes_one_column_however_many_bytes_it_has) {
  BOOST_TEST(columns("None → core1") == 12U);
  BOOST_TEST(columns(with_time("✓ é", 1234ms)) == 80U);
}

BOOST_AUTO_TEST_SUITE_END()
