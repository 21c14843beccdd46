#include "inventory/names.hpp"

#include <boost/test/unit_test.hpp>

namespace labctl::inventory {

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(a_name_is_letters_digits_and_three_signs) {
  for (const std::string name : {"a", "core1", "Core-1.lab_x", "7"}) BOOST_CHECK(valid_name(name));
  for (const std::string name : {"", "-a", ".a", "a b", "a/b", "a:b", "é", "a\n"})
    BOOST_CHECK(!valid_name(name));
}

BOOST_AUTO_TEST_CASE(a_name_has_a_greatest_length) {
  BOOST_CHECK(valid_name(std::string(longest_name, 'a')));
  BOOST_CHECK(!valid_name(std::string(longest_name + 1, 'a')));
  BOOST_CHECK(valid_name(std::string(longest_name + 1, 'a'), 253));
}

BOOST_AUTO_TEST_CASE(a_variable_has_capitals_and_underscores) {
  BOOST_CHECK_EQUAL(variable_part("core-1.lab"), "CORE_1_LAB");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
