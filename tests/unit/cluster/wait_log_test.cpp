#include "cluster/wait_log.hpp"

#include "cluster/operations.hpp"
#include "support/fake_cluster.hpp"
#include "support/sample_app.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::cluster;
using namespace labctl::contract;
using namespace std::chrono_literals;
using labctl::cluster::test::app;
using labctl::cluster::test::FakeCluster;

BOOST_FIXTURE_TEST_SUITE(wait_log, FakeCluster)

BOOST_AUTO_TEST_CASE(it_has_what_a_wait_was_for_what_it_saw_and_that_it_ended) {
  have_until_destroyed(app.app);
  WaitLog log;
  {
    const Listening listening(cluster, [&](const Happening& happening) { log.add(happening); });
    destroy(cluster, app, 10s);
  }
  const auto text = log.text();
  for (const auto* words : {"we fired         ", "we wait for      ", "core2    handler's log    ",
                            ": stopped", "app key          is absent", "it came          "})
    BOOST_CHECK_MESSAGE(text.find(words) != std::string::npos, std::string(words) + " in:\n" + text);
}

BOOST_AUTO_TEST_CASE(a_full_log_keeps_the_newest_lines_and_says_what_it_lost) {
  WaitLog log(2);
  for (const auto* line : {"one", "two\nlines", "three"}) log.add(line);
  const auto text = log.text();
  BOOST_CHECK(text.starts_with("(1 earlier lines are not kept)\n"));
  BOOST_CHECK_EQUAL(text.find("one\n"), std::string::npos);
  BOOST_CHECK_NE(text.find("two\\nlines\n"), std::string::npos);
  BOOST_CHECK_NE(text.find("three\n"), std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
