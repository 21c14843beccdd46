#include "runner/selection.hpp"

#include "fake.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace labctl;
using namespace labctl::runner;
using namespace labctl::runner::test;

namespace {

std::vector<Scenario> table() {
  return {fake("new-service").tags({"switch"}), fake("reverse-service").tags({"switch", "data"}),
          fake("migrate").tags({"data"}), fake("unknown-event")};
}

std::vector<std::string> names(const std::vector<Planned>& plan) {
  std::vector<std::string> result;
  for (const auto& one : plan) result.push_back(one.scenario->name);
  return result;
}

std::set<std::string> chosen(const std::vector<Scenario>& all, const Selection& selection) {
  const auto list = names(select(all, selection));
  return {list.begin(), list.end()};
}

std::string selection_refused(const Selection& selection) {
  const auto all = table();
  try {
    select(all, selection);
  } catch (const Error& e) {
    BOOST_TEST((e.kind() == Kind::usage));
    return e.line();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_selection)

BOOST_AUTO_TEST_CASE(nothing_chosen_means_all) { BOOST_TEST(chosen(table(), {}).size() == 4U); }

BOOST_AUTO_TEST_CASE(names_and_tags_add_up) {
  const auto all = table();
  BOOST_TEST((chosen(all, {.names = {"migrate"}}) == std::set<std::string>{"migrate"}));
  BOOST_TEST((chosen(all, {.tags = {"data"}}) == std::set<std::string>{"migrate", "reverse-service"}));
  BOOST_TEST((chosen(all, {.names = {"unknown-event"}, .tags = {"data"}}) ==
              std::set<std::string>{"migrate", "reverse-service", "unknown-event"}));
}

BOOST_AUTO_TEST_CASE(an_unknown_name_or_tag_offers_the_nearest) {
  BOOST_TEST(selection_refused({.names = {"new-servce"}}) ==
             "no scenario is called \"new-servce\" (did you mean new-service?)");
  BOOST_TEST(selection_refused({.tags = {"swich"}}) == "no tag is called \"swich\" (did you mean switch?)");
  BOOST_TEST(selection_refused({.names = {"zzzzzzzzzz"}}) ==
             "no scenario is called \"zzzzzzzzzz\" (labctl test --list shows them)");
}

BOOST_AUTO_TEST_CASE(a_seed_gives_one_order_and_seeds_give_several) {
  const auto all = table();
  std::set<std::vector<std::string>> orders;
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto order = names(select(all, {.seed = seed}));
    BOOST_TEST((order == names(select(all, {.seed = seed}))));
    orders.insert(order);
  }
  BOOST_TEST(orders.size() > 5U);
}

BOOST_AUTO_TEST_CASE(each_round_has_an_order_of_its_own) {
  const auto all = table();
  int differ = 0;
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto order = names(select(all, {.seed = seed, .repeat = 2}));
    BOOST_REQUIRE(order.size() == 8);
    const std::vector<std::string> first(order.begin(), order.begin() + 4),
        second(order.begin() + 4, order.end());
    BOOST_TEST((first == names(select(all, {.seed = seed}))));
    differ += first != second;
  }
  BOOST_TEST(differ > 10);
}

BOOST_AUTO_TEST_CASE(shoulds_have_an_order_of_the_seed_that_does_not_depend_on_the_rest_of_the_plan) {
  const std::vector<Scenario> all = {fake("one").should("b", pass).should("c", pass).should("d", pass),
                                     fake("two")};
  std::set<std::vector<std::size_t>> orders;
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto alone = select(all, {.names = {"one"}, .seed = seed}).at(0).should_order;
    BOOST_TEST((std::set<std::size_t>(alone.begin(), alone.end()) == std::set<std::size_t>{0, 1, 2, 3}));
    for (const auto& planned : select(all, {.seed = seed})) {
      if (planned.scenario->name == "one") BOOST_TEST((planned.should_order == alone));
    }
    orders.insert(alone);
  }
  BOOST_TEST(orders.size() > 5U);
  const auto rounds = select(all, {.names = {"one"}, .seed = 3, .repeat = 2});
  BOOST_TEST((rounds.at(0).should_order != rounds.at(1).should_order));
}

BOOST_AUTO_TEST_CASE(what_is_not_allowed_is_left_out_by_name_and_once_with_the_key_that_allows_it) {
  const std::vector<Scenario> all = {fake("stays"), fake("moves").moves_branch(),
                                     fake("breaks").disruptive()};
  const auto left = [&](const Allowed& allowed) {
    auto plan = select(all, {.repeat = 2});
    std::map<std::string, std::string> names_and_reasons;
    for (const auto& one : leave_out(plan, allowed, {}))
      BOOST_TEST(names_and_reasons.emplace(one.name, one.why).second);
    BOOST_TEST(plan.size() == 2 * (all.size() - names_and_reasons.size()));
    for (const auto& planned : plan) BOOST_TEST(!names_and_reasons.contains(planned.scenario->name));
    return names_and_reasons;
  };
  const auto neither = left({});
  BOOST_TEST(neither.size() == 2U);
  BOOST_TEST(neither.at("moves").find("cluster: {service: {writable: true}}") != std::string::npos);
  BOOST_TEST(neither.at("breaks").find("cluster: {disposable: true}") != std::string::npos);
  BOOST_TEST(left({.move_branches = true}).contains("breaks"));
  BOOST_TEST(left({.disrupt = true}).contains("moves"));
  BOOST_TEST(left({.move_branches = true, .disrupt = true}).empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_allowed_but_asked_for_by_name_is_a_usage_error) {
  const std::vector<Scenario> all = {fake("stays"), fake("breaks").disruptive()};
  auto plan = select(all, {});
  BOOST_CHECK_EXCEPTION(leave_out(plan, {}, {"stays", "breaks"}), Error, [](const Error& e) {
    return e.kind() == Kind::usage && e.line().find("breaks cannot run here") != std::string::npos &&
           e.line().find("cluster: {disposable: true}") != std::string::npos;
  });
  auto nothing_else = select(all, {.names = {"breaks"}});
  BOOST_CHECK_THROW(leave_out(nothing_else, {}, {}), Error);
}

BOOST_AUTO_TEST_CASE(shards_share_out_every_scenario_once) {
  const auto all = table();
  std::multiset<std::string> seen;
  for (int index = 1; index <= 3; ++index) {
    for (const auto& name : names(select(all, {.shard = Shard{index, 3}, .seed = 5}))) seen.insert(name);
  }
  BOOST_TEST(
      (seen == std::multiset<std::string>{"migrate", "new-service", "reverse-service", "unknown-event"}));
}

BOOST_AUTO_TEST_CASE(a_shard_is_read_strictly) {
  BOOST_TEST(parse_shard("2/3").index == 2);
  for (const char* text : {"", "1", "0/3", "4/3", "a/b", "1/2/3", "1/ 2"}) {
    BOOST_CHECK_THROW(parse_shard(text), Error);
  }
}

BOOST_AUTO_TEST_CASE(repeating_numbers_the_attempts) {
  const auto all = table();
  const auto plan = select(all, {.names = {"migrate"}, .repeat = 3});
  BOOST_REQUIRE(plan.size() == 3);
  BOOST_TEST(plan[2].attempt == 3);
}

BOOST_AUTO_TEST_SUITE_END()
