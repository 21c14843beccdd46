#include "lab/processes.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

using namespace labctl::lab;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(processes)

BOOST_AUTO_TEST_CASE(our_own_network_namespace_is_never_taken_for_a_node) {
  BOOST_TEST(processes_in("/proc/self/ns/net").empty());
  BOOST_TEST(!first_process("/proc/self/ns/net").has_value());
  kill_processes_in({"/proc/self/ns/net"}, labctl::Deadline::in(1s));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_namespace_or_not_there_has_no_processes) {
  const labctl::test::TempDir folder;
  std::ofstream(folder / "plain").put('\n');
  BOOST_TEST(processes_in(folder / "plain").empty());
  BOOST_TEST(processes_in(folder / "missing").empty());
}

BOOST_AUTO_TEST_CASE(who_holds_a_file_is_killed_but_not_we) {
  const labctl::test::TempDir folder;
  const int ours = ::open((folder / "held").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) ::pause();
  }
  kill_processes_holding(folder / "held", labctl::Deadline::in(10s));
  int status = 0;
  BOOST_TEST(::waitpid(child, &status, 0) == child);
  BOOST_TEST(WIFSIGNALED(status));
  ::close(ours);
}

BOOST_AUTO_TEST_SUITE_END()
