#include "tunnels/logout_note.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using labctl::tunnels::logout_note;

namespace {

struct Logind {
  Logind() { make("run/systemd/users/1000"); }
  void make(const std::string& file) const {
    std::filesystem::create_directories((root / file).parent_path());
    std::ofstream(root / file) << "NAME=me\n";
  }
  std::string note(const std::string& runtime = "/run/user/1000/labctl") const {
    return logout_note(runtime, 1000, "me", root.path());
  }

  labctl::test::TempDir root;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(logout, Logind)

BOOST_AUTO_TEST_CASE(a_user_who_does_not_linger_is_told_what_happens_at_logout) {
  BOOST_TEST(note().find("removes /run/user/1000 ") != std::string::npos);
  BOOST_TEST(note().find("loginctl enable-linger") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_user_who_lingers_is_not) {
  make("var/lib/systemd/linger/me");
  BOOST_TEST(note().empty());
}

BOOST_AUTO_TEST_CASE(another_runtime_folder_and_a_user_without_logind_are_safe) {
  BOOST_TEST(note("/run/labctl").empty());
  BOOST_TEST(note("/run/user/10000/labctl").empty());
  std::filesystem::remove(root / "run/systemd/users/1000");
  BOOST_TEST(note().empty());
}

BOOST_AUTO_TEST_SUITE_END()
