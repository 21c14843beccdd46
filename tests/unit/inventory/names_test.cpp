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

BOOST_AUTO_TEST_CASE(a_file_that_sets_no_name_has_one_of_its_path) {
  const auto name = name_of_file("/home/me/shop/inventory.yaml");
  BOOST_CHECK(name.starts_with("shop-"));
  BOOST_CHECK_EQUAL(name, name_of_file("/home/me/shop/../shop/inventory.yaml"));
  BOOST_CHECK_NE(name, name_of_file("/home/you/shop/inventory.yaml"));
  BOOST_CHECK(name_of_file("/home/me/shop/staging.yaml").starts_with("staging-"));
  for (const auto* file : {"/inventory.yaml", "/a b/ü/inventory.yaml", "/x/..yaml", "/-/inventory.yaml",
                           "/a/very-long-name-of-a-folder-that-somebody-chose/inventory.yaml"}) {
    BOOST_CHECK(valid_name(name_of_file(file), longest_name_of_file));
  }
}

BOOST_AUTO_TEST_CASE(a_variable_has_capitals_and_underscores) {
  BOOST_CHECK_EQUAL(variable_part("core-1.lab"), "CORE_1_LAB");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
