#include "tunnels/control.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace labctl;
using namespace labctl::tunnels;

namespace {

Plan plan() {
  Plan plan;
  plan.inventory = "lab";
  plan.source = "/a/inventory.yaml";
  plan.nodes = {{.name = "core1",
                 .host = "10.0.0.1",
                 .port = 22,
                 .user = "core",
                 .identities = {"/k"},
                 .identity_required = true,
                 .identities_only = false,
                 .agent_socket = "/agent",
                 .known_hosts = {"/known"}}};
  plan.forwards = {{"consul",
                    {"core1", "core2"},
                    parse_endpoint("127.0.0.1:8500"),
                    {"localhost", 8500, {}},
                    ForwardCheck::consul_leader},
                   {"docker_core1",
                    {"core1"},
                    parse_endpoint("/run/d.sock"),
                    {{}, 0, "/var/run/docker.sock"},
                    ForwardCheck::docker_ping},
                   {"socks",
                    {"core1"},
                    parse_endpoint("127.0.0.1:1080"),
                    {},
                    ForwardCheck::open,
                    inventory::Forward::Direction::dynamic,
                    {{"service.lab", "10.0.0.1"}}}};
  return plan;
}

Status status() {
  Status status;
  status.inventory = "lab";
  status.pid = 4711;
  status.since = 1.5;
  status.revision = 9;
  status.nodes = {{"core1", NodeState::waiting, 2.5, Problem{"core1", "gone", "look", "lost"}, 3.5}};
  ForwardStatus forward;
  forward.name = "docker_core1";
  forward.state = ForwardState::down;
  forward.via = {"core1"};
  forward.rtt_ms = 0.25;
  forward.bytes_in = 1ULL << 40;
  forward.direction = inventory::Forward::Direction::remote;
  forward.connection_error = Problem{"back", "refused", "", "target-refused"};
  status.forwards = {forward};
  return status;
}

Kind kind_of(const std::string& line) {
  try {
    read_request(line);
  } catch (const Error& error) {
    return error.kind();
  }
  BOOST_FAIL("should not read");
  return Kind::system;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(control)

BOOST_AUTO_TEST_CASE(a_request_reads_as_it_was_written) {
  Request request;
  request.verb = Request::Verb::restart;
  request.forwards = {"consul"};
  request.plan = plan();
  request.newer_than = 7;
  request.wait_ms = 500;
  const std::string line = to_line(request);
  BOOST_TEST(line.find('\n') == std::string::npos);
  BOOST_TEST((read_request(line) == request));
  BOOST_TEST((read_request(to_line(Request{})) == Request{}));
}

BOOST_AUTO_TEST_CASE(a_reply_reads_as_it_was_written) {
  Reply reply;
  reply.ok = false;
  reply.problems = {{"core1", "key is refused", "do this", "key-refused"}};
  reply.status = status();
  reply.covers_plan = false;
  BOOST_TEST((read_reply(to_line(reply)) == reply));
}

BOOST_AUTO_TEST_CASE(words_of_a_peer_that_are_no_utf8_do_not_break_the_line) {
  Reply reply;
  reply.problems = {{"core1", "banner \xff\xfe", "", "protocol"}};
  BOOST_TEST(read_reply(to_line(reply)).problems.size() == 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_invalid) {
  BOOST_TEST((kind_of("") == Kind::invalid));
  BOOST_TEST((kind_of("[]") == Kind::invalid));
  BOOST_TEST((kind_of(R"({"version": 2})") == Kind::invalid));
  BOOST_TEST((kind_of(R"({"version": 99, "verb": "status"})") == Kind::invalid));
}

BOOST_AUTO_TEST_CASE(everything_is_up_only_if_every_forward_is) {
  Status one = status();
  BOOST_TEST(!one.all_up());
  one.forwards[0].state = ForwardState::up;
  BOOST_TEST(one.all_up());
}

BOOST_AUTO_TEST_CASE(nodes_that_say_the_same_share_a_line) {
  const auto lines = lines_of({{"core1", "key file is missing: /k", "h", "identity-missing"},
                               {"core2", "no answer", "", "no-answer"},
                               {"core3", "key file is missing: /k", "h", "identity-missing"}});
  BOOST_REQUIRE(lines.size() == 2);
  BOOST_TEST(lines[0] == "core1, core3: key file is missing: /k (h)");
  BOOST_TEST(lines[1] == "core2: no answer");
}

BOOST_AUTO_TEST_CASE(a_plan_for_some_nodes_is_covered_by_the_whole) {
  Plan some = plan();
  some.forwards[0].via = {"core1"};
  some.forwards.pop_back();
  BOOST_TEST(plan().covers(some));
  BOOST_TEST(!some.covers(plan()));
  Plan changed = plan();
  changed.nodes[0].user = "other";
  BOOST_TEST(!plan().covers(changed));
  changed = plan();
  changed.forwards[1].remote.path = "/other.sock";
  BOOST_TEST(!plan().covers(changed));
}

BOOST_AUTO_TEST_SUITE_END()
