#include "inventory/find.hpp"

#include "base/paths.hpp"
#include "support.hpp"

#include <fstream>

namespace labctl::inventory {
namespace {

namespace fs = std::filesystem;

// A temporary folder that contains every place where find() looks; empty at first.
struct Folder {
  fs::path root;
  fs::path before = fs::current_path();

  Folder() {
    std::string name = (fs::temp_directory_path() / "labctl-find-XXXXXX").string();
    root = ::mkdtemp(name.data());
    fs::create_directories(root / "work");
    fs::current_path(root / "work");
    ::setenv("XDG_CONFIG_HOME", (root / "config").c_str(), 1);
    ::setenv("LABCTL_STATE_DIR", (root / "state").c_str(), 1);
    ::unsetenv("LABCTL_INVENTORY");
  }
  ~Folder() {
    fs::current_path(before);
    fs::remove_all(root);
    ::unsetenv("XDG_CONFIG_HOME");
    ::unsetenv("LABCTL_STATE_DIR");
    ::unsetenv("LABCTL_INVENTORY");
  }

  fs::path make(const fs::path& file) const {
    fs::create_directories((root / file).parent_path());
    std::ofstream(root / file) << "version: 1\n";
    return root / file;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(finding, Folder)

BOOST_AUTO_TEST_CASE(none_is_an_error_that_says_where_it_looked) {
  BOOST_CHECK(!find_if_any(std::nullopt));
  BOOST_CHECK_EXCEPTION(find(std::nullopt), Error, [](const Error& error) {
    const std::string words = error.what();
    return error.kind() == Kind::not_found && words.find("./inventory.yaml") != std::string::npos &&
           words.find("LABCTL_INVENTORY") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(the_first_place_that_has_one_wins) {
  const auto lab = make("state/labs/default/client/inventory.yaml");
  BOOST_CHECK_EQUAL(find(std::nullopt), lab);
  const auto config = make("config/labctl/inventory.yaml");
  BOOST_CHECK_EQUAL(find(std::nullopt), config);
  make("work/inventory.yaml");
  BOOST_CHECK_EQUAL(find(std::nullopt), "inventory.yaml");
  const auto named = make("named.yaml");
  ::setenv("LABCTL_INVENTORY", named.c_str(), 1);
  BOOST_CHECK_EQUAL(find(std::nullopt), named);
  const auto given = make("given.yaml");
  BOOST_CHECK_EQUAL(find(given), given);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_named_but_missing_is_an_error_and_not_the_next_place) {
  make("work/inventory.yaml");
  BOOST_CHECK_THROW(find_if_any(root / "nope.yaml"), Error);
  ::setenv("LABCTL_INVENTORY", "/nonexistent", 1);
  BOOST_CHECK_EXCEPTION(find_if_any(std::nullopt), Error,
                        [](const Error& error) { return error.where() == "/nonexistent"; });
}

BOOST_AUTO_TEST_CASE(two_labs_are_a_question_to_the_person) {
  make("state/labs/a/client/inventory.yaml");
  const auto b = make("state/labs/b/client/inventory.yaml");
  fs::create_directories(root / "state/labs/down");
  BOOST_CHECK_EXCEPTION(find(std::nullopt), Error, [&](const Error& error) {
    return error.kind() == Kind::usage && error.hint().find(b.string()) != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::inventory
