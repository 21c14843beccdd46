#include "base/text.hpp"

#include "base/shell_quoted.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(lines_have_no_ends_and_no_extra_one) {
  BOOST_TEST(lines("a\r\n\nb\n") == (std::vector<std::string>{"a", "", "b"}),
             boost::test_tools::per_element());
  BOOST_TEST(lines("").empty());
}

BOOST_AUTO_TEST_CASE(last_line_is_the_last_with_words) { BOOST_TEST(last_line("a\n b \n\n") == "b"); }

BOOST_AUTO_TEST_CASE(plural_counts_words) {
  BOOST_TEST(plural(0, "node") == "0 nodes");
  BOOST_TEST(plural(1, "node") == "1 node");
  BOOST_TEST(plural(2, "node") == "2 nodes");
}

BOOST_AUTO_TEST_CASE(split_keeps_empty_parts) {
  BOOST_TEST(split("a,,b", ',') == (std::vector<std::string>{"a", "", "b"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(replace_all_does_not_scan_what_it_wrote) {
  BOOST_TEST(replace_all("aa", "a", "aa") == "aaaa");
}

BOOST_AUTO_TEST_CASE(a_quote_cannot_end_the_shells_word) {
  BOOST_CHECK_EQUAL(shell_quoted("it's"), "'it'\\''s'");
}

BOOST_AUTO_TEST_CASE(replace_all_of_nothing_changes_nothing) {
  BOOST_TEST(replace_all("ab", "", "x") == "ab");
}

BOOST_AUTO_TEST_CASE(nearest_offers_a_typo_but_not_a_stranger) {
  const std::vector<std::string> words{"tunnels", "test", "doctor"};
  BOOST_TEST(nearest("tunels", words) == "tunnels");
  BOOST_TEST(nearest("zzzzzzzz", words) == "");
}

BOOST_AUTO_TEST_SUITE_END()
