#include "runner/console.hpp"

#include "fake.hpp"

#include <boost/test/unit_test.hpp>

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
    std::rewind(file.get());
    std::string all;
    for (int c; (c = std::fgetc(file.get())) != EOF;) all += static_cast<char>(c);
    return all;
  }
};

StepResult step(Phase phase, const std::string& text, Verdict verdict, std::chrono::milliseconds took = {}) {
  return {phase, text, verdict, {}, {}, took};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_console)

BOOST_AUTO_TEST_CASE(a_run_reads_as_the_user_guide_shows_it) {
  Page page;
  Console console(page.file.get(), {});
  const Scenario scenario = fake("new-service");
  console.scenario_begins(scenario, 1);
  console.step_ends(step(Phase::given, "a cluster without the test service", Verdict::passed, 400ms));
  console.step_ends(step(Phase::because, "it is deployed on core1", Verdict::passed, 6100ms));
  console.step_ends(step(Phase::should, "have a key in the KV store", Verdict::passed));
  auto failed = step(Phase::should, "have its database volume on core1 only", Verdict::failed);
  failed.mismatch = Mismatch{"P_dbdata on core1", "on core1 and core3", "core3"};
  console.step_ends(failed);
  console.step_ends(step(Phase::cleanup, "destroyed, nothing left", Verdict::passed, 3000ms));

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
  console.step_ends(broken);
  BOOST_TEST(page.text() ==
             "  because  ! it is deployed                                                0.1 s\n"
             "               error     first line\n"
             "                         second line\n");
}

BOOST_AUTO_TEST_CASE(colour_is_written_only_when_asked_for) {
  Page plain, coloured;
  Console(plain.file.get(), {}).step_ends(step(Phase::should, "hold", Verdict::passed));
  Console(coloured.file.get(), {true, false}).step_ends(step(Phase::should, "hold", Verdict::passed));
  BOOST_TEST(plain.text().find('\033') == std::string::npos);
  BOOST_TEST(coloured.text().find("\033[32m✓\033[0m") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(shoulds_that_did_not_run_are_counted_not_hidden) {
  Page page;
  Console console(page.file.get(), {});
  ScenarioResult result;
  result.steps = {step(Phase::should, "a", Verdict::not_run), step(Phase::should, "b", Verdict::not_run)};
  console.scenario_ends(result);
  BOOST_TEST(page.text() == "  2 shoulds not run\n");
}

BOOST_AUTO_TEST_CASE(a_character_takes_one_column_however_many_bytes_it_has) {
  BOOST_TEST(columns("None → core1") == 12U);
  BOOST_TEST(columns(with_time("✓ é", 1234ms)) == 80U);
}

BOOST_AUTO_TEST_SUITE_END()
