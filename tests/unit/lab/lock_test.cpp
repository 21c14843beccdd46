#include "lab/lock.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "support/soon.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace labctl::lab;
using namespace std::chrono_literals;
using labctl::test::soon;

namespace {

// A process that holds the lock file open and locked, and waits to be killed.
pid_t start_holder(const std::filesystem::path& file, const std::string& pid_in_file) {
  int ready[2];
  BOOST_REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT, 0644);
    ::flock(fd, LOCK_EX);
    const std::string text = pid_in_file.empty() ? std::to_string(::getpid()) : pid_in_file;
    if (::write(fd, text.data(), text.size()) < 0 || ::write(ready[1], "x", 1) < 0) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  BOOST_REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::close(ready[0]);
  ::close(ready[1]);
  return child;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(locks)

BOOST_AUTO_TEST_CASE(a_second_labctl_is_told_who_works_on_the_lab) {
  const labctl::test::TempDir folder;
  const pid_t holder = start_holder(folder / "lock", "");
  try {
    Lock second(folder / "lock", labctl::Deadline::in(100ms));
    BOOST_ERROR("locked twice");
  } catch (const labctl::Error& error) {
    BOOST_TEST((error.kind() == labctl::Kind::conflict));
    BOOST_TEST(std::string(error.what()).find(std::to_string(holder)) != std::string::npos);
  }
  BOOST_TEST(held(folder / "lock"));
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
}

BOOST_AUTO_TEST_CASE(programs_that_a_killed_labctl_left_at_work_are_ended) {
  const labctl::test::TempDir folder;
  // The file names a labctl that has ended; the process that holds the lock is a program that it ran.
  const pid_t gone = ::fork();
  if (gone == 0) ::_exit(0);
  ::waitpid(gone, nullptr, 0);
  const pid_t orphan = start_holder(folder / "lock", std::to_string(gone));
  BOOST_TEST(!held(folder / "lock"));
  Lock lock(folder / "lock", soon());
  int status = 0;
  BOOST_TEST(::waitpid(orphan, &status, 0) == orphan);
  BOOST_TEST(WIFSIGNALED(status));
}

BOOST_AUTO_TEST_CASE(the_programs_we_run_keep_the_lock_after_us) {
  const labctl::test::TempDir folder;
  const Lock lock(folder / "lock", soon());
  const auto seen = labctl::run({.argv = {"readlink", "/proc/self/fd/" + std::to_string(lock.fd())}}, soon());
  BOOST_TEST(seen.out == (folder / "lock").string() + "\n");
}

BOOST_AUTO_TEST_CASE(a_removed_lock_is_free_for_the_next) {
  const labctl::test::TempDir folder;
  {
    Lock lock(folder / "lock", soon());
    lock.remove();
    BOOST_TEST(!std::filesystem::exists(folder / "lock"));
  }
  const Lock next(folder / "lock", soon());
  BOOST_TEST(std::filesystem::exists(folder / "lock"));
}

BOOST_AUTO_TEST_SUITE_END()
