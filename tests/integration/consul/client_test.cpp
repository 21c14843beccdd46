#include "consul/client.hpp"

#include "agent.hpp"
#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <thread>

using namespace labctl;
using namespace std::chrono_literals;

namespace {

Deadline soon() { return Deadline::in(10s); }

// One agent for all cases; each case uses its own keys.
struct Agent {
  static test::ConsulAgent& agent() {
    static test::ConsulAgent one;
    return one;
  }
  consul::Client client{agent().server()};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(consul_agent_suite, Agent)

BOOST_AUTO_TEST_CASE(the_agent_leads_and_is_a_member_and_a_node) {
  BOOST_TEST(!client.leader(soon()).empty());
  const auto members = client.members(soon());
  BOOST_REQUIRE(members.size() == 1);
  BOOST_TEST(members[0].name == "test");
  BOOST_TEST(members[0].alive);
  BOOST_TEST((client.catalog_nodes(soon()) == std::vector<std::string>{"test"}));
  BOOST_TEST(client.node_addresses(soon()).at("test") == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(an_event_that_was_fired_is_remembered_with_its_payload) {
  const std::string payload = R"({"repo": "x"})";
  const auto id = client.fire_event("told", payload, soon());
  // The agent hears of its own event by gossip.
  const auto deadline = soon();
  std::vector<consul::UserEvent> events;
  const auto is_ours = [&](const consul::UserEvent& event) { return event.id == id; };
  while (std::none_of(events.begin(), events.end(), is_ours) && !deadline.passed())
    events = client.events(soon());
  const auto found = std::find_if(events.begin(), events.end(), is_ours);
  BOOST_REQUIRE((found != events.end()));
  BOOST_TEST(found->name == "told");
  BOOST_TEST(found->payload == payload);
}

BOOST_AUTO_TEST_CASE(an_error_has_the_status_of_the_answer_and_the_request) {
  BOOST_CHECK_EXCEPTION(client.register_service("no json", soon()), consul::StatusError,
                        [](const consul::StatusError& error) {
                          return error.status() == 400 && error.kind() == Kind::invalid &&
                                 error.target() == "/v1/agent/service/register";
                        });
}

BOOST_AUTO_TEST_CASE(keys_are_written_read_listed_and_removed) {
  const std::string value("{\"a\": \"\xc3\xa9\"}\0x", 14);
  BOOST_TEST(!client.get("app/a.1", soon()));
  client.put("app/a.1", value, soon());
  BOOST_TEST((client.get("app/a.1", soon())->value == value));
  client.put("app/a.2", "", soon());
  BOOST_TEST(client.list("app/a.", soon()).size() == 2U);
  client.remove("app/a.1", soon());
  client.remove("app/a.1", soon());  // already gone
  BOOST_TEST(!client.get("app/a.1", soon()));
  client.remove_prefix("app/a.", soon());
  BOOST_TEST(client.list("app/a.", soon()).empty());
}

BOOST_AUTO_TEST_CASE(a_blocking_read_returns_with_the_change_and_not_before_the_deadline_without) {
  auto read = client.get("wait/key", consul::Blocking{0}, soon());
  BOOST_TEST(!read.value);
  const auto quiet = Deadline::in(300ms);
  const auto unchanged = client.get("wait/key", consul::Blocking{read.index}, quiet);
  BOOST_TEST(!unchanged.value);
  BOOST_TEST((quiet.elapsed() >= 100ms));

  std::jthread writer([] { consul::Client(agent().server()).put("wait/key", "now", soon()); });
  const auto patience = Deadline::in(30s);
  while (!read.value && !patience.passed()) {
    read = client.get("wait/key", consul::Blocking{read.index}, patience);
  }
  BOOST_REQUIRE(read.value);
  BOOST_TEST(read.value->value == "now");
  BOOST_TEST((patience.elapsed() < 20s));
}

BOOST_AUTO_TEST_CASE(a_session_holds_a_key_against_others_and_takes_it_along) {
  const auto first = client.create_session("first", 10s, soon());
  const auto second = client.create_session("second", 10s, soon());
  http::Client raw(agent().server());
  const auto info = raw.send({"GET", "/v1/session/info/" + first, {}, {}}, soon()).body;
  BOOST_TEST(info.find("serfHealth") == std::string::npos, info);
  BOOST_TEST(client.acquire("lock/key", "first", first, soon()));
  BOOST_TEST(!client.acquire("lock/key", "second", second, soon()));
  const auto held = client.get("lock/key", soon());
  BOOST_REQUIRE(held);
  BOOST_TEST(held->value == "first");
  BOOST_TEST(held->session == first);
  BOOST_TEST(client.renew_session(first, soon()));
  client.destroy_session(first, soon());
  client.destroy_session(first, soon());  // unknown now
  BOOST_TEST(!client.renew_session(first, soon()));
  BOOST_TEST(!client.get("lock/key", soon()));
  BOOST_TEST(client.acquire("lock/key", "second", second, soon()));
  client.destroy_session(second, soon());
}

BOOST_AUTO_TEST_CASE(every_node_has_an_id) {
  const auto ids = client.node_ids(soon());
  BOOST_REQUIRE(ids.contains("test"));
  BOOST_TEST(ids.at("test").size() == 36U);
}

BOOST_AUTO_TEST_CASE(the_size_limit_of_events_is_the_agents_own) {
  for (const std::string name : {"deploy", "destroy", "migrate", "x"}) {
    const auto room = consul::usable_payload(name);
    BOOST_TEST(!client.fire_event(name, std::string(room, 'x'), soon()).empty(), name);
    // The agent also refuses one byte more: the limit is not lower than it must be.
    http::Client raw(agent().server());
    const auto refused = raw.send({"PUT", "/v1/event/fire/" + name, {}, std::string(room + 1, 'x')}, soon());
    BOOST_TEST(refused.status == 500, name << " " << refused.body);
  }
}

BOOST_AUTO_TEST_CASE(an_event_as_long_as_its_node_filter_lets_it_be_is_taken) {
  for (const auto& nodes : std::vector<std::vector<std::string>>{{"test"}, {"test", std::string(60, 'n')}}) {
    const auto filter = consul::node_filter(nodes);
    const auto room = consul::usable_payload("deploy", filter);
    BOOST_TEST(!client.fire_event("deploy", std::string(room, 'x'), soon(), filter).empty());
  }
}

BOOST_AUTO_TEST_CASE(a_service_is_registered_found_and_deregistered) {
  client.register_service(
      R"({"Name": "svc_a.1", "Checks": [{"HTTP": "http://127.0.0.1:1/", "Interval": "60s"}]})", soon());
  const auto entries = client.catalog_service("svc_a.1", soon());
  BOOST_REQUIRE(entries.size() == 1);
  BOOST_TEST(entries[0].id == "svc_a.1");
  BOOST_TEST(entries[0].node == "test");
  const auto checks = client.health_checks("svc_a.1", soon());
  BOOST_REQUIRE(checks.size() == 1);
  BOOST_TEST(checks[0].status == "critical");
  BOOST_TEST((client.agent_services(soon()) == std::vector<std::string>{"svc_a.1"}));
  client.deregister_service("svc_a.1", soon());
  client.deregister_service("svc_a.1", soon());  // unknown now
  BOOST_TEST(client.catalog_service("svc_a.1", soon()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
