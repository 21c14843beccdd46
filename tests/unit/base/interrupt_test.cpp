#include "base/interrupt.hpp"

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/process.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <latch>
#include <thread>

using namespace labctl;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(interrupt)

// Signals are per process, so each case runs in a child; its exit status is the result.
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

BOOST_AUTO_TEST_CASE(a_shielded_wait_ends_at_the_second_signal_whichever_thread_takes_it) {
  BOOST_TEST(in_child([] {
               install_interrupt_handler();
               std::atomic<int> outcome{0};
               std::latch shielded(1);
               std::jthread worker([&] {
                 sigset_t none_here;
                 sigfillset(&none_here);
                 pthread_sigmask(SIG_BLOCK, &none_here, nullptr);
                 const InterruptShield shield;
                 shielded.count_down();
                 try {
                   run({.argv = {"tail", "-f", "/dev/null"}}, Deadline::in(20s));
                 } catch (const Error& error) {
                   outcome = error.kind() == Kind::interrupted ? 7 : 1;
                 }
               });
               shielded.wait();
               ::raise(SIGINT);
               ::raise(SIGINT);
               worker.join();
               return outcome.load();
             }) == 7);
}

BOOST_AUTO_TEST_CASE(each_thread_has_a_shield_of_its_own) {
  BOOST_TEST(in_child([] {
               install_interrupt_handler();
               ::raise(SIGINT);
               const InterruptShield shield;
               bool other_was_told = false;
               std::jthread([&] {
                 try {
                   throw_if_interrupted();
                 } catch (const Error&) {
                   other_was_told = true;
                 }
               }).join();
               throw_if_interrupted();
               return other_was_told ? 7 : 2;
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
