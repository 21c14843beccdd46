#include "base/process.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(process)

BOOST_AUTO_TEST_CASE(output_error_and_status_are_kept_apart) {
  const auto result = run({.argv = {"sh", "-c", "echo out; echo err >&2; exit 3"}}, Deadline::in(1min));
  BOOST_TEST(result.out == "out\n");
  BOOST_TEST(result.err == "err\n");
  BOOST_TEST(result.status == 3);
}

BOOST_AUTO_TEST_CASE(input_larger_than_a_pipe_arrives_whole) {
  const std::string text(1 << 20, 'x');
  BOOST_TEST((run({.argv = {"cat"}, .input = text}, Deadline::in(1min)).out == text));
}

BOOST_AUTO_TEST_CASE(a_child_that_ignores_its_input_is_no_error) {
  BOOST_TEST(run({.argv = {"true"}, .input = std::string(1 << 20, 'x')}, Deadline::in(1min)).ok());
}

BOOST_AUTO_TEST_CASE(environment_is_added_replaced_and_dropped) {
  ::setenv("LABCTL_TEST_OLD", "old", 1);
  ::setenv("LABCTL_TEST_GONE", "gone", 1);
  const auto result =
      run({.argv = {"env"}, .environment = {"LABCTL_TEST_OLD=new"}, .drop_environment = {"LABCTL_TEST_GONE"}},
          Deadline::in(1min));
  BOOST_TEST(result.out.find("LABCTL_TEST_OLD=new\n") != std::string::npos);
  BOOST_TEST(result.out.find("LABCTL_TEST_OLD=old") == std::string::npos);
  BOOST_TEST(result.out.find("LABCTL_TEST_GONE") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_the_whole_group) {
  BOOST_CHECK_EXCEPTION(run({.argv = {"sh", "-c", "cat /dev/zero & wait"}}, Deadline::in(50ms)), Error,
                        [](const Error& error) { return error.kind() == Kind::timeout; });
}

BOOST_AUTO_TEST_CASE(a_daemon_that_keeps_the_pipes_open_does_not_hold_us) {
  const auto result =
      run({.argv = {"sh", "-c", "exec 3>&1; (tail -f /dev/null --pid=$$ <&- >&3 &) ; echo done"}},
          Deadline::in(1min));
  BOOST_TEST(result.out == "done\n");
}

BOOST_AUTO_TEST_CASE(a_missing_program_is_named) {
  BOOST_CHECK_EXCEPTION(run({.argv = {"no-such-program"}}, Deadline::in(1min)), Error,
                        [](const Error& error) {
                          return error.kind() == Kind::not_found && error.where() == "no-such-program";
                        });
}

BOOST_AUTO_TEST_CASE(run_checked_tells_the_last_line_of_stderr) {
  BOOST_CHECK_EXCEPTION(
      run_checked({.argv = {"sh", "-c", "echo first >&2; echo fatal: nothing there >&2; exit 128"}},
                  Deadline::in(1min)),
      Error, [](const Error& error) {
        return std::string(error.what()) == "failed (status 128): fatal: nothing there";
      });
}

BOOST_AUTO_TEST_CASE(display_quotes_only_what_needs_it) {
  BOOST_TEST(display({"git", "clone", "a b", "it's"}) == "git clone 'a b' 'it'\\''s'");
}

BOOST_AUTO_TEST_SUITE_END()
