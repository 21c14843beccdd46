#include "runner/reports.hpp"

#include "base/base64.hpp"
#include "base/paths.hpp"
#include "fake.hpp"
#include "runner/baseline.hpp"
#include "runs.hpp"
#include "support/error_of.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;

namespace {

RunResult sample() {
  Recorder recorder;
  const Scenario good = fake("good");
  const Scenario bad =
      fake("bad <&>")
          .should("fail", [](Cluster&, NoState&) { check(false, "a < b", "\x01 \"c\" & d", "core1"); })
          .should("break", break_down);
  const Scenario broken = fake("broken").given("break", break_down);
  auto run = run_plan({{&good, 1}, {&bad, 1}, {&broken, 1}}, make_no_cluster, recorder, {});
  run.seed = 41;
  run.again = "labctl test --all --seed 41";
  return run;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_reports)

BOOST_AUTO_TEST_CASE(junit_reads_back_with_every_should_and_what_it_saw) {
  pugi::xml_document document;
  const auto text = junit_xml(sample());
  BOOST_REQUIRE(document.load_buffer(text.data(), text.size()));
  const auto suites = document.child("testsuites");
  BOOST_TEST(suites.attribute("tests").as_int() == 6);  // five shoulds and the given that errored
  BOOST_TEST(suites.attribute("failures").as_int() == 1);
  BOOST_TEST(suites.attribute("errors").as_int() == 2);
  BOOST_TEST(suites.attribute("skipped").as_int() == 1);

  const auto bad = suites.find_child_by_attribute("testsuite", "name", "bad <&>");
  BOOST_REQUIRE(bad);
  const auto failure = bad.find_child_by_attribute("testcase", "name", "fail").child("failure");
  BOOST_REQUIRE(failure);
  BOOST_TEST(std::string(failure.attribute("message").value()) ==
             "expected a < b, seen \\x01 \"c\" & d (core1)");
  const auto error = bad.find_child_by_attribute("testcase", "name", "break").child("error");
  BOOST_TEST(std::string(error.attribute("message").value()) == "core1: nobody answers");

  const auto broken = suites.find_child_by_attribute("testsuite", "name", "broken");
  BOOST_TEST(broken.find_child_by_attribute("testcase", "name", "given: break").child("error"));
  BOOST_TEST(broken.find_child_by_attribute("testcase", "name", "hold").child("skipped"));
}

BOOST_AUTO_TEST_CASE(json_has_the_run) {
  labctl::test::TempDir dir;
  write_reports(sample(), dir / "report");
  const auto document = nlohmann::json::parse(read_file(dir / "report" / "results.json"));
  BOOST_TEST(document.at("seed") == 41);
  BOOST_TEST(document.at("passed") == false);
  BOOST_TEST(document.at("scenarios").at(1).at("steps").at(3).at("expected") == "a < b");
}

BOOST_AUTO_TEST_CASE(the_reports_say_what_was_left_out_and_what_leaked) {
  auto run = sample();
  run.left_out = {{"add-volume", "it moves a <branch>"}};
  run.leaked = {"volume v on core1"};
  pugi::xml_document document;
  const auto text = junit_xml(run);
  BOOST_REQUIRE(document.load_buffer(text.data(), text.size()));
  const auto suites = document.child("testsuites");
  const auto left_out = suites.find_child_by_attribute("testsuite", "name", "add-volume");
  BOOST_TEST(std::string(left_out.child("testcase").child("skipped").attribute("message").value()) ==
             "left out: it moves a <branch>");
  const auto whole = suites.find_child_by_attribute("testsuite", "name", "the whole run");
  BOOST_TEST(std::string(whole.child("testcase").child("failure").attribute("message").value()) ==
             "volume v on core1");
  BOOST_TEST(suites.attribute("skipped").as_int() == 2);
  BOOST_TEST(suites.attribute("failures").as_int() == 2);

  const auto json = nlohmann::json::parse(json_text(run));
  BOOST_TEST(json.at("left_out").at(0).at("name") == "add-volume");
  BOOST_TEST(json.at("leaked").at(0) == "volume v on core1");
  BOOST_TEST(json.at("passed") == false);
  const auto page = html_page(run);
  BOOST_TEST(page.find("left out: add-volume: it moves a &lt;branch&gt;") != std::string::npos);
  BOOST_TEST(page.find("leaked: volume v on core1") != std::string::npos);
  BOOST_TEST(page.find("labctl test: not passed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_reports_have_times_marks_and_notes) {
  RunResult run;
  ScenarioResult slow;
  slow.name = "slow";
  slow.number = 2;
  slow.mark = "k3x02";
  slow.took = std::chrono::milliseconds(9000);
  slow.steps.push_back({Phase::because, "it is deployed", Verdict::passed, {}, {}, {}, {"handler <2.1> s"}});
  ScenarioResult quick;
  quick.name = "quick";
  quick.took = std::chrono::milliseconds(4000);
  run.scenarios = {quick, slow};
  run.took = std::chrono::milliseconds(9500);
  run.jobs = 2;
  BOOST_TEST(run.sum_of_scenarios().count() == 13000);
  BOOST_TEST(run.slowest(1).at(0)->name == "slow");

  const auto json = nlohmann::json::parse(json_text(run));
  BOOST_TEST(json.at("sum_of_scenarios") == 13000);
  BOOST_TEST(json.at("jobs") == 2);
  BOOST_TEST(json.at("scenarios").at(1).at("mark") == "k3x02");
  BOOST_TEST(json.at("scenarios").at(1).at("number") == 2);
  BOOST_TEST(json.at("scenarios").at(1).at("steps").at(0).at("notes").at(0) == "handler <2.1> s");

  const auto page = html_page(run);
  BOOST_TEST(page.find("total 9.5 s · sum of scenarios 13.0 s · jobs 2") != std::string::npos);
  BOOST_TEST(page.find("handler &lt;2.1&gt; s") != std::string::npos);
  const auto table = page.substr(page.find("<table>"));
  BOOST_TEST(table.find(">slow<") < table.find(">quick<"));
  BOOST_TEST(junit_xml(run).find("value=\"k3x02\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(beside_a_baseline_junit_fails_for_new_reds_only) {
  const auto there =
      run_of({ran("one", {judged(Phase::given, "g", Verdict::errored)}),
              ran("two", {should("known", Verdict::failed), should("mended", Verdict::failed),
                          should("lost", Verdict::passed), should("worse", Verdict::passed)})});
  auto run = run_of({ran("one", {judged(Phase::given, "g", Verdict::passed)}),
                     ran("two", {should("known", Verdict::failed, "c < d"), should("mended", Verdict::passed),
                                 should("lost", Verdict::not_run), should("worse", Verdict::failed),
                                 should("fresh", Verdict::passed)})});
  run.leaked = {"volume v on core1"};
  auto leaky = there;
  leaky.leaked = {"volume w on core1"};
  Baseline(leaky, "old").compare(run);

  pugi::xml_document document;
  const auto text = junit_xml(run);
  BOOST_REQUIRE(document.load_buffer(text.data(), text.size()));
  const auto suites = document.child("testsuites");
  BOOST_TEST(suites.attribute("tests").as_int() == 7);
  BOOST_TEST(suites.attribute("failures").as_int() == 2);
  BOOST_TEST(suites.attribute("errors").as_int() == 0);
  BOOST_TEST(suites.attribute("skipped").as_int() == 2);
  BOOST_TEST(std::string(suites.attribute("compared").value()) ==
             "2 new red (1 of them not run), 2 known red, 2 mended, 1 new");
  const auto suite = suites.find_child_by_attribute("testsuite", "name", "two");
  const auto test = [&](const char* name) { return suite.find_child_by_attribute("testcase", "name", name); };
  BOOST_TEST(std::string(test("known").child("skipped").attribute("message").value()) ==
             "known red: other evidence than there; expected a, seen c < d (core1)");
  BOOST_TEST(std::string(test("lost").child("failure").attribute("message").value()) ==
             "new red: passed there, not judged now");
  BOOST_TEST(std::string(test("worse").child("failure").attribute("message").value()) ==
             "expected a, seen b (core1)");
  for (const char* name : {"mended", "fresh"}) {
    BOOST_TEST(!test(name).child("failure"));
    BOOST_TEST(!test(name).child("skipped"));
  }
  BOOST_TEST(std::string(test("mended").child("properties").child("property").attribute("value").value()) ==
             "mended");
  const auto given = suites.find_child_by_attribute("testsuite", "name", "one").child("testcase");
  BOOST_TEST(std::string(given.child("properties").child("property").attribute("value").value()) == "mended");
}

BOOST_AUTO_TEST_CASE(json_and_page_say_what_a_baseline_says) {
  const auto there = run_of({ran("one", {should("known", Verdict::failed), should("gone", Verdict::passed)}),
                             ran("two", {should("a", Verdict::passed)})});
  auto run =
      run_of({ran("one", {should("known", Verdict::failed, "<c>"), should("worse", Verdict::failed)})});
  Baseline(there, "<old>").compare(run);

  const auto json = nlohmann::json::parse(json_text(run));
  BOOST_TEST(json.at("format") == report_format);
  BOOST_TEST(json.at("labctl") == "0.1.0");
  const auto& steps = json.at("scenarios").at(0).at("steps");
  BOOST_TEST(steps.at(0).at("change") == "known red");
  BOOST_TEST(steps.at(0).at("remark") == "other evidence than there");
  BOOST_TEST(steps.at(1).at("change") == "new red");
  const auto& baseline = json.at("baseline");
  BOOST_TEST(baseline.at("against") == "<old>");
  BOOST_TEST(baseline.at("new_red") == 1);
  BOOST_TEST(baseline.at("known_red") == 1);
  BOOST_TEST(baseline.at("elsewhere") == 1);
  BOOST_TEST(baseline.at("gone").at(0) == "one: gone");
  BOOST_TEST(baseline.at("acceptable") == false);
  BOOST_TEST(!nlohmann::json::parse(json_text(there)).contains("baseline"));

  const auto page = html_page(run);
  BOOST_TEST(
      page.find("<strong>1 new red, 1 known red, 0 mended, 0 new</strong> against &lt;old&gt; (2026") !=
      std::string::npos);
  BOOST_TEST(page.find("1 of its scenarios not run now") != std::string::npos);
  BOOST_TEST(page.find("<span class=\"change new-red\">new red</span> one: worse") != std::string::npos);
  BOOST_TEST(page.find("worse<span class=\"change new-red\">new red</span>") != std::string::npos);
  BOOST_TEST(page.find("gone: one: gone") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_page_stands_alone_and_lets_no_text_become_markup) {
  const auto page = html_page(sample());
  BOOST_TEST(page.find("bad &lt;&amp;&gt;") != std::string::npos);
  BOOST_TEST(page.find("<dt>expected</dt><dd><pre>a &lt; b</pre></dd>") != std::string::npos);
  BOOST_TEST(page.find("<pre>\\x01 &quot;c&quot; &amp; d</pre>") != std::string::npos);
  BOOST_TEST(page.find("bad <&>") == std::string::npos);
  BOOST_TEST(page.find("src=") == std::string::npos);
  BOOST_TEST(page.find("http://") == std::string::npos);
  BOOST_TEST(page.find("https://") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_page_allows_its_own_style_and_script_only) {
  const auto page = html_page(sample());
  const auto hash = [&](const std::string& directive) {
    const auto at = page.find(directive + " 'sha256-");
    BOOST_REQUIRE(at != std::string::npos);
    // Base64 of 32 bytes.
    return page.substr(at + directive.size() + std::string(" 'sha256-").size(), 44);
  };
  BOOST_TEST(page.find("default-src 'none'") != std::string::npos);
  BOOST_TEST(decode_base64(hash("style-src")).value().size() == 32U);
  BOOST_TEST(decode_base64(hash("script-src")).value().size() == 32U);
  BOOST_TEST(page.find(" style=") == std::string::npos);
  BOOST_TEST(page.find("unsafe") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_red_scenario_is_open_with_its_states_and_a_green_one_is_closed) {
  auto red = ran("red", {should("good", Verdict::passed), should("bad", Verdict::failed)});
  red.attachments = {{"state of <app>", "master core1 & core2"}};
  auto green = ran("green", {should("good", Verdict::passed)});
  green.number = 2;
  const auto page = html_page(run_of({red, green}));
  BOOST_TEST(page.find("id=\"s1\" data-outcome=\"failed\" data-tags=\"\" open>") != std::string::npos);
  BOOST_TEST(page.find("id=\"s2\" data-outcome=\"passed\" data-tags=\"\">") != std::string::npos);
  BOOST_TEST(page.find("<summary>state of &lt;app&gt;</summary>") != std::string::npos);
  BOOST_TEST(page.find("master core1 &amp; core2</pre>") != std::string::npos);
  BOOST_TEST(page.find("<summary>1 should passed</summary>") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_timeline_shows_what_was_seen_and_nothing_if_no_time_is_known) {
  using std::chrono::milliseconds;
  auto one = ran("one", {judged(Phase::given, "g", Verdict::passed), should("a", Verdict::passed)});
  auto run = run_of({one});
  BOOST_TEST(html_page(run).find("class=\"timeline\"") == std::string::npos);

  one.began = milliseconds(0);
  one.took = milliseconds(1000);
  one.steps[0].began = milliseconds(0);
  one.steps[0].took = milliseconds(500);
  one.steps[1].began = milliseconds(500);
  one.steps[1].took = milliseconds(250);
  one.activities = {{Activity::Kind::handler, "core3", "id", milliseconds(100), milliseconds(200), true}};
  auto two = one;
  two.name = "two";
  two.number = 2;
  two.began = milliseconds(1000);
  auto three = two;
  three.name = "three";
  three.number = 3;
  three.began = milliseconds(1500);
  run = run_of({one, two, three});
  run.took = milliseconds(2500);
  const auto page = html_page(run);
  BOOST_TEST(page.find("<span class=\"lane-name\">job 2</span>") != std::string::npos);
  BOOST_TEST(page.find("<span class=\"lane-name\">job 3</span>") == std::string::npos);
  BOOST_TEST(page.find("<span class=\"lane-name\">core3</span>") != std::string::npos);
  BOOST_TEST(page.find("<span class=\"lane-name\">maintenance</span>") == std::string::npos);
  BOOST_TEST(page.find("<rect class=\"bar given\" x=\"0.00%\" width=\"20.00%\"") != std::string::npos);
  BOOST_TEST(page.find("<rect class=\"bar shoulds\" x=\"20.00%\" width=\"10.00%\"") != std::string::npos);
  BOOST_TEST(page.find("core3: 3 events, 0.6 s together") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_folder_for_reports_is_made_later_and_a_file_is_none) {
  const labctl::test::TempDir dir;
  BOOST_CHECK_NO_THROW(require_writable(dir / "new/er"));
  BOOST_TEST(!std::filesystem::exists(dir / "new"));
  write_file(dir / "file", "");
  for (const auto& path : {dir / "file", dir / "file/below"}) {
    const auto error = labctl::test::error_of([&] { require_writable(path); });
    BOOST_TEST(labctl::test::holds(error, (dir / "file").string() + " is no folder"), error.line());
  }
}

BOOST_AUTO_TEST_SUITE_END()
