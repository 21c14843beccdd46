#include "runner/screen.hpp"

#include "page.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace labctl::runner;
using namespace labctl::runner::test;

BOOST_AUTO_TEST_SUITE(runner_screen)

BOOST_AUTO_TEST_CASE(the_status_is_erased_before_a_text_and_drawn_again_below_it) {
  Page page;  // both streams, as on a terminal
  Screen screen(page.file.get(), page.file.get());
  screen.show({"one", "two"});
  BOOST_TEST(page.text() == "one\033[K\ntwo\033[K\033[J");
  const auto before = page.text().size();
  screen.print("a line\n");
  BOOST_TEST(page.text().substr(before) == "\r\033[1A\033[Ja line\none\033[K\ntwo\033[K\033[J");
}

BOOST_AUTO_TEST_CASE(a_new_status_is_drawn_over_the_old_one) {
  Page page;
  Screen screen(page.file.get(), page.file.get());
  screen.show({"one", "two"});
  const auto before = page.text().size();
  screen.show({"three"});
  BOOST_TEST(page.text().substr(before) == "\r\033[1Athree\033[K\033[J");
}

BOOST_AUTO_TEST_CASE(the_last_lines_are_shown_if_the_terminal_is_too_small) {
  Page page;  // no terminal: 80 columns, 24 rows
  Screen screen(page.file.get(), page.file.get());
  screen.show({30, std::string(100, 'x')});
  const auto text = page.text();
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 22);
  BOOST_TEST(text.find(std::string(78, 'x') + "…") != std::string::npos);
  BOOST_TEST(text.find(std::string(79, 'x')) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_of_the_status_is_left_at_the_end) {
  Page page;
  {
    Screen screen(page.file.get(), page.file.get());
    screen.show({"one"});
  }
  BOOST_TEST(page.text().ends_with("\r\033[J"));
}

BOOST_AUTO_TEST_CASE(without_a_terminal_there_is_no_status) {
  Page page;
  {
    Screen screen(page.file.get());
    screen.show({"one"});
    screen.print("a line\n");
  }
  BOOST_TEST(page.text() == "a line\n");
}

BOOST_AUTO_TEST_SUITE_END()
