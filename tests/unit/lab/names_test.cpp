#include "lab/names.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace labctl::lab;

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(names_that_fit_paths_interfaces_and_cgroups_are_taken) {
  for (const std::string name : {"default", "a", "lab-2", "x1234567890123456789012345678901"})
    check_name(name);
}

BOOST_AUTO_TEST_CASE(other_names_are_refused) {
  for (const std::string name : {"", "2lab", "-x", "Lab", "a/b", "..", "a b", "a.b", "\xc3\xa9t\xc3\xa9",
                                 "a\n", "x12345678901234567890123456789012"}) {
    BOOST_CHECK_EXCEPTION(check_name(name), labctl::Error,
                          [](const labctl::Error& error) { return error.kind() == labctl::Kind::usage; });
  }
}

BOOST_AUTO_TEST_CASE(a_mistyped_os_is_answered_with_the_nearest) {
  check_os("bookworm");
  check_os("trixie");
  try {
    check_os("bookwrom");
    BOOST_ERROR("taken");
  } catch (const labctl::Error& error) {
    BOOST_TEST(error.hint() == "did you mean bookworm?");
  }
}

BOOST_AUTO_TEST_CASE(an_interface_has_at_most_15_characters_and_long_names_stay_apart) {
  BOOST_TEST(interface_name("default") == "lab-default");
  BOOST_TEST(interface_name("elevenchars") == "lab-elevenchars");
  std::set<std::string> seen;
  for (const std::string tag :
       {"twelve-chars", "twelve-charts", "default-abcdef", "default-abcdee", "default-abcdefg"}) {
    const auto name = interface_name(tag);
    BOOST_TEST(name.size() <= 15U);
    BOOST_TEST(name.starts_with("lab-"));
    seen.insert(name);
  }
  BOOST_TEST(seen.size() == 5U);
}

BOOST_AUTO_TEST_CASE(labs_of_the_same_name_in_other_state_folders_are_others) {
  BOOST_TEST(lab_tag("default", "/var/lib/labctl") == "default");
  const auto one = lab_tag("default", "/tmp/one"), two = lab_tag("default", "/tmp/two");
  BOOST_TEST(one.starts_with("default-"));
  BOOST_TEST(one != two);
  BOOST_TEST(interface_name(one) != interface_name(two));
  BOOST_TEST(lab_tag("default", "/tmp/./one") == one);
}

BOOST_AUTO_TEST_SUITE_END()
