#include "cluster/operations.hpp"

#include "base/error.hpp"
#include "fake_cluster.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::cluster;
using namespace std::chrono_literals;
using cluster::test::FakeCluster;

namespace {

const AppName app = app_name("https://github.com/mlfmonde/cluster_lab_test_service", "master");

DeployRequest request() {
  DeployRequest request;
  request.app = app;
  request.master = "core1";
  request.slave = "core2";
  return request;
}

std::string record(const std::string& deploy_id) {
  Record record;
  record.repo_url = app.repo_url;
  record.branch = app.branch;
  record.deploy_id = deploy_id;
  record.master = "core1";
  return to_text(record);
}

template <typename Call>
Error error_of(Call call) {
  try {
    call();
  } catch (const Error& e) {
    return e;
  }
  return {Kind::system, "no error was thrown"};
}

bool holds(const Error& error, const std::string& words) {
  return error.line().find(words) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cluster_operations, FakeCluster)

BOOST_AUTO_TEST_CASE(a_deployment_is_done_when_the_key_names_its_event_and_every_node_is_through) {
  consul.put(app_key(app.app), record("an-older-one"));
  consul.on_event = [&](const std::string& name, const std::string& payload, const std::string& id) {
    if (name == "deploy") {
      BOOST_TEST(parse_deploy(payload).master == "core1");
      consul.put(maintenance_key(app.app), "");
      // A record of somebody else's deployment in between must not end the wait.
      consul.put(app_key(app.app), record("yet-another"));
      consul.put(app_key(app.app), record(id));
      consul.remove(maintenance_key(app.app));
    }
    log_unknown(name);
  };
  const auto done = deploy(cluster, request(), 10s);
  BOOST_TEST(done.record.deploy_id == done.event_id);
  BOOST_REQUIRE(done.before);
  BOOST_TEST(done.before->deploy_id == "an-older-one");
  // Nothing that we started is left behind on the nodes.
  BOOST_TEST(core1.ran("kill"));
  BOOST_TEST(core2.ran("kill"));
}

BOOST_AUTO_TEST_CASE(an_error_line_of_a_handler_ends_the_wait_early) {
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    if (name == "deploy") core2.log("2026-11-22\tERROR\t" + app.app + ": git clone failed");
  };
  const auto deadline = Deadline::in(60s);
  const auto error = error_of([&] { deploy(cluster, request(), 60s); });
  BOOST_TEST((error.kind() == Kind::unavailable));
  BOOST_TEST(holds(error, "core2"));
  BOOST_TEST(holds(error, "git clone failed"));
  BOOST_TEST((deadline.elapsed() < 30s));
}

BOOST_AUTO_TEST_CASE(a_wait_that_ends_says_what_was_awaited_and_seen_last) {
  consul.put(app_key(app.app), record("an-older-one"));
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    if (name == "deploy") core1.log("2026-11-22\tINFO\tpulling images");
  };
  const auto error = error_of([&] { deploy(cluster, request(), 300ms); });
  BOOST_TEST((error.kind() == Kind::timeout));
  BOOST_TEST(holds(error, "with deploy_id 00000000-0000-0000-0000-000000000001 did not come within 0.3 s"));
  BOOST_TEST(holds(error, "with deploy_id an-older-one"));
  BOOST_TEST(holds(error, "core1 logged: 2026-11-22\tINFO\tpulling images"));
}

BOOST_AUTO_TEST_CASE(a_consul_without_leader_is_an_error_and_never_an_absent_key) {
  consul.put(app_key(app.app), record("deployed"));
  consul.on_event = [&](const std::string&, const std::string&, const std::string&) { consul.lose_leader(); };
  const auto error = error_of([&] { destroy(cluster, app, 10s); });
  BOOST_TEST((error.kind() == Kind::unavailable));
  BOOST_TEST(holds(error, "No cluster leader"));
}

BOOST_AUTO_TEST_CASE(destroy_is_done_when_the_key_is_gone_and_every_node_is_through) {
  consul.put(app_key(app.app), record("deployed"));
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    if (name == "destroy") consul.remove(app_key(app.app));
    log_unknown(name);
  };
  destroy(cluster, app, 10s);
  BOOST_TEST(!cluster.record(app.app));
}

BOOST_AUTO_TEST_CASE(settling_names_the_nodes_that_do_not_answer) {
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    core1.log("2026-11-22\tERROR\tUnknown event name: " + name);
  };
  BOOST_TEST((settle(cluster, 300ms) == std::vector<std::string>{"core2"}));
}

BOOST_AUTO_TEST_CASE(settling_is_over_when_every_node_has_answered) {
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    log_unknown(name);
  };
  BOOST_TEST(settle(cluster, 10s).empty());
}

BOOST_AUTO_TEST_CASE(an_error_line_is_one_that_names_the_app_or_the_event) {
  BOOST_TEST(is_error_about("2026-11-22\tERROR\t" + app.app + ": no such branch", app, "id-1"));
  BOOST_TEST(is_error_about("2026-11-22\tCRITICAL\tevent id-1 failed", app, "id-1"));
  BOOST_TEST(!is_error_about("2026-11-22\tERROR\tUnknown event name: labctl-barrier-1", app, "id-1"));
  BOOST_TEST(!is_error_about("2026-11-22\tINFO\tdeploying " + app.app, app, "id-1"));
  BOOST_TEST(!is_error_about("2026-11-22\tERROR\tsomething", app, ""));
  BOOST_TEST(!is_error_about(
      "2026-11-22\tDEBUG\tdocker-compose -p " + app.project + " printed: ERROR: no such image", app, "id-1"));
}

BOOST_AUTO_TEST_SUITE_END()
