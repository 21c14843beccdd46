#include "runner/run_order.hpp"

#include "fake.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;

namespace {

struct Kinds {
  const Scenario plain = fake("plain");
  const Scenario alone = fake("alone").disruptive();

  std::vector<Planned> plan(const std::string& kinds) const {
    std::vector<Planned> list;
    for (const char kind : kinds) list.push_back({kind == 'x' ? &alone : &plain});
    return list;
  }
};

// The scenarios that start at once, as positions in the plan.
std::vector<std::size_t> starts(RunOrder& order) {
  std::vector<std::size_t> list;
  while (const auto place = order.next()) list.push_back(*place);
  return list;
}

using Places = std::vector<std::size_t>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(runner_run_order, Kinds)

BOOST_AUTO_TEST_CASE(as_many_start_as_there_are_jobs_in_the_order_of_the_plan) {
  const auto planned = plan("pppp");
  RunOrder order(planned, 2, false);
  BOOST_TEST((starts(order) == Places{0, 1}));
  order.ended(1, Outcome::passed);
  BOOST_TEST((starts(order) == Places{2}));
  order.ended(0, Outcome::failed);
  BOOST_TEST((starts(order) == Places{3}));
  order.ended(2, Outcome::passed);
  BOOST_TEST(!order.done());
  order.ended(3, Outcome::passed);
  BOOST_TEST(order.done());
}

BOOST_AUTO_TEST_CASE(one_job_follows_the_plan_to_the_letter) {
  const auto planned = plan("pxpx");
  RunOrder order(planned, 1, false);
  for (std::size_t place = 0; place < 4; ++place) {
    BOOST_TEST((starts(order) == Places{place}));
    order.ended(place, Outcome::passed);
  }
  BOOST_TEST(order.done());
}

BOOST_AUTO_TEST_CASE(a_disruptive_one_runs_alone) {
  const auto planned = plan("xpp");
  RunOrder order(planned, 3, false);
  BOOST_TEST((starts(order) == Places{0}));
  order.ended(0, Outcome::passed);
  BOOST_TEST((starts(order) == Places{1, 2}));
}

BOOST_AUTO_TEST_CASE(what_can_start_goes_before_what_would_have_to_wait) {
  const auto planned = plan("pxxp");
  RunOrder order(planned, 2, false);
  BOOST_TEST((starts(order) == Places{0, 3}));
  order.ended(0, Outcome::passed);
  BOOST_TEST(starts(order).empty());
  order.ended(3, Outcome::passed);
  BOOST_TEST((starts(order) == Places{1}));
  order.ended(1, Outcome::passed);
  BOOST_TEST((starts(order) == Places{2}));
}

BOOST_AUTO_TEST_CASE(nothing_starts_after_an_interrupt) {
  const auto planned = plan("ppp");
  RunOrder order(planned, 2, false);
  starts(order);
  order.ended(0, Outcome::interrupted);
  BOOST_TEST(starts(order).empty());
  BOOST_TEST(!order.done());  // the other one continues to its end
  order.ended(1, Outcome::passed);
  BOOST_TEST(order.done());
}

BOOST_AUTO_TEST_CASE(what_one_scenario_could_not_have_is_no_matter_of_the_next) {
  const auto planned = plan("pp");
  RunOrder order(planned, 1, false);
  starts(order);
  order.ended(0, Outcome::unable);
  BOOST_TEST((starts(order) == Places{1}));
}

BOOST_AUTO_TEST_CASE(fail_fast_ends_the_run_with_whatever_did_not_pass) {
  for (const auto outcome : {Outcome::failed, Outcome::errored, Outcome::passed}) {
    const auto planned = plan("pp");
    RunOrder order(planned, 1, true);
    starts(order);
    order.ended(0, outcome);
    BOOST_TEST(starts(order).empty() == (outcome != Outcome::passed));
  }
}

BOOST_AUTO_TEST_CASE(a_stop_lets_run_what_runs) {
  const auto planned = plan("pp");
  RunOrder order(planned, 1, false);
  starts(order);
  order.stop();
  BOOST_TEST(!order.done());
  order.ended(0, Outcome::interrupted);
  BOOST_TEST(order.done());
}

BOOST_AUTO_TEST_CASE(jobs_are_as_many_as_cores_ports_and_runs_allow_and_one_without_own_branches) {
  const JobLimits limits{.cores = 4, .ports = 6, .writable = true, .runs = 20};
  const auto with = [&](auto change) {
    auto changed = limits;
    change(changed);
    return choose_jobs(changed);
  };
  BOOST_TEST((with([](auto& l) { l.cores = 2; }) == Jobs{4, "2 for each of the machine's cores, 2"}));
  BOOST_TEST((with([](auto& l) { l.cores = 1; }) == Jobs{2, "2 for each of the machine's cores, 1"}));
  BOOST_TEST(
      (with([](auto& l) { l.cores = 0; }) == Jobs{2, "2 for each of the machine's cores, 1"}));  // unknown
  BOOST_TEST((with([](auto& l) { l.asked = 5; }) == Jobs{5, "as asked for"}));
  BOOST_TEST((with([](auto& l) { l.asked = 8; }) ==
              Jobs{6, "as many as cluster.service.ssh_ports of the inventory"}));
  BOOST_TEST((with([](auto& l) { l.ports = 1; }).count == 1));
  BOOST_TEST((with([](auto& l) { l.runs = 2; }) == Jobs{2, "there are no more scenarios"}));
  BOOST_TEST((with([](auto& l) { l.runs = 0; }).count == 1));
  const auto read_only = with([](auto& l) {
    l.writable = false;
    l.asked = 4;
  });
  BOOST_TEST(read_only.count == 1);
  BOOST_TEST(read_only.why.find("not writable") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(marks_are_short_tell_scenarios_and_runs_apart_and_are_no_part_of_an_id) {
  std::set<std::string> tags;
  for (std::int64_t time = 1'800'000'000; time < 1'800'001'000; ++time) tags.insert(run_tag(time, 7, 4711));
  BOOST_TEST(tags.size() == 1000U);
  BOOST_TEST(run_tag(1'800'000'000, 7, 4711) != run_tag(1'800'000'000, 7, 4712));
  BOOST_TEST(run_tag(1'800'000'000, 7, 4711) != run_tag(1'800'000'000, 8, 4711));
  for (const auto& tag : tags) {
    BOOST_TEST(tag.size() == 3U);
    BOOST_TEST(tag.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz") == std::string::npos);
    BOOST_TEST((tag[0] >= 'g' && tag[0] <= 'z'));
  }
  std::set<std::string> marks;
  for (int number = 0; number < 36 * 36; ++number) marks.insert(mark_of("k00", number));
  BOOST_TEST(marks.size() == 36U * 36U);
  BOOST_TEST(mark_of("k00", 1) == "k0001");
  BOOST_TEST(mark_of("k00", 36) == "k0010");
}

BOOST_AUTO_TEST_SUITE_END()
