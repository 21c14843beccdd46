#include "observe/cleanup.hpp"

#include "base/error.hpp"
#include "contract/payload.hpp"
#include "contract/record.hpp"
#include "observe/observation.hpp"
#include "observe/stock.hpp"
#include "observe/sweep.hpp"
#include "support/fake_cluster.hpp"
#include "support/sample_app.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <thread>

using namespace labctl;
using namespace labctl::cluster;
using namespace labctl::contract;
using namespace labctl::observe;
using labctl::cluster::test::app;
using labctl::cluster::test::FakeCluster;
using labctl::cluster::test::repo;

namespace {

const std::string p = app.project;
const std::string event = "-8ca8ca20-0000-4000-8000-00000000002a";
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

std::string record(const AppName& name) {
  Record record;
  record.repo_url = name.repo_url;
  record.branch = name.branch;
  record.deploy_id = "id";
  return to_text(record);
}

bool holds(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cluster_cleanup, FakeCluster)

BOOST_AUTO_TEST_CASE(a_clean_cluster_costs_one_look) {
  core1.snapshots = {"other_db@1"};
  const auto report = clean_up(cluster, app);
  BOOST_TEST(report.clean());
  BOOST_TEST(report.forced.empty());
  BOOST_TEST(core1.looks == 1);
  BOOST_TEST(core2.looks == 1);
}

BOOST_AUTO_TEST_CASE(everything_of_the_app_goes_and_nothing_else) {
  core1.containers = {p + "_web_1", "other_web_1"};
  core1.volumes = {p + "_db", "other_db"};
  core1.networks = {p + "_default", "bridge"};
  core1.images = {p + "_web", "other_web"};
  core2.snapshots = {p + "_db@1", "other_db@1"};
  core2.clones = {app.app + event, "other.12345" + event};
  consul.put(maintenance_key(app.app), "");
  consul.put(migrate_prefix(app.app) + "success", "");
  consul.put("app/other.12345", "{}");
  const auto report = clean_up(cluster, app);
  BOOST_TEST(report.clean());
  // destroy leaves snapshots and images on purpose.
  BOOST_TEST((report.forced == Texts{"key maintenance/" + app.app, "key migrate/" + app.app + "/success",
                                     "container " + p + "_web_1 on core1", "volume " + p + "_db on core1",
                                     "network " + p + "_default on core1",
                                     "clone " + app.app + event + " on core2"}));
  BOOST_TEST((core1.containers == std::set<std::string>{"other_web_1"}));
  BOOST_TEST((core1.volumes == std::set<std::string>{"other_db"}));
  BOOST_TEST((core1.networks == std::set<std::string>{"bridge"}));
  BOOST_TEST((core1.images == std::set<std::string>{"other_web"}));
  BOOST_TEST((core2.snapshots == std::set<std::string>{"other_db@1"}));
  BOOST_TEST((core2.clones == std::set<std::string>{"other.12345" + event}));
  BOOST_TEST(consul.has("app/other.12345"));
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_is_being_sent_is_removed_when_it_has_been) {
  core1.snapshots = {p + "_db@1"};
  core1.replicate(2);
  const auto report = clean_up(cluster, app);
  BOOST_TEST(report.clean());
  BOOST_TEST(report.forced.empty());
  BOOST_TEST(core1.snapshots.empty());
  // Two removals fail, the third succeeds, each followed by a look; the same on the other node, to which the
  // snapshot is sent.
  BOOST_TEST(core1.looks == 6);
  BOOST_TEST(core2.looks == 6);
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_comes_to_a_node_after_that_was_clean_is_removed) {
  core1.snapshots = {p + "_db@1"};
  core1.on_removal = [&] {
    core2.await_looks(1);
    core1.on_removal = nullptr;
    core2.receive(p + "_db@1");
  };
  const auto report = clean_up(cluster, app);
  BOOST_TEST(report.clean());
  BOOST_TEST(core2.snapshots.empty());
}

BOOST_AUTO_TEST_CASE(a_cleanup_lasts_through_the_election_of_a_leader) {
  core1.volumes = {p + "_db"};
  consul.put(maintenance_key(app.app), "");
  consul.lose_leader();
  const std::jthread election([this] {
    consul.await_refused(2);
    consul.elect_leader();
  });
  const auto report = clean_up(cluster, app);
  BOOST_TEST(report.clean());
  BOOST_TEST((report.forced == Texts{"key maintenance/" + app.app, "volume " + p + "_db on core1"}));
}

BOOST_AUTO_TEST_CASE(a_stock_and_an_observation_last_through_the_election_of_a_leader) {
  consul.put(app_key(app.app), record(app));
  const auto during_an_election = [&](auto look) {
    consul.lose_leader();
    const std::jthread election([this] {
      consul.await_refused(1);
      consul.elect_leader();
    });
    return look();
  };
  const auto stock = during_an_election([&] { return take_stock(cluster); });
  BOOST_TEST((stock.items.size() == 1U && stock.items.front().text == "key app/" + app.app));
  const auto seen = during_an_election([&] { return Observation(cluster, app); });
  BOOST_TEST(seen.record.get().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_consul_that_gets_no_leader_is_told_by_a_stock) {
  consul.lose_leader();
  const TimeLimit limit(cluster, 300ms);
  BOOST_CHECK_EXCEPTION(take_stock(cluster), Error, [](const Error& e) {
    return e.kind() == Kind::unavailable && holds(e.line(), "No cluster leader");
  });
}

BOOST_AUTO_TEST_CASE(what_stays_is_told_and_so_is_what_cannot_be_looked_at) {
  core1.volumes = {p + "_db"};
  core1.stuck = {p + "_db"};
  core2.plugin_trouble = "the volume plugin does not answer";
  const auto report = clean_up(cluster, app);
  BOOST_TEST((report.left == Texts{"volume " + p + "_db on core1"}));
  BOOST_REQUIRE(report.errors.size() == 1);
  BOOST_TEST(holds(report.errors.front(), "snapshots on core2: core2 cluster_consul_1: the volume plugin"));
}

BOOST_AUTO_TEST_CASE(a_node_without_python_is_an_error_that_names_it) {
  core2.run = [](const auto&) { return "OCI runtime exec failed: \"python3\": not found in $PATH\n"; };
  Observation seen(cluster, app);
  BOOST_TEST(seen.clones.at("core1").empty());
  BOOST_CHECK_EXCEPTION(seen.schedules.at("core2"), Error, [](const Error& e) {
    return holds(e.line(), "core2 cluster_consul_1: python3: OCI runtime exec failed");
  });
}

BOOST_AUTO_TEST_CASE(a_stock_has_everything_with_the_app_it_belongs_to) {
  consul.put(app_key(app.app), "{}");
  consul.services = {{app.app, {"core1"}}};
  core1.containers = {p + "_web_1"};
  core1.volumes = {"a1b2c3"};
  core1.mounts[p + "_web_1"] = "a1b2c3";
  core1.images = {p + "_web"};
  core2.snapshots = {p + "_db@1"};
  core2.clones = {app.app + event};
  const auto stock = take_stock(cluster);
  Texts texts;
  for (const auto& item : stock.items) {
    texts.push_back(item.text);
    BOOST_TEST(item.project == p);
  }
  BOOST_TEST((texts == Texts{"clone " + app.app + event + " on core2", "container " + p + "_web_1 on core1",
                             "image " + p + "_web on core1", "key app/" + app.app,
                             "service " + app.app + " on core1", "snapshot " + p + "_db@1 on core2",
                             "volume a1b2c3 of " + p + " on core1"}));
  BOOST_TEST(core1.looks == 1);
}

BOOST_AUTO_TEST_CASE(a_stock_is_whole_or_an_error) {
  core2.plugin_trouble = "the volume plugin does not answer";
  BOOST_CHECK_THROW(take_stock(cluster), Error);
}

BOOST_AUTO_TEST_CASE(a_sweep_finds_every_app_of_the_repository_and_removes_it) {
  const auto marked = app_name(repo, "masterx7q01");
  const auto gone = app_name(repo, "build_copyx7q02");
  const auto foreign = app_name("https://github.com/mlfmonde/other", "master");
  consul.on_event = [&](const std::string& name, const std::string& payload, const std::string&) {
    if (name == "destroy") consul.remove(app_key(parse_destroy(payload).app.app));
    log_unknown(name);
  };
  consul.put(app_key(app.app), record(app));
  consul.put(app_key(foreign.app), record(foreign));
  core1.clones = {marked.app + event};
  core2.volumes = {gone.project + "_db", foreign.project + "_db"};
  std::set<std::string> found;
  const auto swept = sweep(cluster, [&](const AppName& one) { found.insert(one.project); });
  BOOST_TEST((found == std::set<std::string>{app.project, marked.project, gone.project}));
  BOOST_REQUIRE(swept.size() == 3);
  for (const auto& one : swept) {
    BOOST_TEST(one.report.clean());
    BOOST_TEST(one.silent.empty());
  }
  BOOST_TEST(!consul.has(app_key(app.app)));
  BOOST_TEST(consul.has(app_key(foreign.app)));
  BOOST_TEST(core1.clones.empty());
  BOOST_TEST((core2.volumes == std::set<std::string>{foreign.project + "_db"}));
}

BOOST_AUTO_TEST_CASE(a_sweep_of_ones_own_apps_touches_no_other_and_tells_what_stays) {
  const auto other = app_name(repo, "qualif");
  consul.on_event = [&](const std::string& name, const std::string&, const std::string&) {
    log_unknown(name);
  };
  core1.volumes = {p + "_db", p + "_stuck", other.project + "_db"};
  core1.stuck = {p + "_stuck"};
  BOOST_TEST(sweep_own(cluster).empty());
  cluster.own(app);
  cluster.own(app);
  BOOST_TEST(cluster.own_apps().size() == 1U);
  BOOST_TEST((sweep_own(cluster) == Texts{"volume " + p + "_stuck on core1"}));
  BOOST_TEST((core1.volumes == std::set<std::string>{p + "_stuck", other.project + "_db"}));
}

BOOST_AUTO_TEST_CASE(apps_are_told_by_their_keys_clones_or_projects) {
  Stock stock;
  const auto with_underscore = app_name(repo, "update_script");
  stock.items = {{"key app/" + with_underscore.app, with_underscore.project, with_underscore.app},
                 {"volume " + with_underscore.project + "_db on core1", with_underscore.project, ""},
                 {"volume clusterlabtestservicexyz12345_db on core1", "clusterlabtestservicexyz12345", ""}};
  const auto apps = apps_in(stock, repo + ".git");
  BOOST_REQUIRE(apps.size() == 1);
  BOOST_TEST(apps.front().branch == "update_script");
}

BOOST_AUTO_TEST_SUITE_END()
