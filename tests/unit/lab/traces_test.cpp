#include "lab/traces.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "support/soon.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::lab;
namespace fs = std::filesystem;
using What = Entry::What;
using labctl::test::soon;

BOOST_AUTO_TEST_SUITE(traces)

BOOST_AUTO_TEST_CASE(what_was_entered_and_never_made_is_no_error) {
  const labctl::test::TempDir folder;
  const std::vector<Entry> entries{{What::cgroup, "labctl-test-never-made"},
                                   {What::tree, folder / "nodes"},
                                   {What::netns, folder / "netns/core1"},
                                   {What::link, "lab-never-made"},
                                   {What::loop, folder / "nodes/volumes.btrfs"}};
  BOOST_TEST(traces_of(entries).empty());
  remove_traces(entries, {folder.path()}, soon());
}

BOOST_AUTO_TEST_CASE(trees_are_removed_and_named_until_they_are) {
  const labctl::test::TempDir folder;
  fs::create_directories(folder / "nodes/core1/upper");
  fs::create_directory_symlink("/nowhere", folder / "nodes/core1/link");
  const std::vector<Entry> entries{{What::tree, folder / "nodes/core1"}};
  BOOST_TEST(traces_of(entries).size() == 1U);
  remove_traces(entries, {folder.path()}, soon());
  BOOST_TEST(traces_of(entries).empty());
  BOOST_TEST(fs::exists(folder / "nodes"));
}

BOOST_AUTO_TEST_CASE(a_tree_outside_the_labs_folders_stops_everything_before_it_begins) {
  const labctl::test::TempDir folder;
  fs::create_directories(folder / "lab/nodes");
  fs::create_directories(folder / "precious/data");
  fs::create_directory_symlink("../../precious", folder / "lab/nodes/way");
  for (const fs::path& target : {folder / "precious", folder / "lab", folder / "lab/../precious",
                                 folder / "lab/nodes/way/data", fs::path("/"), fs::path("lab/nodes")}) {
    BOOST_CHECK_THROW(
        remove_traces({{What::tree, folder / "lab/nodes"}, {What::tree, target}}, {folder / "lab"}, soon()),
        labctl::Error);
    BOOST_TEST(fs::exists(folder / "precious/data"));
    BOOST_TEST(fs::exists(folder / "lab/nodes"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
