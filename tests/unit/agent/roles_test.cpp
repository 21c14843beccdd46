#include "agent/roles.hpp"

#include "base/text.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace labctl;
using namespace labctl::agent;

BOOST_AUTO_TEST_SUITE(roles)

namespace {

std::string text(const std::vector<Step>& steps) {
  std::vector<std::string> words;
  for (Step step : steps) words.emplace_back(to_string(step));
  return join(words, " ");
}

std::ptrdiff_t place(const std::vector<Step>& steps, Step step) {
  return std::find(steps.begin(), steps.end(), step) - steps.begin();
}

constexpr Role all[] = {Role::master, Role::slave, Role::none};

}  // namespace

BOOST_AUTO_TEST_CASE(every_row_of_the_contract_is_there) {
  BOOST_TEST(text(deploy_plan(Role::master, Role::master, true)) ==
             "clone check images maintenance_on down unschedule clear_marks snapshot pre_up up schedule "
             "publish clean_old");
  BOOST_TEST(
      text(deploy_plan(Role::master, Role::slave, true)) ==
      "clone check hot_send maintenance_on down unschedule clear_marks cold_send release wait_published "
      "deregister down_volumes "
      "purge_on clean_old");
  BOOST_TEST(
      text(deploy_plan(Role::master, Role::none, true)) ==
      "clone check hot_send maintenance_on down unschedule clear_marks cold_send release wait_published "
      "deregister down_volumes "
      "drop_clone clean_old");
  BOOST_TEST(text(deploy_plan(Role::slave, Role::master, true)) ==
             "clone check images purge_off wait_release restore pre_up up schedule publish clean_old");
  BOOST_TEST(text(deploy_plan(Role::slave, Role::slave, true)) ==
             "clone check wait_published purge_off purge_on clean_old");
  BOOST_TEST(text(deploy_plan(Role::slave, Role::none, true)) ==
             "clone check wait_published purge_off drop_clone clean_old");
  BOOST_TEST(text(deploy_plan(Role::none, Role::master, true)) ==
             "clone check images wait_release restore pre_up up schedule publish");
  BOOST_TEST(text(deploy_plan(Role::none, Role::master, false)) ==
             "clone check images pre_up up schedule publish");
  BOOST_TEST(text(deploy_plan(Role::none, Role::slave, true)) == "clone check wait_published purge_on");
  BOOST_TEST(text(deploy_plan(Role::none, Role::slave, false)) == "clone check purge_on");
  for (bool old_master : {false, true})
    BOOST_TEST(text(deploy_plan(Role::none, Role::none, old_master)) == "");
}

BOOST_AUTO_TEST_CASE(destroy_forgets_before_it_deletes_and_deletes_after_a_snapshot) {
  BOOST_TEST(text(destroy_plan(Role::master)) ==
             "down deregister unschedule forget snapshot down_volumes clean_old");
  BOOST_TEST(text(destroy_plan(Role::slave)) == "purge_off clean_old");
  BOOST_TEST(text(destroy_plan(Role::none)) == "");
}

BOOST_AUTO_TEST_CASE(nothing_is_touched_before_the_repository_is_checked) {
  for (Role from : all) {
    for (Role to : all) {
      const auto& steps = deploy_plan(from, to, true);
      if (steps.empty()) continue;
      BOOST_TEST(text({steps[0], steps[1]}) == "clone check");
    }
  }
}

BOOST_AUTO_TEST_CASE(volumes_go_only_after_the_last_transfer_and_the_old_clone_goes_last) {
  for (Role from : all) {
    for (Role to : all) {
      const auto& steps = deploy_plan(from, to, true);
      if (place(steps, Step::down_volumes) < static_cast<std::ptrdiff_t>(steps.size())) {
        BOOST_TEST(place(steps, Step::cold_send) < place(steps, Step::release));
        BOOST_TEST(place(steps, Step::release) < place(steps, Step::wait_published));
        BOOST_TEST(place(steps, Step::wait_published) < place(steps, Step::down_volumes));
      }
      if (from != Role::none) BOOST_TEST((steps.back() == Step::clean_old));
      if (to == Role::master) BOOST_TEST(place(steps, Step::up) < place(steps, Step::publish));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
