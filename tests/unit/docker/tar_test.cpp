#include "docker/tar.hpp"

#include "base/error.hpp"
#include "support/tar.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using docker::first_tar_entry;
using labctl::test::tar_end;
using labctl::test::tar_entry;

BOOST_AUTO_TEST_SUITE(docker_tar)

BOOST_AUTO_TEST_CASE(the_content_of_a_file_comes_out_byte_for_byte) {
  const std::string content("a\0b\n", 4);
  const auto found = first_tar_entry(tar_entry("name", '0', content) + tar_end);
  BOOST_REQUIRE(found);
  BOOST_TEST(found->name == "name");
  BOOST_TEST((found->content == content));
}

BOOST_AUTO_TEST_CASE(extension_headers_are_skipped) {
  const auto archive =
      tar_entry("PaxHeaders", 'x', "30 mtime=1.5\n") + tar_entry("file", '0', "text") + tar_end;
  BOOST_TEST(first_tar_entry(archive)->content == "text");
}

BOOST_AUTO_TEST_CASE(a_folder_and_a_file_are_told_apart) {
  BOOST_TEST(first_tar_entry(tar_entry("dir/", '5', "") + tar_end)->type == '5');
}

BOOST_AUTO_TEST_CASE(an_empty_archive_holds_nothing) {
  BOOST_TEST(!first_tar_entry(tar_end));
  BOOST_TEST(!first_tar_entry(""));
}

BOOST_AUTO_TEST_CASE(what_is_cut_short_or_no_archive_is_refused) {
  const auto archive = tar_entry("file", '0', std::string(600, 'x'));
  BOOST_CHECK_THROW(first_tar_entry(archive.substr(0, 600)), Error);
  BOOST_CHECK_THROW(first_tar_entry(archive.substr(0, 100)), Error);
  BOOST_CHECK_THROW(first_tar_entry(std::string(512, 'x')), Error);
}

BOOST_AUTO_TEST_SUITE_END()
