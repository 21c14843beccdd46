#include "base/repeat_filter.hpp"

#include <boost/test/unit_test.hpp>

using labctl::RepeatFilter;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

namespace {

const RepeatFilter::Clock::time_point noon{1h};

struct Filtered {
  RepeatFilter filter;

  Texts pass(std::string_view text, RepeatFilter::Clock::time_point now) {
    Texts texts;
    for (const auto& line : filter.pass(text, 3, now)) texts.push_back(line.text);
    return texts;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(repeat_filter, Filtered)

BOOST_AUTO_TEST_CASE(a_repeated_text_is_written_once_a_minute_with_its_number) {
  BOOST_TEST((pass("core1: lost", noon) == Texts{"core1: lost"}));
  BOOST_TEST(pass("core1: lost", noon + 1s).empty());
  BOOST_TEST(pass("core1: lost", noon + 59s).empty());
  BOOST_TEST((pass("core1: lost", noon + 60s) == Texts{"core1: lost (and 2 times before this)"}));
  BOOST_TEST(pass("core1: lost", noon + 61s).empty());
}

BOOST_AUTO_TEST_CASE(other_texts_are_written_at_once) {
  pass("core1: lost", noon);
  BOOST_TEST((pass("core2: lost", noon) == Texts{"core2: lost"}));
  BOOST_TEST((pass("core1: port 22", noon) == Texts{"core1: port 22"}));
  BOOST_TEST((pass("core1: port 23", noon) == Texts{"core1: port 23"}));
}

// A node that is lost for the second time in a minute is news: it was up in between.
BOOST_AUTO_TEST_CASE(the_same_text_after_another_one_is_written_at_once) {
  pass("core1: lost", noon);
  pass("core1: session up", noon + 1s);
  BOOST_TEST((pass("core1: lost", noon + 2s) == Texts{"core1: lost"}));
  BOOST_TEST((pass("core1: session up", noon + 3s) == Texts{"core1: session up"}));
}

BOOST_AUTO_TEST_CASE(what_others_say_in_between_does_not_make_it_news) {
  pass("core1: lost", noon);
  pass("core2: lost", noon + 1s);
  BOOST_TEST(pass("core1: lost", noon + 2s).empty());
}

BOOST_AUTO_TEST_CASE(seconds_do_not_make_a_text_another) {
  pass("no answer within 8.0 s (TCP)", noon);
  BOOST_TEST(pass("no answer within 8.1 s (TCP)", noon).empty());
  pass("nothing heard for 15 s", noon);
  BOOST_TEST(pass("nothing heard for 17 s", noon).empty());
  BOOST_TEST(!pass("nothing heard for 17 servers", noon).empty());
}

BOOST_AUTO_TEST_CASE(the_number_is_not_lost_when_the_repeats_end) {
  filter.pass("core1: lost", 3, noon);
  filter.pass("core1: lost", 3, noon + 1s);
  const auto lines = filter.pass("core1: up", 2, noon + 2s);
  BOOST_TEST((lines == std::vector<RepeatFilter::Line>{{3, "core1: lost (1 times more)"}, {2, "core1: up"}}));
}

BOOST_AUTO_TEST_SUITE_END()
