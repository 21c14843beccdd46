#include "runner/check.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::runner;

namespace {

template <typename Call>
Mismatch mismatch_of(Call call) {
  try {
    call();
  } catch (const CheckFailed& e) {
    return e.mismatch();
  }
  return {"no check failed", "", ""};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_check)

BOOST_AUTO_TEST_CASE(equal_values_pass_without_a_word) {
  check_equal(1, 1);
  check_equal(std::string("a"), "a");
  check_equal(std::optional<std::string>(), std::optional<std::string>());
  check(true, "anything", "anything");
}

BOOST_AUTO_TEST_CASE(a_mismatch_says_expected_seen_and_where) {
  const auto mismatch = mismatch_of([] { check_equal(std::string("core3"), "core1", "KV master"); });
  BOOST_TEST(mismatch.expected == "\"core1\"");
  BOOST_TEST(mismatch.seen == "\"core3\"");
  BOOST_TEST(mismatch.where == "KV master");
}

BOOST_AUTO_TEST_CASE(absent_and_empty_are_shown_apart) {
  BOOST_TEST(describe(std::optional<std::string>()) == "none");
  BOOST_TEST(describe(std::optional<std::string>("")) == "\"\"");
  BOOST_TEST(describe(std::vector<std::string>{}) == "nothing");
}

BOOST_AUTO_TEST_CASE(lists_and_maps_are_shown_item_by_item) {
  BOOST_TEST(describe(std::set<std::string>{"b", "a"}) == "\"a\", \"b\"");
  BOOST_TEST(describe(std::map<std::string, int>{{"core1", 2}}) == "\"core1\": 2");
}

BOOST_AUTO_TEST_CASE(the_text_of_a_failed_check_holds_it_all) {
  const CheckFailed failed("one", "two", "there");
  BOOST_TEST(std::string(failed.what()) == "expected one, seen two (there)");
}

BOOST_AUTO_TEST_SUITE_END()
