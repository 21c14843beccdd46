#include "base/interrupt.hpp"

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/process.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace labctl;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(interrupt)

// Signals are per process, so each case runs in a child; its exit code says what happened.
int in_child(int (*body)()) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

BOOST_AUTO_TEST_CASE(a_signal_ends_a_running_command) {
  BOOST_TEST(in_child([] {
               install_interrupt_handler();
               ::raise(SIGINT);
               try {
                 run({.argv = {"cat", "/dev/zero"}}, Deadline::in(1min));
               } catch (const Error& error) {
                 return error.kind() == Kind::interrupted ? 7 : 1;
               }
               return 2;
             }) == 7);
}

BOOST_AUTO_TEST_CASE(a_shield_lets_clean_up_finish_and_a_second_signal_through) {
  BOOST_TEST(in_child([] {
               install_interrupt_handler();
               ::raise(SIGTERM);
               InterruptShield shield;
               if (!run({.argv = {"true"}}, Deadline::in(1min)).ok()) return 1;
               throw_if_interrupted();
               ::raise(SIGTERM);
               try {
                 throw_if_interrupted();
               } catch (const Error&) {
                 return 7;
               }
               return 2;
             }) == 7);
}

BOOST_AUTO_TEST_CASE(after_the_shield_the_signal_counts_again) {
  BOOST_TEST(in_child([] {
               install_interrupt_handler();
               {
                 InterruptShield shield;
                 ::raise(SIGINT);
                 throw_if_interrupted();
               }
               try {
                 throw_if_interrupted();
               } catch (const Error&) {
                 return 7;
               }
               return 2;
             }) == 7);
}

BOOST_AUTO_TEST_SUITE_END()
