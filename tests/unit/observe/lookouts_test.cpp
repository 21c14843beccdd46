#include "cluster/lookouts.hpp"

#include "base/error.hpp"
#include "observe/node_look.hpp"
#include "support/fake_cluster.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace labctl;
using namespace labctl::cluster;
using namespace labctl::contract;
using namespace labctl::observe;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(cluster_lookouts, labctl::cluster::test::FakeCluster)

BOOST_AUTO_TEST_CASE(looks_that_follow_each_other_start_one_program) {
  core1.snapshots = {"p_db@1"};
  for (int look = 0; look < 3; ++look)
    BOOST_TEST(look_at_node(cluster, "core1", std::nullopt).snapshots.get().size() == 1);
  Cluster other(cluster, {});
  BOOST_TEST(look_at_node(other, "core1", std::nullopt).snapshots.get().size() == 1);
  BOOST_TEST(core1.looks == 4);
  BOOST_TEST(core1.runs("python3") == 1);
  BOOST_TEST(core2.runs("python3") == 0);
}

BOOST_AUTO_TEST_CASE(a_program_that_ended_is_started_again) {
  core1.run = [](const auto&) { return "Killed\n"; };
  BOOST_CHECK_THROW(look_at_node(cluster, "core1", std::nullopt), Error);
  core1.run = nullptr;
  BOOST_TEST(look_at_node(cluster, "core1", std::nullopt).snapshots.get().empty());
  BOOST_TEST(core1.runs("python3") == 2);
}

BOOST_AUTO_TEST_CASE(a_program_that_went_with_its_engine_is_not_asked) {
  const auto path = dir / "engine.sock";
  Lookouts lookouts({{"core3", Endpoint::unix_socket(path)}}, "cluster_consul_1");
  const std::string request = R"({"volumes": "", "clones": null, "remove": false})";
  for (int start = 0; start < 2; ++start) {
    labctl::cluster::test::FakeDocker engine(path);
    BOOST_TEST(!lookouts.ask("core3", request, Deadline::in(5s)).empty());
    BOOST_TEST(engine.runs("python3") == 1);
    std::filesystem::remove(path);
  }
}

BOOST_AUTO_TEST_SUITE_END()
