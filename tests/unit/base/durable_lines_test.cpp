#include "base/durable_lines.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <fstream>

using namespace labctl;

BOOST_AUTO_TEST_SUITE(durable_lines)

BOOST_AUTO_TEST_CASE(lines_are_appended_to_a_file_of_the_given_mode) {
  const test::TempDir folder;
  DurableLines file(folder / "journal", 0600);
  file.append("one\n");
  DurableLines(folder / "journal").append("two\nthree\n");
  BOOST_TEST(read_file(folder / "journal") == "one\ntwo\nthree\n");
  struct stat seen {};
  BOOST_REQUIRE(::stat((folder / "journal").c_str(), &seen) == 0);
  BOOST_TEST((seen.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(a_file_that_must_be_new_is_not_opened_if_it_is_there) {
  const test::TempDir folder;
  DurableLines(folder / "journal").append("one\n");
  BOOST_CHECK_THROW(DurableLines(folder / "journal", 0600, O_CREAT | O_EXCL), Error);
}

BOOST_AUTO_TEST_CASE(a_line_that_a_crash_cut_off_goes_before_the_next_is_written) {
  const test::TempDir folder;
  for (const std::string before : {"", "one\n", "one\ntwo\n"}) {
    for (const std::string cut_off : {"", "t", "thr"}) {
      std::ofstream(folder / "journal") << before << cut_off;
      DurableLines file(folder / "journal");
      file.drop_cut_off_line();
      file.append("next\n");
      BOOST_TEST(read_file(folder / "journal") == before + "next\n");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_renamed_file_is_appended_to_under_its_new_name) {
  const test::TempDir folder;
  DurableLines file(folder / "new");
  file.append("one\n");
  BOOST_TEST(file.rename(folder / "journal"));
  file.append("two\n");
  BOOST_TEST(read_file(folder / "journal") == "one\ntwo\n");
  BOOST_TEST(file.path() == folder / "journal");
  BOOST_TEST(!std::filesystem::exists(folder / "new"));
}

BOOST_AUTO_TEST_CASE(a_file_is_not_renamed_over_another) {
  const test::TempDir folder;
  DurableLines(folder / "journal").append("other\n");
  DurableLines file(folder / "new");
  BOOST_TEST(!file.rename(folder / "journal"));
  BOOST_TEST(read_file(folder / "journal") == "other\n");
}

BOOST_AUTO_TEST_CASE(whole_lines_are_those_that_have_an_end) {
  using Lines = std::vector<std::string_view>;
  BOOST_TEST(whole_lines("").empty());
  BOOST_TEST(whole_lines("one").empty());
  BOOST_TEST((whole_lines("one\n\ntwo\nthr") == Lines{"one", "", "two"}));
}

BOOST_AUTO_TEST_SUITE_END()
