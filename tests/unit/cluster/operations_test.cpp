#include "cluster/operations.hpp"

#include "support/error_of.hpp"
#include "support/fake_cluster.hpp"
#include "support/sample_app.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <thread>
#include <utility>

using namespace labctl;
using namespace labctl::cluster;
using namespace labctl::contract;
using namespace std::chrono_literals;
using labctl::cluster::test::app;
using labctl::cluster::test::FakeCluster;
using labctl::test::error_of;
using labctl::test::holds;

namespace {

DeployRequest request() {
  DeployRequest request;
  request.app = app;
  request.at.master = "core1";
  request.at.slave = "core2";
  return request;
}

std::string record(const std::string& deploy_id) {
  Record record;
  record.repo_url = app.repo_url;
  record.branch = app.branch;
  record.deploy_id = deploy_id;
  record.at.master = "core1";
  return to_text(record);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cluster_operations, FakeCluster)

BOOST_AUTO_TEST_CASE(a_deployment_is_done_when_the_key_names_its_event_and_every_node_is_through) {
  consul.put(app_key(app.app), record("an-older-one"));
  consul.on_event = [&](const std::string& name, const std::string& payload, const std::string& id) {
    if (name == "deploy") {
      BOOST_TEST(parse_deploy(payload).at.master == "core1");
      consul.put(maintenance_key(app.app), "");
      // A record of another deployment in between must not end the wait.
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
}

BOOST_AUTO_TEST_CASE(a_deployment_is_done_whatever_handlers_log_on_the_way) {
  consul.on_event = [&](const std::string& name, const std::string&, const std::string& id) {
    if (name == "deploy") {
      core1.log("2026-11-22\tERROR\tFailed to run consul kv get " + app_key(app.app) + ": No key exists");
      core2.log("2026-11-22\tCRITICAL\t" + app.app + ": " + id);
      consul.put(app_key(app.app), record(id));
    }
    log_unknown(name);
  };
  const auto done = deploy(cluster, request(), 10s);
  BOOST_TEST(done.record.deploy_id == done.event_id);
  BOOST_REQUIRE(done.logged.at("core1").size() == 1);
  BOOST_TEST(done.logged.at("core1").front().ends_with("No key exists"));
}

BOOST_AUTO_TEST_CASE(a_wait_ends_when_every_node_is_through_and_the_state_is_not_there) {
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    if (name == "deploy") {
      core1.log("2026-11-22\tINFO\tcloning " + app.app);
      core1.log("2026-11-22\tERROR\tAborting!");
      core2.log("2026-11-22\tINFO\tnothing to do for " + app.app);
    }
    log_unknown(name);
  };
  const auto deadline = Deadline::in(60s);
  const auto error = error_of([&] { deploy(cluster, request(), 60s); });
  BOOST_TEST((error.kind() == Kind::unavailable));
  BOOST_TEST(error.where() == "core1");
  BOOST_TEST(holds(error, "did not come, though every node has finished event deploy"));
  BOOST_TEST(holds(error, "core1 logged: 2026-11-22\tINFO\tcloning"));
  BOOST_TEST(holds(error, "core1 logged: 2026-11-22\tERROR\tAborting!"));
  BOOST_TEST(!holds(error, "nothing to do"));
  BOOST_TEST((deadline.elapsed() < 30s));
}

BOOST_AUTO_TEST_CASE(a_barrier_that_a_failing_handler_drops_is_fired_anew_to_its_node) {
  int shots = 0;
  std::string dropped;
  consul.deliver = [&](const std::string& id, const std::string& filter) {
    if (shots == 0 || !filter.empty()) return take(id, filter);
    core1.take(id);
    dropped = id;  // core2's handler failed at the event, and the rest of its batch is lost
  };
  std::vector<std::string> fired;
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    ++shots;
    fired.push_back(name);
    if (name == "deploy") return core2.log("2026-11-22\tERROR\tcannot clone");
    if (fired.size() == 2) return core1.log("2026-11-22\tERROR\tUnknown event name: " + name);
    core2.log("2026-11-22\tERROR\tUnknown event name: " + name);
  };
  const auto attempt = attempt_deploy(cluster, request(), 60s);
  BOOST_TEST(!dropped.empty());
  BOOST_REQUIRE(fired.size() == 3);
  BOOST_TEST(fired[1] != fired[2]);
  BOOST_TEST(attempt.logged.at("core2").front().ends_with("cannot clone"));
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

BOOST_AUTO_TEST_CASE(a_consul_without_leader_is_an_outage_and_never_an_absent_key) {
  consul.put(app_key(app.app), record("deployed"));
  consul.on_event = [&](const std::string&, const std::string&, const std::string&) { consul.lose_leader(); };
  const auto error = error_of([&] { destroy(cluster, app, 400ms); });
  BOOST_TEST((error.kind() == Kind::unavailable));
  BOOST_TEST(holds(error, "did not come within 0.4 s; no answer from Consul for 0."));
  BOOST_TEST(holds(error, "No cluster leader"));
}

BOOST_AUTO_TEST_CASE(a_wait_lasts_through_an_outage_of_consul) {
  consul.put(app_key(app.app), record("an-older-one"));
  std::jthread election;
  consul.on_event = [&](const std::string& name, const std::string&, const std::string& id) {
    if (name == "deploy") {
      consul.lose_leader();
      election = std::jthread([this, id] {
        consul.await_refused(3);  // both keys were read without success, and one of them again
        consul.put(app_key(app.app), record(id));
        consul.elect_leader();
      });
    }
    log_unknown(name);
  };
  const auto done = deploy(cluster, request(), 10s);
  BOOST_TEST(done.record.deploy_id == done.event_id);
}

BOOST_AUTO_TEST_CASE(a_wait_misses_nothing_that_a_node_logs_while_it_is_out_of_reach) {
  core1.log("2026-11-22\tINFO\tan older line");
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    core1.log("2026-11-22\tINFO\tseen");
    core1.cut();
    log_unknown(name);
  };
  BOOST_TEST(settle(cluster, app, 10s).empty());
}

BOOST_AUTO_TEST_CASE(the_logs_are_followed_once_for_all_that_waits_and_nothing_stays_on_the_nodes) {
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    log_unknown(name);
  };
  {
    Cluster first(inventory());
    Cluster second(first, Slot{});
    BOOST_TEST(settle(first, app, 10s).empty());
    BOOST_TEST(settle(first, app, 10s).empty());
    BOOST_TEST(settle(second, app, 10s).empty());
    BOOST_TEST(core1.runs("kill") == 0);
  }
  for (auto* node : {&core1, &core2}) {
    BOOST_TEST(node->runs("sh") == 2);  // the handler's log and events.log
    BOOST_TEST(node->runs("kill") == 2);
  }
}

