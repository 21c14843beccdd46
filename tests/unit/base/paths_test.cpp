#include "base/paths.hpp"

#include "base/error.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

using namespace labctl;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(paths)

BOOST_AUTO_TEST_CASE(a_private_folder_is_made_owner_only_and_accepted_again) {
  const test::TempDir temp;
  make_private_dir(temp / "a/b");
  struct stat found {};
  BOOST_TEST(::stat((temp / "a/b").c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0700u);
  BOOST_CHECK_NO_THROW(make_private_dir(temp / "a/b"));
}

BOOST_AUTO_TEST_CASE(a_folder_others_can_enter_is_refused) {
  const test::TempDir temp;
  fs::create_directory(temp / "open");
  fs::permissions(temp / "open", fs::perms(0755));
  BOOST_CHECK_EXCEPTION(make_private_dir(temp / "open"), Error,
                        [](const Error& error) { return error.kind() == Kind::conflict; });
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_in_place_of_the_folder_is_refused) {
  const test::TempDir temp;
  make_private_dir(temp / "real");
  fs::create_symlink(temp / "real", temp / "link");
  BOOST_CHECK_THROW(make_private_dir(temp / "link"), Error);
}

BOOST_AUTO_TEST_CASE(a_private_folder_below_one_that_everybody_may_change_is_refused) {
  const test::TempDir temp;
  fs::create_directory(temp / "shared");
  make_private_dir(temp / "shared/ours");
  fs::permissions(temp / "shared", fs::perms(0777));
  BOOST_CHECK_EXCEPTION(require_private_dir(temp / "shared/ours"), Error, [&](const Error& error) {
    return error.kind() == Kind::conflict && error.where() == (temp / "shared").string() &&
           std::string(error.what()).find("mode 0777") != std::string::npos;
  });
  // Like /tmp: other users cannot rename or remove our folder there.
  fs::permissions(temp / "shared", fs::perms(01777));
  BOOST_CHECK_NO_THROW(require_private_dir(temp / "shared/ours"));
}

BOOST_AUTO_TEST_CASE(a_link_above_that_leads_below_an_open_folder_is_refused) {
  const test::TempDir temp;
  fs::create_directory(temp / "shared");
  make_private_dir(temp / "shared/ours/run");
  fs::create_directory_symlink(temp / "shared/ours", temp / "link");
  BOOST_CHECK_NO_THROW(require_private_dir(temp / "link/run"));
  fs::permissions(temp / "shared", fs::perms(0777));
  BOOST_CHECK_THROW(require_private_dir(temp / "link/run"), Error);
}

BOOST_AUTO_TEST_CASE(a_written_file_has_its_text_and_mode_and_leaves_nothing_beside) {
  const test::TempDir temp;
  write_file(temp / "key", "secret", 0600);
  BOOST_TEST(read_file(temp / "key") == "secret");
  struct stat found {};
  ::stat((temp / "key").c_str(), &found);
  BOOST_TEST((found.st_mode & 0777) == 0600u);
  BOOST_TEST(std::distance(fs::directory_iterator(temp.path()), fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_not_found_and_named) {
  BOOST_CHECK_EXCEPTION(read_file("/no/such/file"), Error, [](const Error& error) {
    return error.kind() == Kind::not_found && error.where() == "/no/such/file";
  });
}

BOOST_AUTO_TEST_CASE(home_is_expanded_only_at_the_front) {
  ::setenv("HOME", "/home/somebody", 1);
  BOOST_TEST(expand_home("~/.ssh/key") == "/home/somebody/.ssh/key");
  BOOST_TEST(expand_home("/a/~/b") == "/a/~/b");
}

BOOST_AUTO_TEST_SUITE_END()
