#include "lab/info.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "lab/lab_paths.hpp"
#include "lab/plan.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

using namespace labctl::lab;
namespace fs = std::filesystem;

namespace {

// A separate state folder, so that the case sees no lab of this machine.
struct OwnState {
  labctl::test::TempDir folder;
  OwnState() { ::setenv("LABCTL_STATE_DIR", folder.path().c_str(), 1); }
  ~OwnState() { ::unsetenv("LABCTL_STATE_DIR"); }
};

LabInfo written(const std::string& name, bool up) {
  LabInfo lab = plan({.name = name}, parse_subnet("10.1.2.0/24").value(), 8500);
  lab.up = up;
  fs::create_directories(lab.folder);
  save(lab);
  return lab;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(info, OwnState)

BOOST_AUTO_TEST_CASE(what_is_saved_is_found_again) {
  const auto lab = written("one", true);
  const auto found = find("one");
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->name == "one");
  BOOST_TEST((found->nodes == lab.nodes));
  BOOST_TEST(found->hub_address == "10.1.2.2");
  BOOST_TEST(found->up);
  BOOST_TEST(found->folder == lab.folder);
}

BOOST_AUTO_TEST_CASE(no_folder_is_no_lab) {
  BOOST_TEST(!find("one").has_value());
  BOOST_TEST(all().empty());
  BOOST_TEST(leftovers("one").empty());
}

BOOST_AUTO_TEST_CASE(a_lab_without_a_readable_record_is_not_up_but_there) {
  fs::create_directories(LabPaths("cut").folder);
  BOOST_REQUIRE(find("cut").has_value());
  BOOST_TEST(!find("cut")->up);
  labctl::write_file(LabPaths("cut").record, "{\"name\": ");
  BOOST_TEST(!find("cut")->up);
  BOOST_CHECK_THROW(parse_info("[]", "/x"), labctl::Error);
}

BOOST_AUTO_TEST_CASE(only_labs_that_are_up_run) {
  written("b", true);
  written("c", false);
  written("a", true);
  BOOST_TEST(all().size() == 3U);
  const auto up = running();
  BOOST_TEST(up.size() == 2U);
  BOOST_TEST(up[0].name == "a");
  BOOST_TEST(up[1].name == "b");
}

BOOST_AUTO_TEST_CASE(leftovers_are_what_the_journal_of_a_lab_that_is_not_up_names_and_exists) {
  const auto lab = written("half", false);
  fs::create_directories(lab.folder / "nodes/core1");
  labctl::write_file(LabPaths("half").journal, "tree " + (lab.folder / "nodes/core1").string() + "\ntree " +
                                                   (lab.folder / "nodes/core2").string() +
                                                   "\nlink lab-no-such-one\n");
  const auto left = leftovers("half");
  BOOST_TEST(left.size() == 1U);
  BOOST_TEST(left[0].ends_with("nodes/core1"));
  written("half", true);
  BOOST_TEST(leftovers("half").empty());
}

BOOST_AUTO_TEST_CASE(a_command_for_an_unknown_node_names_the_nearest) {
  const auto lab = written("one", true);
  try {
    exec_argv(lab, "croe1", {"true"});
    BOOST_ERROR("taken");
  } catch (const labctl::Error& error) {
    BOOST_TEST((error.kind() == labctl::Kind::not_found));
    BOOST_TEST(error.hint() == "did you mean core1?");
  }
}

BOOST_AUTO_TEST_CASE(a_dead_node_is_said_to_be_dead) {
  const auto lab = written("one", true);
  BOOST_CHECK_EXCEPTION(exec_argv(lab, "core1", {"true"}), labctl::Error,
                        [](const labctl::Error& error) { return error.kind() == labctl::Kind::unavailable; });
}

BOOST_AUTO_TEST_CASE(log_files_are_by_node) {
  const auto lab = written("one", true);
  fs::create_directories(lab.folder / "logs/core1");
  fs::create_directories(lab.folder / "logs/hub");
  labctl::write_file(lab.folder / "logs/core1/init.log", "");
  labctl::write_file(lab.folder / "logs/hub/git.log", "");
  BOOST_TEST(log_files(lab, std::nullopt).size() == 2U);
  BOOST_TEST(log_files(lab, "core1").size() == 1U);
  BOOST_TEST(log_files(lab, "core2").empty());
}

BOOST_AUTO_TEST_SUITE_END()
