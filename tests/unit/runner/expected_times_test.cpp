#include "runner/expected_times.hpp"

#include "runs.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::runner;
using namespace labctl::runner::test;
using namespace std::chrono_literals;

namespace {

ScenarioResult took(const std::string& name, std::chrono::milliseconds time,
                    Outcome outcome = Outcome::passed) {
  auto result = ran(name, {});
  result.took = time;
  result.outcome = outcome;
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_expected_times)

BOOST_AUTO_TEST_CASE(a_scenario_takes_the_mean_of_its_attempts_that_had_a_verdict) {
  const ExpectedTimes times(run_of({took("a", 10s), took("a", 20s, Outcome::failed),
                                    took("a", 1s, Outcome::interrupted), took("b", 3s, Outcome::unable)}));
  BOOST_TEST((times.of("a") == 15000ms));
  BOOST_TEST(!times.of("b"));
  BOOST_TEST(!times.none());
  BOOST_TEST(ExpectedTimes().none());
}

BOOST_AUTO_TEST_CASE(without_a_known_time_there_is_no_estimate) {
  BOOST_TEST(!remaining(ExpectedTimes(), {{"a", false, 1s}}, {{"b"}}, 2));
}

BOOST_AUTO_TEST_CASE(jobs_share_what_is_left) {
  const ExpectedTimes times(run_of({took("a", 10s), took("b", 20s), took("c", 30s)}));
  const auto left = [&](const std::vector<Due>& running, const std::vector<Due>& waiting, int jobs) {
    const auto result = remaining(times, running, waiting, jobs);
    return result ? result->time : -1ms;
  };
  BOOST_TEST((left({{"a", false, 4s}}, {{"b"}, {"c"}}, 1) == 56s));
  BOOST_TEST((left({{"a", false, 4s}, {"b", false, 5s}}, {{"c"}}, 2) == 36s));
  // b runs alone: it waits for a and c, and nothing starts beside it.
  BOOST_TEST((left({{"a", false, 4s}, {"c", false, 20s}}, {{"b", true}, {"a"}}, 2) == 40s));
  // A job that takes longer than expected does not make the rest shorter.
  BOOST_TEST((left({{"a", false, 60s}}, {{"b"}}, 1) == 20s));
}

BOOST_AUTO_TEST_CASE(the_estimate_says_how_sure_it_is) {
  BOOST_TEST((Remaining{40500ms, 0}.text()) == "about 41 s left");
  BOOST_TEST((Remaining{200s, 0}.text()) == "about 3 min left");
  BOOST_TEST((Remaining{200s, 2}.text()) == "at least 3 min left, 2 scenarios without a known time");
  BOOST_TEST((Remaining{0s, 0}.text()) == "longer than the last run");
  BOOST_TEST((Remaining{0s, 1}.text()) == "time left unknown");
}

BOOST_AUTO_TEST_SUITE_END()
