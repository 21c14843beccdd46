#include "doctor/explanation.hpp"

#include "cluster_view.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace labctl::doctor::view {
namespace {

std::vector<std::string> ids_of(const std::vector<Finding>& findings) {
  std::vector<std::string> ids;
  for (const auto& finding : findings) ids.push_back(finding.id);
  return ids;
}

using Ids = std::vector<std::string>;

const Reading no_leader{"Consul has no leader", {"consul-no-leader"}};
const Reading host_key{"the host key is another one", {"host-key-changed", "host-key-unknown"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(explaining)

BOOST_AUTO_TEST_CASE(of_a_healthy_cluster_everything_was_seen_and_nothing_explains_the_message) {
  const auto explanation = explain(no_leader, healthy());
  BOOST_TEST(explanation.causes.empty());
  BOOST_TEST(explanation.complete());
}

BOOST_AUTO_TEST_CASE(a_finding_that_the_reading_names_is_its_cause) {
  auto seen = healthy();
  seen.consul.leader = "";
  const auto explanation = explain(no_leader, seen);
  BOOST_TEST((ids_of(explanation.causes) == Ids{"consul-no-leader"}));
  BOOST_TEST(explanation.in_the_way.empty());
}

// Then Consul could not be asked, which is another thing than an answer with a leader.
BOOST_AUTO_TEST_CASE(what_hides_the_cause_is_named) {
  auto seen = healthy();
  stop_daemon(seen, LocalEndSeen::State::missing);
  const auto explanation = explain(no_leader, seen);
  BOOST_TEST(explanation.causes.empty());
  BOOST_TEST((ids_of(explanation.in_the_way) == Ids{"daemon-not-running"}));
  BOOST_REQUIRE_EQUAL(explanation.unknown.size(), 1u);
  BOOST_TEST(explanation.unknown[0].group->name == "consul");
  BOOST_TEST(!explanation.complete());
}

BOOST_AUTO_TEST_CASE(a_node_without_a_login_does_not_show_its_host_key) {
  auto seen = healthy();
  lose(seen, "core3", ssh::Cause::unreachable);
  BOOST_TEST((ids_of(explain(host_key, seen).in_the_way) == Ids{"node-unreachable"}));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_elsewhere_hides_nothing_of_a_login) {
  auto seen = healthy();
  stop_daemon(seen, LocalEndSeen::State::missing);
  BOOST_TEST(explain(host_key, seen).complete());
}

BOOST_AUTO_TEST_CASE(without_an_inventory_that_is_in_the_way) {
  Observations seen;
  seen.inventory.problem = Error(Kind::not_found, "no inventory");
  const auto explanation = explain(no_leader, seen);
  BOOST_TEST((ids_of(explanation.in_the_way) == Ids{"inventory-none"}));
  BOOST_TEST(!explanation.complete());
}

BOOST_AUTO_TEST_CASE(only_groups_of_the_reading_are_looked_at) {
  const Reading both{"", {"docker-down", "consul-no-leader", "container-not-running"}};
  BOOST_TEST((groups_of(both) == std::vector<std::string_view>{"engine", "consul"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor::view
