#include "base/log.hpp"

#include "base/paths.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <string>

using namespace labctl;

namespace {

// The default logger of the other tests comes back at the end.
struct LogFile {
  ~LogFile() { spdlog::set_default_logger(before); }

  static unsigned mode(const std::filesystem::path& path) {
    struct stat found {};
    BOOST_REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 0777U;
  }

  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  test::TempDir folder;
  std::filesystem::path path = folder / "daemon.log";
  std::filesystem::path old = folder / "daemon.log.old";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(log_file, LogFile)

BOOST_AUTO_TEST_CASE(a_log_is_for_its_owner_only_before_and_after_its_rotation) {
  const mode_t umask_before = ::umask(0);
  log_to_file(path, Verbosity::normal, 200);
  for (int i = 0; i < 20; ++i) spdlog::info("line {}", i);
  ::umask(umask_before);
  BOOST_TEST(mode(path) == 0600u);
  BOOST_TEST(mode(old) == 0600u);
}

BOOST_AUTO_TEST_CASE(a_full_log_goes_on_under_its_name_and_one_old_file_is_kept) {
  log_to_file(path, Verbosity::normal, 200);
  for (int i = 0; i < 100; ++i) spdlog::info("line {}", i);
  const std::string text = read_file(path);
  BOOST_TEST(text.ends_with("info line 99\n"));
  BOOST_TEST(text.size() <= 200u);
  BOOST_TEST(std::filesystem::file_size(old) <= 200u);
  // No line is lost between the two.
  const std::string both = read_file(old) + text;
  const auto first = std::stoi(both.substr(both.find("line ") + 5));
  for (int i = first; i < 100; ++i)
    BOOST_TEST(both.find("line " + std::to_string(i) + "\n") != std::string::npos, i);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) ++files;
  BOOST_TEST(files == 2u);
}

BOOST_AUTO_TEST_CASE(an_earlier_log_is_continued) {
  log_to_file(path, Verbosity::normal);
  spdlog::info("first");
  log_to_file(path, Verbosity::normal);
  spdlog::info("second");
  BOOST_TEST(read_file(path).find("first\n") != std::string::npos);
  BOOST_TEST(read_file(path).find("second\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_deleted_log_begins_again_under_its_name) {
  log_to_file(path, Verbosity::normal);
  spdlog::info("first");
  std::filesystem::remove(path);
  spdlog::info("second");
  BOOST_TEST(read_file(path).ends_with("info second\n"));
}

BOOST_AUTO_TEST_CASE(a_repeated_message_is_written_once) {
  log_to_file(path, Verbosity::normal);
  for (int i = 0; i < 10; ++i) spdlog::warn("core1: connection refused");
  const std::string text = read_file(path);
  BOOST_TEST(text.find("refused") == text.rfind("refused"));
}

BOOST_AUTO_TEST_SUITE_END()
