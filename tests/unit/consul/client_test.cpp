#include "consul/client.hpp"

#include "base/error.hpp"
#include "support/fake_server.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace std::chrono_literals;
using test::FakeConnection;
using test::FakeRequest;
using test::FakeServer;

namespace {

Deadline soon() { return Deadline::in(5s); }

// Gives every request the same answer and stores the last request.
struct Stub {
  int status;
  std::string body;
  std::string headers;
  FakeRequest seen;
  FakeServer server{[this](const FakeRequest& request, const FakeConnection& connection) {
    seen = request;
    connection.reply(status, body, headers);
    return true;
  }};
  consul::Client client{server.address()};

  explicit Stub(int s, std::string b = "", std::string h = "")
      : status(s), body(std::move(b)), headers(std::move(h)) {}
};

template <typename Call>
Kind kind_of(Call call) {
  try {
    call();
  } catch (const Error& e) {
    return e.kind();
  }
  BOOST_FAIL("no error was thrown");
  return Kind::system;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(consul_client)

BOOST_AUTO_TEST_CASE(a_key_is_read_with_its_value_decoded) {
  Stub stub(200, R"([{"Key":"app/a.1","Value":"eyJhIjogMX0=","ModifyIndex":42}])");
  const auto found = stub.client.get("app/a.1", soon());
  BOOST_REQUIRE(found);
  BOOST_TEST(found->value == "{\"a\": 1}");
  BOOST_TEST(found->modify_index == 42U);
  BOOST_TEST(stub.seen.target == "/v1/kv/app/a.1");
}

BOOST_AUTO_TEST_CASE(a_key_with_an_empty_value_is_there) {
  Stub stub(200, R"([{"Key":"maintenance/a.1","Value":null,"ModifyIndex":42}])");
  const auto found = stub.client.get("maintenance/a.1", soon());
  BOOST_REQUIRE(found);
  BOOST_TEST(found->value.empty());
}

BOOST_AUTO_TEST_CASE(a_key_that_a_session_holds_names_it) {
  Stub stub(200, R"([{"Key":"a","Value":null,"ModifyIndex":42,"Session":"s-1"}])");
  BOOST_TEST(stub.client.get("a", soon())->session == "s-1");
}

BOOST_AUTO_TEST_CASE(a_session_is_tied_to_no_nodes_health_and_takes_its_keys_along) {
  Stub stub(200, R"({"ID":"s-1"})");
  BOOST_TEST(stub.client.create_session("labctl test", 10s, soon()) == "s-1");
  BOOST_TEST(stub.seen.method == "PUT");
  BOOST_TEST(stub.seen.target == "/v1/session/create");
  BOOST_TEST(stub.seen.body ==
             R"({"Behavior":"delete","Checks":[],"LockDelay":"0s","Name":"labctl test","TTL":"10s"})");
}

BOOST_AUTO_TEST_CASE(a_session_that_has_ended_is_not_renewed) {
  BOOST_TEST(Stub(200, "[]").client.renew_session("s-1", soon()));
  BOOST_TEST(!Stub(404, "Session id 's-1' not found").client.renew_session("s-1", soon()));
  BOOST_TEST((kind_of([] { Stub(500, "No cluster leader").client.renew_session("s-1", soon()); }) ==
              Kind::unavailable));
}

BOOST_AUTO_TEST_CASE(acquiring_a_key_says_whether_it_is_held) {
  Stub stub(200, "true\n");
  BOOST_TEST(stub.client.acquire("labctl/test", "me", "s-1", soon()));
  BOOST_TEST(stub.seen.target == "/v1/kv/labctl/test?acquire=s-1");
  BOOST_TEST(stub.seen.body == "me");
  BOOST_TEST(!Stub(200, "false\n").client.acquire("labctl/test", "me", "s-1", soon()));
}

BOOST_AUTO_TEST_CASE(nodes_have_their_ids) {
  Stub stub(200, R"([{"Node":"core1","ID":"i-1"},{"Node":"core2","ID":null}])");
  BOOST_TEST(
      (stub.client.node_ids(soon()) == std::map<std::string, std::string>{{"core1", "i-1"}, {"core2", ""}}));
}

BOOST_AUTO_TEST_CASE(absent_no_leader_and_nonsense_are_three_outcomes) {
  BOOST_TEST(!Stub(404).client.get("app/a", soon()));
  BOOST_TEST(
      (kind_of([] { Stub(500, "No cluster leader").client.get("app/a", soon()); }) == Kind::unavailable));
  BOOST_TEST((kind_of([] { Stub(200, "<html>").client.get("app/a", soon()); }) == Kind::invalid));
  BOOST_TEST((kind_of([] { Stub(200, "[{}]").client.get("app/a", soon()); }) == Kind::invalid));
  BOOST_TEST(
      (kind_of([] { Stub(500, "No cluster leader").client.list("app/", soon()); }) == Kind::unavailable));
  BOOST_TEST((kind_of([] { Stub(403, "Permission denied").client.list("app/", soon()); }) == Kind::refused));
  BOOST_TEST(Stub(404).client.list("app/", soon()).empty());
}

BOOST_AUTO_TEST_CASE(a_blocking_read_sends_the_index_and_gives_the_new_one) {
  Stub stub(404, "", "X-Consul-Index: 99\r\n");
  const auto read = stub.client.get("app/a", consul::Blocking{98}, Deadline::in(8s));
  BOOST_TEST(!read.value);
  BOOST_TEST(read.index == 99U);
  BOOST_TEST(stub.seen.target.starts_with("/v1/kv/app/a?index=98&wait=74"));
}

// If a client gives up a blocking read early, the agent keeps its connection until the read's time is over,
// and it allows only a limited number of connections.
BOOST_AUTO_TEST_CASE(a_blocking_read_is_short_however_long_its_deadline) {
  Stub stub(404, "", "X-Consul-Index: 99\r\n");
  stub.client.get("app/a", consul::Blocking{98}, Deadline::in(900s));
  BOOST_TEST(stub.seen.target == "/v1/kv/app/a?index=98&wait=10000ms");
}

BOOST_AUTO_TEST_CASE(a_blocking_list_waits_too) {
  Stub stub(200, R"([{"Key":"maintenance/a.1","Value":null,"ModifyIndex":1}])", "X-Consul-Index: 0\r\n");
  const auto read = stub.client.list("maintenance/", consul::Blocking{5}, Deadline::in(8s));
  BOOST_TEST(stub.seen.target.starts_with("/v1/kv/maintenance/?recurse=true&index=5&wait=74"));
  // An index of 0 would turn the next blocking query into a busy loop.
  BOOST_TEST(read.index == 1U);
}

BOOST_AUTO_TEST_CASE(an_event_is_fired_with_its_payload_and_gives_its_id) {
  Stub stub(200, R"({"ID":"b54fe110","Name":"deploy"})");
  BOOST_TEST(stub.client.fire_event("deploy", "{}", soon()) == "b54fe110");
  BOOST_TEST(stub.seen.target == "/v1/event/fire/deploy");
  BOOST_TEST(stub.seen.body == "{}");
}

BOOST_AUTO_TEST_CASE(an_event_for_some_nodes_names_them) {
  Stub stub(200, R"({"ID":"1"})");
  BOOST_TEST(consul::node_filter({"core1", "a.b"}) == R"(^(core1|a\.b)$)");
  stub.client.fire_event("x", "{}", soon(), consul::node_filter({"core1"}));
  BOOST_TEST(stub.seen.target == "/v1/event/fire/x?node=%5E%28core1%29%24");
  BOOST_TEST(consul::usable_payload("deploy", "^(core1)$") < consul::usable_payload("deploy") - 9);
}

BOOST_AUTO_TEST_CASE(an_event_over_the_limit_is_never_sent) {
  BOOST_TEST(consul::usable_payload("deploy") == 404U);
  BOOST_TEST(consul::usable_payload("destroy") == 402U);
  BOOST_TEST(consul::usable_payload("migrate") == 402U);
  Stub stub(200, R"({"ID":"1"})");
  BOOST_TEST(
      (kind_of([&] { stub.client.fire_event("deploy", std::string(405, 'x'), soon()); }) == Kind::invalid));
  BOOST_TEST(stub.server.connections() == 0);
  BOOST_TEST(stub.client.fire_event("deploy", std::string(404, 'x'), soon()) == "1");
}

BOOST_AUTO_TEST_CASE(catalog_and_checks_are_read) {
  Stub catalog(
      200,
      R"([{"Node":"core1","Address":"10.0.0.1","ServiceID":"a.1","ServiceName":"a.1","ServiceAddress":""}])");
  const auto entries = catalog.client.catalog_service("a.1", soon());
  BOOST_REQUIRE(entries.size() == 1);
  BOOST_TEST(entries[0].node == "core1");
  BOOST_TEST(entries[0].address == "10.0.0.1");

  Stub names(200, R"({"consul":[],"a.1":["tag"]})");
  BOOST_TEST((names.client.catalog_services(soon()) == std::vector<std::string>{"a.1", "consul"}));

  Stub health(
      200,
      R"([{"Node":"core1","CheckID":"service:a.1","ServiceName":"a.1","Status":"passing","Output":"200"}])");
  const auto checks = health.client.health_checks("a.1", soon());
  BOOST_REQUIRE(checks.size() == 1);
  BOOST_TEST(checks[0].status == "passing");
  BOOST_TEST(health.seen.target == "/v1/health/checks/a.1");
}

BOOST_AUTO_TEST_CASE(only_a_living_member_is_alive) {
  Stub stub(
      200,
      R"([{"Name":"core1","Addr":"10.0.0.1","Status":1},{"Name":"core2","Addr":"10.0.0.2","Status":4}])");
  const auto members = stub.client.members(soon());
  BOOST_REQUIRE(members.size() == 2);
  BOOST_TEST(members[0].alive);
  BOOST_TEST(!members[1].alive);
}

BOOST_AUTO_TEST_CASE(deregistering_an_unknown_service_is_fine) {
  Stub stub(404, "Unknown service ID");
  stub.client.deregister_service("a/b.1", soon());
  BOOST_TEST(stub.seen.target == "/v1/agent/service/deregister/a%2Fb.1");
}

BOOST_AUTO_TEST_CASE(a_token_is_sent_with_every_request_and_without_one_there_is_no_such_header) {
  Stub stub(200, "true");
  consul::Client(stub.server.address(), Secret("t-1")).put("a", "1", soon());
  BOOST_TEST(stub.seen.head.find("X-Consul-Token: t-1\r\n") != std::string::npos);
  stub.client.put("a", "1", soon());
  BOOST_TEST(stub.seen.head.find("X-Consul-Token") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_403_names_the_permission_and_the_variable) {
  const auto refusal_of = [](const std::string& body, const auto& call) {
    Stub stub(403, body);
    try {
      call(stub.client);
    } catch (const consul::StatusError& error) {
      BOOST_TEST(error.status() == 403);
      return error.hint();
    }
    return std::string("none");
  };
  const std::string way = ": set CONSUL_HTTP_TOKEN to a token that has it";
  BOOST_TEST(refusal_of("Permission denied", [](auto& consul) { consul.put("app/a", "", soon()); }) ==
             "needs key:write on app/a" + way);
  BOOST_TEST(refusal_of("Permission denied", [](auto& consul) { consul.list("app/", soon()); }) ==
             "needs key:read on app/" + way);
  BOOST_TEST(refusal_of("Permission denied", [](auto& consul) { consul.create_session("x", 10s, soon()); }) ==
             "needs session:write" + way);
  BOOST_TEST(refusal_of("Permission denied", [](auto& consul) { consul.fire_event("x", "", soon()); }) ==
             "needs event:write on x" + way);
  BOOST_TEST(refusal_of("Permission denied", [](auto& consul) { consul.node_ids(soon()); }) ==
             "needs node:read" + way);
  BOOST_TEST(refusal_of("ACL not found", [](auto& consul) { consul.get("app", soon()); }) ==
             "set CONSUL_HTTP_TOKEN to a token that Consul knows");
}

BOOST_AUTO_TEST_CASE(a_list_that_acls_have_shortened_is_an_error) {
  Stub stub(200, R"(["app"])", "X-Consul-Results-Filtered-By-ACLs: true\r\n");
  BOOST_TEST((kind_of([&] { stub.client.catalog_nodes(soon()); }) == Kind::refused));
}

BOOST_AUTO_TEST_CASE(without_a_token_an_empty_list_is_believed_only_if_a_key_of_it_may_be_read) {
  std::vector<std::string> targets;
  int status_of_key = 403;
  FakeServer server([&](const FakeRequest& request, const FakeConnection& connection) {
    targets.push_back(request.target);
    const bool is_list = request.target.find("recurse") != std::string::npos;
    connection.reply(is_list ? 404 : status_of_key, "Permission denied");
    return true;
  });
  consul::Client client(server.address());
  BOOST_TEST((kind_of([&] { client.list("app/", soon()); }) == Kind::refused));
  status_of_key = 404;
  BOOST_TEST(client.list("app/", soon()).empty());
  targets.clear();
  BOOST_TEST(client.list("app/", soon()).empty());  // known to be readable now
  BOOST_TEST((targets == std::vector<std::string>{"/v1/kv/app/?recurse=true"}));
}

BOOST_AUTO_TEST_CASE(no_prefix_never_means_every_key) {
  Stub stub(200, "true");
  BOOST_CHECK_THROW(stub.client.remove_prefix("", soon()), Error);
  stub.client.remove_prefix("migrate/a.1/", soon());
  BOOST_TEST(stub.seen.target == "/v1/kv/migrate/a.1/?recurse=true");
  BOOST_TEST(stub.seen.method == "DELETE");
}

BOOST_AUTO_TEST_SUITE_END()
