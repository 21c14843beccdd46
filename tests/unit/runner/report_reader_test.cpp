#include "runner/report_reader.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "runner/baseline.hpp"
#include "runner/reports.hpp"
#include "runs.hpp"
#include "support/error_of.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;

namespace {

RunResult full_run() {
  auto run =
      run_of({ran("one", {judged(Phase::given, "g", Verdict::passed), should("a", Verdict::failed, "\x01 ü"),
                          should("b", Verdict::errored, "core1: silent")}),
              ran("two", {judged(Phase::given, "g", Verdict::errored), should("a", Verdict::not_run)}, 2)});
  run.scenarios[0].mark = "k3x01";
  run.scenarios[0].tags = {"new", "failure"};
  run.scenarios[0].took = std::chrono::milliseconds(1234);
  run.scenarios[0].steps[0].notes = {"handlers 2.1 s"};
  run.left_out = {{"three", "it cannot"}};
  run.leaked = {"volume v on core1"};
  run.seed = 41;
  run.jobs = 2;
  run.again = "labctl test --all";
  run.environment = {"4 nodes"};
  run.took = std::chrono::milliseconds(5000);
  return run;
}

std::string reading_refused(const std::string& text) {
  try {
    parse_report(text, "old/results.json");
  } catch (const Error& e) {
    BOOST_TEST(static_cast<int>(e.kind()) == static_cast<int>(Kind::invalid));
    return e.line();
  }
  return "none";
}

std::string sample_with(const std::string& from, const std::string& to) {
  const auto text = json_text(full_run());
  BOOST_REQUIRE(text.find(from) != std::string::npos);
  return replace_all(text, from, to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_report_reader)

BOOST_AUTO_TEST_CASE(a_report_reads_back_as_it_was_written) {
  const auto text = json_text(full_run());
  BOOST_TEST(json_text(parse_report(text, "x")) == text);
  labctl::test::TempDir dir;
  write_reports(full_run(), dir / "report");
  BOOST_TEST(json_text(read_report(dir / "report")) == text);
  BOOST_TEST(json_text(read_report(dir / "report" / "results.json")) == text);
}

BOOST_AUTO_TEST_CASE(what_a_comparison_said_is_not_taken_over) {
  auto run = full_run();
  Baseline(run, "old").compare(run);
  BOOST_TEST(json_text(parse_report(json_text(run), "x")) == json_text(full_run()));
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_file_the_place_and_what_was_expected) {
  BOOST_TEST(reading_refused("{\n  \"format\": 1,\n  nonsense}")
                 .starts_with("old/results.json: not a report of labctl, not JSON: line 3, column "));
  BOOST_TEST(reading_refused("[]") ==
             "old/results.json: not a report of labctl: at the top: expected an object, seen []");
  BOOST_TEST(
      reading_refused(sample_with("\"outcome\": \"errored\"", "\"outcome\": \"broken\"")) ==
      "old/results.json: not a report of labctl: /scenarios/1/outcome: expected one of passed, failed, "
      "errored, unable, flaky, interrupted, seen \"broken\"");
  BOOST_TEST(
      reading_refused(sample_with("\"milliseconds\": 1234", "\"milliseconds\": -1")) ==
      "old/results.json: not a report of labctl: /scenarios/0/milliseconds: expected a whole number from 0 "
      "to 9223372036854775807, seen -1");
  BOOST_TEST(reading_refused(sample_with("\"attempt\": 2", "\"attempts\": 2")) ==
             "old/results.json: not a report of labctl: /scenarios/1: expected a key \"attempt\", seen none");
  BOOST_TEST(
      reading_refused(sample_with("\"where\": \"core1\"", "\"where\": null")) ==
      "old/results.json: not a report of labctl: /scenarios/0/steps/1/where: expected a text, seen null");
}

BOOST_AUTO_TEST_CASE(another_format_is_refused_with_the_version_that_wrote_it) {
  BOOST_TEST(reading_refused(sample_with("\"format\": 1", "\"format\": 2")) ==
             "old/results.json: a report of format 2, expected 1 (it was written by labctl 0.1.0)");
  BOOST_TEST(reading_refused(sample_with("\"format\": 1,", ""))
                 .starts_with(
                     "old/results.json: not a report that can be read: it has no \"format\", expected 1 ("));
}

BOOST_AUTO_TEST_CASE(a_key_of_a_later_version_is_passed_over) {
  BOOST_TEST(json_text(parse_report(sample_with("\"format\": 1,", "\"format\": 1, \"later\": {\"a\": [1]},"),
                                    "x")) == json_text(full_run()));
}

BOOST_AUTO_TEST_CASE(a_missing_report_is_told_from_a_bad_one) {
  labctl::test::TempDir dir;
  BOOST_CHECK_THROW(read_report(dir / "none"), Error);
  BOOST_CHECK_THROW(read_report(dir.path()), Error);
}

BOOST_AUTO_TEST_CASE(what_did_not_pass_is_named_once) {
  auto run = full_run();
  run.scenarios.push_back(ran("good", {should("a", Verdict::passed)}));
  run.scenarios.push_back(ran("two", {should("a", Verdict::failed)}));
  BOOST_TEST((failed_scenarios(run) == std::vector<std::string>{"one", "two"}));
}

BOOST_AUTO_TEST_CASE(what_was_seen_on_the_cluster_reads_back) {
  auto red = ran("one", {should("a", Verdict::failed)});
  red.began = std::chrono::milliseconds(5);
  red.steps[0].began = std::chrono::milliseconds(7);
  using std::chrono::milliseconds;
  red.activities = {{Activity::Kind::event, "", "id", milliseconds(10), milliseconds(0), true},
                    {Activity::Kind::handler, "core1", "id", milliseconds(11), milliseconds(20), false},
                    {Activity::Kind::maintenance, "", "", milliseconds(12), milliseconds(5), true}};
  red.attachments = {{"state of a", "line\nline"}};
  const auto back = parse_report(json_text(run_of({red})), "results.json").scenarios.at(0);
  BOOST_TEST((back.began == red.began));
  BOOST_TEST((back.steps.at(0).began == red.steps[0].began));
  BOOST_TEST((back.activities == red.activities));
  BOOST_TEST((back.attachments == red.attachments));
}

BOOST_AUTO_TEST_SUITE_END()
