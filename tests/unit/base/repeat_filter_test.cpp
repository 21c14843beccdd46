#include "base/repeat_filter.hpp"

#include <boost/test/unit_test.hpp>

using labctl::RepeatFilter;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

namespace {

const RepeatFilter::Clock::time_point noon{1h};

}  // namespace

BOOST_AUTO_TEST_SUITE(repeat_filter)

BOOST_AUTO_TEST_CASE(a_repeated_text_is_written_once_a_minute_with_its_number) {
  RepeatFilter filter;
  BOOST_TEST((filter.pass("lost", noon) == Lines{"lost"}));
  BOOST_TEST(filter.pass("lost", noon + 1s).empty());
  BOOST_TEST(filter.pass("lost", noon + 59s).empty());
  BOOST_TEST((filter.pass("lost", noon + 60s) == Lines{"lost (and 2 times before this)"}));
  BOOST_TEST(filter.pass("lost", noon + 61s).empty());
}

BOOST_AUTO_TEST_CASE(other_texts_are_written_at_once) {
  RepeatFilter filter;
  filter.pass("core1: lost", noon);
  BOOST_TEST((filter.pass("core2: lost", noon) == Lines{"core2: lost"}));
  BOOST_TEST((filter.pass("core1: port 22", noon) == Lines{"core1: port 22"}));
  BOOST_TEST((filter.pass("core1: port 23", noon) == Lines{"core1: port 23"}));
}

BOOST_AUTO_TEST_CASE(seconds_do_not_make_a_text_another) {
  RepeatFilter filter;
  filter.pass("no answer within 8.0 s (TCP)", noon);
  BOOST_TEST(filter.pass("no answer within 8.1 s (TCP)", noon).empty());
  filter.pass("nothing heard for 15 s", noon);
  BOOST_TEST(filter.pass("nothing heard for 17 s", noon).empty());
  BOOST_TEST(!filter.pass("nothing heard for 17 servers", noon).empty());
}

BOOST_AUTO_TEST_CASE(the_number_is_not_lost_when_the_repeats_end) {
  RepeatFilter filter;
  filter.pass("lost", noon);
  filter.pass("lost", noon + 1s);
  BOOST_TEST((filter.pass("up", noon + 2min) == Lines{"lost (1 times more)", "up"}));
  BOOST_TEST((filter.pass("lost", noon + 3min) == Lines{"lost"}));
}

BOOST_AUTO_TEST_SUITE_END()