BOOST_AUTO_TEST_CASE(a_node_whose_log_cannot_be_followed_is_named_and_delays_nobody) {
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    log_unknown(name);
  };
  auto half = inventory();
  half.forwards.back().local.path = dir / "nobody.sock";
  Cluster halved(half);
  BOOST_TEST((settle(halved, app, 500ms) == std::vector<std::string>{"core2"}));
  const auto error = error_of([&] { deploy(halved, request(), 300ms); });
  BOOST_TEST(holds(error, "not seen: handler log of core2"));
}

BOOST_AUTO_TEST_CASE(hooks_are_called_when_the_event_is_fired_and_when_maintenance_begins) {
  consul.put(app_key(app.app), record("an-older-one"));
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    if (name == "deploy") consul.put(maintenance_key(app.app), "");
    log_unknown(name);
  };
  std::vector<std::string> called;
  std::string fired;
  Hooks hooks;
  hooks.on_fired = [&](const std::string& id) {
    called.push_back("fired");
    fired = id;
  };
  hooks.on_maintenance = [&] {
    called.push_back("maintenance");
    consul.put(app_key(app.app), record(fired));
    consul.remove(maintenance_key(app.app));
  };
  const auto done = deploy(cluster, request(), 10s, hooks);
  BOOST_TEST((called == std::vector<std::string>{"fired", "maintenance"}));
  BOOST_TEST(done.maintenance_seen);
}

BOOST_AUTO_TEST_CASE(a_barrier_names_the_app_so_that_its_handler_takes_it_in_turn) {
  std::string payload;
  consul.on_event = [&](const std::string& name, const std::string& body, const std::string&) {
    payload = body;
    log_unknown(name);
  };
  BOOST_TEST(settle(cluster, app, 10s).empty());
  BOOST_TEST((parse_destroy(payload).app == app));
}

BOOST_AUTO_TEST_CASE(a_migration_is_done_when_the_targets_maintenance_came_and_went) {
  const auto target = app_name(app.repo_url, "qualif");
  std::set<std::string> barriers;
  consul.on_event = [&](const std::string& name, const std::string& payload, const std::string&) {
    if (name == "migrate") {
      BOOST_TEST((parse_migrate(payload).source == app));
      BOOST_TEST(parse_migrate(payload).update == false);
      consul.put(maintenance_key(target.app), "");
    } else {
      barriers.insert(parse_destroy(payload).app.app);
    }
    log_unknown(name);
  };
  Hooks hooks;
  hooks.on_maintenance = [&] { consul.remove(maintenance_key(target.app)); };
  const auto done = migrate(cluster, {app, target, false}, 10s, hooks);
  BOOST_TEST(!done.event_id.empty());
  BOOST_TEST((barriers == std::set<std::string>{app.app, target.app}));
}

BOOST_AUTO_TEST_CASE(a_migration_that_nobody_worked_on_ends_when_every_node_is_through) {
  const auto target = app_name(app.repo_url, "qualif");
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    if (name == "migrate") core1.log("2026-11-22\tERROR\t" + app.app + ": cannot send");
    log_unknown(name);
  };
  const auto error = error_of([&] { migrate(cluster, {app, target, true}, 60s); });
  BOOST_TEST((error.kind() == Kind::unavailable));
  BOOST_TEST(holds(error, "cannot send"));
}

BOOST_AUTO_TEST_CASE(an_attempt_gives_what_handlers_logged_when_every_node_is_through) {
  consul.on_event = [&](const std::string& name, const std::string&, const std::string& id) {
    if (name == "deploy") core2.log("2026-11-22\tERROR\tevent " + id + " failed: no such branch");
    log_unknown(name);
  };
  const auto attempt = attempt_deploy(cluster, request(), 10s);
  BOOST_TEST(!attempt.logged.contains("core1"));
  BOOST_REQUIRE(attempt.logged.at("core2").size() == 1);
  BOOST_TEST(attempt.logged.at("core2").front().ends_with("no such branch"));
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
  BOOST_TEST((settle(cluster, app, 300ms) == std::vector<std::string>{"core2"}));
}

BOOST_AUTO_TEST_CASE(settling_is_over_when_every_node_has_answered) {
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    log_unknown(name);
  };
  BOOST_TEST(settle(cluster, app, 10s).empty());
  // The first call leaves nothing that disturbs the second.
  BOOST_TEST(settle(cluster, app, 10s).empty());
}

BOOST_AUTO_TEST_SUITE_END()
