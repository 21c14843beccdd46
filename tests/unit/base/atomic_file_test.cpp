#include "base/atomic_file.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

using namespace labctl;
namespace fs = std::filesystem;

namespace {

std::ptrdiff_t files_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

fs::path only_file_in(const fs::path& folder) { return fs::directory_iterator(folder)->path(); }

// While an object of this class exists, no file of this process may grow beyond `bytes`. This is like a full
// disk, with EFBIG instead of ENOSPC.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(atomic_file)

BOOST_AUTO_TEST_CASE(the_target_is_as_it_was_until_the_commit) {
  const test::TempDir temp;
  write_file(temp / "record", "old");
  AtomicFile file(temp / "record", 0640);
  file.write("new");
  BOOST_TEST(read_file(temp / "record") == "old");
  file.commit(Durable::yes);
  BOOST_TEST(read_file(temp / "record") == "new");
  struct stat found {};
  ::stat((temp / "record").c_str(), &found);
  BOOST_TEST((found.st_mode & 0777) == 0640u);
  BOOST_TEST(files_in(temp.path()) == 1);
}

BOOST_AUTO_TEST_CASE(without_a_commit_nothing_is_left) {
  const test::TempDir temp;
  AtomicFile(temp / "record").write("half");
  BOOST_TEST(files_in(temp.path()) == 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_leaves_the_old_text_and_nothing_beside) {
  const test::TempDir temp;
  write_file(temp / "record", "old");
  {
    const FileSizeLimit limit(4096);
    BOOST_CHECK_EXCEPTION(
        write_file(temp / "record", std::string(10000, 'x')), Error, [&](const Error& error) {
          return error.kind() == Kind::system && error.where() == (temp / "record").string();
        });
  }
  BOOST_TEST(read_file(temp / "record") == "old");
  BOOST_TEST(files_in(temp.path()) == 1);
}

BOOST_AUTO_TEST_CASE(a_target_that_cannot_be_replaced_leaves_nothing_beside) {
  const test::TempDir temp;
  fs::create_directories(temp / "record/in the way");
  BOOST_CHECK_THROW(write_file(temp / "record", "new"), Error);
  BOOST_TEST(files_in(temp.path()) == 1);
}

BOOST_AUTO_TEST_CASE(a_link_at_the_target_is_replaced_and_what_it_points_to_stays) {
  const test::TempDir temp;
  write_file(temp / "precious", "mine");
  fs::create_symlink(temp / "precious", temp / "record");
  write_file(temp / "record", "new");
  BOOST_TEST(read_file(temp / "precious") == "mine");
  BOOST_TEST(!fs::is_symlink(temp / "record"));
}

// The name used earlier could be guessed, and another user could have put a link there.
BOOST_AUTO_TEST_CASE(two_at_once_do_not_share_a_name_and_a_planted_link_is_not_followed) {
  const test::TempDir temp;
  write_file(temp / "precious", "mine");
  fs::create_symlink(temp / "precious", temp / ("record.new." + std::to_string(::getpid())));
  write_file(temp / "record", "new");
  BOOST_TEST(read_file(temp / "precious") == "mine");
  const test::TempDir other;
  AtomicFile first(other / "record");
  const auto name = only_file_in(other.path());
  AtomicFile second(other / "record");
  BOOST_TEST(files_in(other.path()) == 2);
  BOOST_TEST(name.filename().string().starts_with('.'));
}

BOOST_AUTO_TEST_SUITE_END()
