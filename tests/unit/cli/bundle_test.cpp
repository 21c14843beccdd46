#include "cli/bundle.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "support/error_of.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

using namespace labctl;
using namespace labctl::cli;

BOOST_AUTO_TEST_SUITE(bundles)

BOOST_AUTO_TEST_CASE(what_was_written_is_read_and_only_its_owner_can_read_it) {
  const test::TempDir dir;
  const auto file = dir / "seen.tar.gz";
  write_bundle(file, {{"a.txt", "one\n"}, {"nodes/core1/b.txt", ""}});
  BOOST_CHECK_EQUAL(read_from_bundle(file, "a.txt").value(), "one\n");
  BOOST_CHECK_EQUAL(read_from_bundle(file, "nodes/core1/b.txt").value(), "");
  BOOST_CHECK(!read_from_bundle(file, "b.txt"));
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat(file.c_str(), &status), 0);
  BOOST_CHECK_EQUAL(status.st_mode & 0777U, 0600U);
}

BOOST_AUTO_TEST_CASE(a_name_cannot_lead_out_of_the_archive) {
  const test::TempDir dir;
  for (const auto* name : {"../x", "/x", "a/../../x", ""}) {
    BOOST_CHECK_THROW(write_bundle(dir / "seen.tar.gz", {{name, "x"}}), Error);
    BOOST_CHECK(!std::filesystem::exists(dir / "seen.tar.gz"));
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_bundle_is_refused_by_its_name) {
  const test::TempDir dir;
  const auto file = dir / "text";
  BOOST_CHECK((test::error_of([&] { read_from_bundle(file, "a"); }).kind() == Kind::not_found));
  write_file(file, "not an archive");
  const auto error = test::error_of([&] { read_from_bundle(file, "a"); });
  BOOST_CHECK((error.kind() == Kind::invalid));
  BOOST_CHECK_EQUAL(error.where(), file.string());
}

BOOST_AUTO_TEST_SUITE_END()
