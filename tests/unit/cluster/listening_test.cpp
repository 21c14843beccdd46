#include "cluster/activity.hpp"
#include "cluster/operations.hpp"
#include "support/fake_cluster.hpp"
#include "support/sample_app.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace labctl::cluster;
using namespace labctl::contract;
using namespace std::chrono_literals;
using labctl::cluster::test::app;
using labctl::cluster::test::FakeCluster;

BOOST_FIXTURE_TEST_SUITE(cluster_listening, FakeCluster)

BOOST_AUTO_TEST_CASE(a_listener_hears_the_event_fired_and_then_what_comes_of_it) {
  have_until_destroyed(app.app);
  std::vector<Happening> heard;
  {
    const Listening listening(cluster, [&](const Happening& happening) { heard.push_back(happening); });
    destroy(cluster, app, 10s);
  }
  BOOST_REQUIRE(!heard.empty());
  BOOST_TEST((heard.front().type == Happening::Type::fired));
  BOOST_TEST(heard.front().value.value().ends_with("0001"));
  const auto gone = std::any_of(heard.begin(), heard.end(), [](const auto& one) {
    return one.type == Happening::Type::app_key && !one.value;
  });
  BOOST_TEST(gone);
  const auto logged = std::any_of(heard.begin(), heard.end(), [](const auto& one) {
    return one.type == Happening::Type::log_line && one.node == "core2" && one.value->ends_with("stopped");
  });
  BOOST_TEST(logged);
  for (const auto& node : cluster.nodes()) {
    const auto done = std::count_if(heard.begin(), heard.end(), [&](const auto& one) {
      return one.type == Happening::Type::event_done && one.node == node && one.value == heard.front().value;
    });
    BOOST_TEST(done == 1, node);
  }

  // No listener is left.
  const auto before = heard.size();
  consul.put(app_key(app.app), "{}");
  destroy(cluster, app, 10s);
  BOOST_TEST(heard.size() == before);
}

BOOST_AUTO_TEST_SUITE_END()
