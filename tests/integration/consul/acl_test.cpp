// The client with a Consul whose ACLs deny everything that is not granted.
#include "agent.hpp"
#include "consul/client.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace labctl;
using namespace std::chrono_literals;

namespace {

constexpr const char* master_token = "6b1d4b6e-0c51-4b0e-9f5e-000000000001";
constexpr const char* unknown_token = "6b1d4b6e-0c51-4b0e-9f5e-000000000002";

Deadline in_time() { return Deadline::in(10s); }

// One agent for all cases.
struct Acls {
  static test::ConsulAgent& agent() {
    static test::ConsulAgent one(
        {fmt::format(
            R"(acl {{ enabled = true default_policy = "deny" tokens {{ initial_management = "{0}" agent = "{0}" }} }})",
            master_token)},
        Secret(master_token));
    return one;
  }
  static consul::Client with(const std::string& token) {
    return consul::Client(agent().server(), Secret(token));
  }
  consul::Client nobody{agent().server()};
  consul::Client master = with(master_token);

  // A token with these rules.
  static std::string token_with(const std::string& name, const std::string& rules) {
    http::Client raw(agent().server());
    const auto put = [&](const std::string& target, const nlohmann::json& body) {
      const auto answer =
          raw.send({"PUT", target, {{"X-Consul-Token", master_token}}, body.dump()}, in_time());
      BOOST_REQUIRE_MESSAGE(answer.ok(), answer.body);
      return nlohmann::json::parse(answer.body);
    };
    const auto policy = put("/v1/acl/policy", {{"Name", name}, {"Rules", rules}});
    return put("/v1/acl/token", {{"Policies", {{{"ID", policy.at("ID")}}}}}).at("SecretID");
  }
};

// What a refusal tells the user.
template <typename Call>
std::string refusal_of(Call call) {
  try {
    call();
  } catch (const consul::StatusError& error) {
    BOOST_TEST((error.kind() == Kind::refused));
    BOOST_TEST(error.status() == 403);
    BOOST_TEST(error.line().find(master_token) == std::string::npos);
    BOOST_TEST(error.line().find(unknown_token) == std::string::npos);
    return error.line();
  }
  BOOST_ERROR("nothing was refused");
  return {};
}

bool names(const std::string& line, const std::string& permission) {
  return line.find("403: ") != std::string::npos && line.find("needs " + permission) != std::string::npos &&
         line.find("set CONSUL_HTTP_TOKEN") != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(consul_acls, Acls)

BOOST_AUTO_TEST_CASE(without_a_token_only_the_leader_is_told) {
  BOOST_TEST(!nobody.leader(in_time()).empty());  // what the tunnel daemon asks
  const std::vector<std::pair<std::string, std::function<void()>>> refused{
      {"key:read on app/a", [&] { nobody.get("app/a", in_time()); }},
      {"key:read on app/", [&] { nobody.list("app/", in_time()); }},
      {"key:write on app/a", [&] { nobody.put("app/a", "1", in_time()); }},
      {"key:write on app/a", [&] { nobody.remove("app/a", in_time()); }},
      {"session:write", [&] { nobody.create_session("x", 10s, in_time()); }},
      {"event:write on deploy", [&] { nobody.fire_event("deploy", "", in_time()); }},
      {"key:read on app", [&] { nobody.catalog_nodes(in_time()); }},
      {"key:read on app", [&] { nobody.node_ids(in_time()); }},
      {"key:read on app", [&] { nobody.catalog_services(in_time()); }},
      {"key:read on app", [&] { nobody.members(in_time()); }},
      {"key:read on app", [&] { nobody.events(in_time()); }},
      {"service:write", [&] { nobody.register_service(R"({"Name": "svc"})", in_time()); }},
  };
  for (const auto& [permission, call] : refused) {
    const auto line = refusal_of(call);
    BOOST_TEST(names(line, permission), permission << " in: " << line);
  }
}

BOOST_AUTO_TEST_CASE(with_a_token_everything_works) {
  master.put("app/a", "1", in_time());
  BOOST_TEST((master.get("app/a", in_time())->value == "1"));
  BOOST_TEST(master.list("app/", in_time()).size() == 1U);
  BOOST_TEST(master.list("nothing/", in_time()).empty());
  const auto session = master.create_session("x", 10s, in_time());
  BOOST_TEST(master.acquire("labctl/test", "me", session, in_time()));
  master.destroy_session(session, in_time());
  BOOST_TEST(!master.fire_event("told", "{}", in_time()).empty());
  BOOST_TEST(master.members(in_time()).size() == 1U);
  master.register_service(R"({"Name": "svc"})", in_time());
  BOOST_TEST((master.agent_services(in_time()) == std::vector<std::string>{"svc"}));
  master.deregister_service("svc", in_time());
  master.remove_prefix("app/", in_time());
}

BOOST_AUTO_TEST_CASE(a_token_that_consul_does_not_know_is_told_as_such) {
  auto stranger = with(unknown_token);
  const auto line = refusal_of([&] { stranger.get("app/a", in_time()); });
  BOOST_TEST(line.find("ACL not found") != std::string::npos, line);
  BOOST_TEST(line.find("set CONSUL_HTTP_TOKEN to a token that Consul knows") != std::string::npos, line);
}

BOOST_AUTO_TEST_CASE(a_token_for_a_part_reads_it_and_no_shortened_list) {
  master.put("app/a", "1", in_time());
  master.put("migrate/a/success", "1", in_time());
  auto part = with(token_with("part", R"(key_prefix "app/" { policy = "read" })"));
  BOOST_TEST((part.get("app/a", in_time())->value == "1"));
  BOOST_TEST(part.list("app/", in_time()).size() == 1U);
  const auto write = refusal_of([&] { part.put("app/a", "2", in_time()); });
  BOOST_TEST(names(write, "key:write on app/a"), write);
  const std::vector<std::pair<std::string, std::function<void()>>> shortened{
      {"key:read on migrate/", [&] { part.list("migrate/", in_time()); }},
      {"node:read", [&] { part.catalog_nodes(in_time()); }},
      {"service:read", [&] { part.catalog_services(in_time()); }},
      {"node:read", [&] { part.members(in_time()); }},
  };
  for (const auto& [permission, call] : shortened) {
    const auto line = refusal_of(call);
    BOOST_TEST(line.find("left out of its answer") != std::string::npos, permission << " in: " << line);
    BOOST_TEST(line.find("needs " + permission) != std::string::npos, line);
  }
  master.remove_prefix("app/", in_time());
  master.remove_prefix("migrate/", in_time());
}

BOOST_AUTO_TEST_SUITE_END()
