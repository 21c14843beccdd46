#include "runner/github_output.hpp"

#include "fake.hpp"
#include "page.hpp"
#include "runs.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::runner;
using namespace labctl::runner::test;
using namespace std::chrono_literals;

namespace {

const Scenario new_service_on_github = fake("new-service");
const Running running_on_github{new_service_on_github};

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_github_output)

BOOST_AUTO_TEST_CASE(a_command_escapes_what_would_end_it) {
  BOOST_TEST(workflow_command("error", {{"title", "a:b,c%d\r\ne"}, {"file", "f"}}, "1:2,3%\r\n4") ==
             "::error title=a%3Ab%2Cc%25d%0D%0Ae,file=f::1:2,3%25%0D%0A4\n");
  BOOST_TEST(workflow_command("endgroup", {}, "") == "::endgroup::\n");
}

BOOST_AUTO_TEST_CASE(a_scenario_is_a_group_and_each_red_step_an_error_after_it) {
  PageScreen page;
  GithubOutput output(page.screen, "token");
  auto result = ran("new-service", {judged(Phase::given, "g", Verdict::passed), should("a", Verdict::passed),
                                    should("b, c", Verdict::failed, "::error::of a node\n100 %"),
                                    should("d", Verdict::not_run)});
  result.summary = "None → core1";
  result.took = 1000ms;
  output.scenario_ends(running_on_github, result);
  BOOST_TEST(page.text() ==
             "::group::✗ new-service                      None → core1                     1/3    1.0 s\n"
             "::stop-commands::token\n"
             "  given    g                                                               0.0 s\n"
             "  should   ✓ a\n"
             "           ✗ b, c\n"
             "               expected  a\n"
             "               seen      ::error::of a node\n"
             "                         100 %\n"
             "               where     core1\n"
             "  1 should not run\n"
             "::token::\n"
             "::endgroup::\n"
             "::error title=new-service%3A should b%2C c::expected: a%0Aseen: ::error::of a node%0A100 %25%0A"
             "where: core1\n");
}

BOOST_AUTO_TEST_CASE(a_known_red_is_a_warning_and_a_lost_proof_an_error) {
  const Baseline baseline(
      run_of({ran("new-service", {should("known", Verdict::failed), should("lost", Verdict::passed),
                                  should("never", Verdict::not_run)})}),
      "old");
  PageScreen page;
  GithubOutput output(page.screen, "token");
  output.compare_with(baseline);
  output.scenario_ends(running_on_github,
                       ran("new-service", {should("known", Verdict::failed), should("lost", Verdict::not_run),
                                           should("never", Verdict::not_run)}));
  const auto text = page.text();
  BOOST_TEST(text.find("\n::warning title=new-service%3A should known::known red%0A") != std::string::npos,
             text);
  BOOST_TEST(text.find("\n::error title=new-service%3A should lost::") != std::string::npos, text);
  BOOST_TEST(text.find("title=new-service%3A should never") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(leaks_are_errors_of_the_whole_run) {
  PageScreen page;
  GithubOutput output(page.screen, "token");
  auto run = run_of({});
  run.leaked = {"volume v on core1"};
  output.summary(run, "");
  BOOST_TEST(
      page.text().starts_with("::error title=the whole run%3A nothing leaked::volume v on "
                              "core1\n::stop-commands::token\n0 scenarios, "));
  BOOST_TEST(page.text().ends_with("::token::\n"));
}

BOOST_AUTO_TEST_SUITE_END()
