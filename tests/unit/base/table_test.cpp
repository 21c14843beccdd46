#include "base/table.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(a_character_takes_one_column_however_many_bytes_it_has) {
  BOOST_TEST(columns("None → core1") == 12U);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_too_wide_is_cut_between_characters) {
  BOOST_TEST(cut("core1 → core2", 13) == "core1 → core2");
  BOOST_TEST(cut("core1 → core2", 8) == "core1 →…");
  BOOST_TEST(cut("core1 → core2", 1) == "…");
  BOOST_TEST(cut("core1", 0).empty());
}

BOOST_AUTO_TEST_CASE(a_row_is_a_line_as_long_as_it_fits) {
  TextTable table({"APP", "NODE", "NAMES"}, 2);
  table.add({"é", "core1", "a, b"}, "  a remark\n");
  table.add_lines("no row\n");
  table.add({"second", "core2", ""});
  BOOST_TEST(table.text() ==
             "APP     NODE   NAMES\n"
             "é       core1  a, b\n"
             "  a remark\n"
             "no row\n"
             "second  core2  \n");
}

BOOST_AUTO_TEST_CASE(what_is_too_wide_goes_below) {
  TextTable table({"APP", "NODE", "NAMES", "STATE"}, 2);
  table.add({"a", "core1", std::string(70, 'n'), "up"}, "  a remark\n");
  BOOST_TEST(table.text() ==
             "APP  NODE   STATE\n"
             "  NAMES\n"
             "a    core1  up\n"
             "  " +
                 std::string(70, 'n') +
                 "\n"
                 "  a remark\n");
}

BOOST_AUTO_TEST_CASE(a_wide_first_column_has_a_line_of_its_own) {
  TextTable table({"APP", "NODE", "STATE", "NAMES"}, 3);
  table.add({std::string(75, 'a'), "core1", "up", "n"});
  BOOST_TEST(table.text() ==
             "APP\n"
             "  NODE   STATE\n"
             "  NAMES\n" +
                 std::string(75, 'a') +
                 "\n"
                 "  core1  up\n"
                 "  n\n");
}

BOOST_AUTO_TEST_CASE(a_cell_is_painted_with_its_padding) {
  TextTable table({"A", "STATE"}, 1);
  table.add({"a", "up"});
  table.add_lines("no row\n");
  table.add({"bb", "up"});
  const auto text = table.text([](std::size_t row, std::size_t column, const std::string& cell) {
    return column == 0 ? std::to_string(row) + "[" + cell + "]" : cell;
  });
  BOOST_TEST(text == "A   STATE\n0[a ]  up\nno row\n1[bb]  up\n");
}

BOOST_AUTO_TEST_SUITE_END()
