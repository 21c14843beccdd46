#include "base/child_signals.hpp"

#include "base/process.hpp"
#include "base/text.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace labctl;

namespace {

// What a child inherits of it: SIGPIPE ignored, SIGUSR1 blocked.
struct Spoilt {
  sigset_t before{};
  Spoilt() {
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGUSR1);
    ::pthread_sigmask(SIG_BLOCK, &set, &before);
  }
  ~Spoilt() { ::pthread_sigmask(SIG_SETMASK, &before, nullptr); }
};

// Whether SIGPIPE (bit 12) is not ignored and nothing is blocked, seen by a program.
bool clear(const std::string& status) {
  const auto mask = [](const std::string& line) { return std::stoull(line.substr(7), nullptr, 16); };
  for (const auto& line : lines(status)) {
    if (line.starts_with("SigBlk:") && mask(line) != 0) return false;
    if (line.starts_with("SigIgn:") && (mask(line) & (1ULL << (SIGPIPE - 1))) != 0) return false;
  }
  return status.find("SigBlk:") != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(child_signals, Spoilt)

BOOST_AUTO_TEST_CASE(a_command_that_is_run_finds_no_signal_ignored_or_blocked) {
  const auto status = run({.argv = {"cat", "/proc/self/status"},
                           .input = {},
                           .directory = {},
                           .environment = {},
                           .drop_environment = {}},
                          Deadline::in(std::chrono::seconds(30)))
                          .out;
  BOOST_TEST(clear(status));
}

BOOST_AUTO_TEST_CASE(neither_does_a_program_that_this_one_becomes) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], 1);
    restore_signals();
    ::execlp("cat", "cat", "/proc/self/status", nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string status;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    status.append(buffer, static_cast<std::size_t>(count));
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  BOOST_TEST(clear(status));
}

BOOST_AUTO_TEST_SUITE_END()
