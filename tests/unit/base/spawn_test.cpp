#include "base/spawn.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/pipe.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

using namespace labctl;

namespace {

// Signal settings that a child would inherit: SIGPIPE ignored, SIGUSR1 blocked.
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

// The value of "NAME:" in /proc/PID/status; its bit N - 1 is signal number N.
unsigned long long mask(const std::string& status, const std::string& name) {
  for (const auto& line : lines(status)) {
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1), nullptr, 16);
  }
  throw std::runtime_error("no " + name + " in: " + status);
}

bool ignores(const std::string& status, int signal) {
  return (mask(status, "SigIgn") & (1ULL << (signal - 1))) != 0;
}

// Whether, according to a program's status, SIGPIPE is not ignored and no signal is blocked.
bool clear(const std::string& status) { return mask(status, "SigBlk") == 0 && !ignores(status, SIGPIPE); }

std::string read_to_end(const UniqueFd& fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(fd.get(), buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  return text;
}

// What the program prints to stdout and stderr.
std::string output_of(Spawn& program, const std::vector<std::string>& argv) {
  Pipe out;
  program.give(out.write.get(), STDOUT_FILENO);
  program.give(STDOUT_FILENO, STDERR_FILENO);
  program.close_others();
  const pid_t pid = program.start(argv);
  out.write.reset();
  auto text = read_to_end(out.read);
  BOOST_TEST(wait_for_exit(pid) == 0);
  return text;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(spawning, Spoilt)

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
  Pipe out;
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out.write.get(), STDOUT_FILENO);
    restore_signals();
    ::execlp("cat", "cat", "/proc/self/status", nullptr);
    ::_exit(127);
  }
  out.write.reset();
  BOOST_TEST(clear(read_to_end(out.read)));
  BOOST_TEST(wait_for_exit(child) == 0);
}

BOOST_AUTO_TEST_CASE(what_nohup_ignored_stays_ignored_unless_all_is_reset) {
  const std::vector<std::string> argv = {"cat", "/proc/self/status"};
  auto* const handler = std::signal(SIGHUP, SIG_IGN);
  Spawn usual, all_reset;
  all_reset.reset_all_signals();
  BOOST_TEST(ignores(output_of(usual, argv), SIGHUP));
  BOOST_TEST(!ignores(output_of(all_reset, argv), SIGHUP));
  std::signal(SIGHUP, handler);
}

BOOST_AUTO_TEST_CASE(a_program_gets_no_descriptor_that_it_is_not_given) {
  const UniqueFd kept_at_exec(::fcntl(STDERR_FILENO, F_DUPFD, 20));
  const auto seen = "test -e /proc/self/fd/" + std::to_string(kept_at_exec.get());
  BOOST_TEST(wait_for_exit(Spawn().start({"sh", "-c", seen})) == 0);
  Spawn program;
  BOOST_TEST(output_of(program, {"sh", "-c", seen + " || echo gone"}) == "gone\n");
}

BOOST_AUTO_TEST_CASE(what_is_appended_to_a_file_stands_behind_what_was_there) {
  const test::TempDir folder;
  const auto file = folder.path() / "log";
  for (const std::string word : {"first", "second"}) {
    Spawn program;
    program.append_to(file, STDOUT_FILENO);
    BOOST_TEST(wait_for_exit(program.start({"echo", word})) == 0);
  }
  BOOST_TEST(read_file(file) == "first\nsecond\n");
}

BOOST_AUTO_TEST_CASE(the_end_is_told_as_a_shell_does) {
  BOOST_TEST(wait_for_exit(Spawn().start({"sh", "-c", "exit 7"})) == 7);
  BOOST_TEST(wait_for_exit(Spawn().start({"sh", "-c", "kill -TERM $$"})) == 128 + SIGTERM);
  BOOST_CHECK_THROW(wait_for_exit(::getpid()), Error);
}

BOOST_AUTO_TEST_CASE(the_environment_is_ours_or_the_one_given) {
  ::setenv("LABCTL_TEST_SPAWN", "ours", 1);
  const std::vector<std::string> argv = {"sh", "-c", "test \"$LABCTL_TEST_SPAWN\" = ours"};
  BOOST_TEST(wait_for_exit(Spawn().start(argv)) == 0);
  BOOST_TEST(wait_for_exit(Spawn().start(argv, {"PATH=/usr/bin:/bin"})) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
