#include "cluster/run_owner.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

using namespace labctl;
using cluster::RunOwner;

BOOST_AUTO_TEST_SUITE(run_owner)

BOOST_AUTO_TEST_CASE(this_process_has_not_ended) {
  const auto run = cluster::this_run();
  BOOST_TEST(run.pid == ::getpid());
  BOOST_TEST(!run.has_ended());
}

BOOST_AUTO_TEST_CASE(another_process_of_the_same_number_is_not_the_run) {
  auto run = cluster::this_run();
  run.start += 1;
  BOOST_TEST(run.has_ended());
}

BOOST_AUTO_TEST_CASE(a_process_that_nobody_has_reaped_yet_has_ended) {
  int report[2];
  BOOST_REQUIRE(::pipe(report) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto text = to_json_text(cluster::this_run());
    ::_exit(::write(report[1], text.data(), text.size()) > 0 ? 0 : 1);
  }
  ::close(report[1]);
  std::string text(1000, ' ');
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(report[0], text.data(), text.size()), 0)));
  ::close(report[0]);
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
  const auto run = cluster::parse_run_owner(text, "child");
  BOOST_TEST(run.pid == child);
  BOOST_TEST(run.has_ended());
  ::waitpid(child, nullptr, 0);
}

BOOST_AUTO_TEST_CASE(of_another_machine_nobody_can_tell) {
  auto run = cluster::this_run();
  run.start += 1;
  run.machine += "1";
  BOOST_TEST(!run.has_ended());
}

BOOST_AUTO_TEST_CASE(an_owner_reads_back_from_its_text) {
  const RunOwner owner{"alice", "laptop", "boot pid:[1]", 4711, 815, "2026-11-25T10:00:00Z"};
  BOOST_TEST((cluster::parse_run_owner(to_json_text(owner), "key") == owner));
  BOOST_TEST(owner.text() == "alice@laptop (process 4711) since 2026-11-25T10:00:00Z");
  for (const auto* text : {"", "{}", "[]", "alice", R"({"user": 1})"}) {
    BOOST_CHECK_EXCEPTION(cluster::parse_run_owner(text, "key labctl/test"), Error, [](const Error& e) {
      return e.kind() == Kind::invalid && e.where() == "key labctl/test";
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()
