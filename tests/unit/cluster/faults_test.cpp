#include "cluster/faults.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "support/key_store.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace labctl;
using namespace labctl::cluster;

namespace {

struct Place {
  labctl::test::KeyStore consul;
  Cluster cluster{consul.inventory()};
  std::filesystem::path file = fault_folder() / "lab.journal";

  // A run of labctl that ends before it undoes its faults.
  void die_with(const std::vector<std::string>& keys) {
    Cluster run(cluster.inventory());
    for (const auto& key : keys) run.faults().plant(WrittenKey{key, ""});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(faults, Place)

BOOST_AUTO_TEST_CASE(a_fault_is_in_the_journal_before_it_is_applied_and_until_it_is_undone) {
  consul.on_write = [&](const std::string& method) {
    const auto text = parse_fault_journal(read_file(file), "journal");
    BOOST_TEST((text.open.size() == 1 && text.open[0].fault == Fault(WrittenKey{"k", "v"})));
    BOOST_TEST(text.open.at(0).applied == (method == "DELETE"));
    return true;
  };
  cluster.faults().plant(WrittenKey{"k", "v"});
  BOOST_TEST(consul.keys.contains("k"));
  BOOST_TEST(!cluster.faults().none());
  cluster.faults().undo_all();
  BOOST_TEST(cluster.faults().none());
  BOOST_TEST(consul.keys.empty());
  BOOST_TEST(!std::filesystem::exists(file));
  cluster.faults().undo_all();
  BOOST_TEST(consul.writes.size() == 2U);
}

BOOST_AUTO_TEST_CASE(each_is_tried_the_last_first_and_what_stays_broken_stays_known) {
  for (const auto* key : {"a", "b", "c"}) cluster.faults().plant(WrittenKey{key, ""});
  int removals = 0;
  consul.on_write = [&](const std::string&) { return ++removals != 2; };
  BOOST_CHECK_THROW(cluster.faults().undo_all(), Error);
  BOOST_TEST((consul.writes ==
              std::vector<std::string>{"PUT a", "PUT b", "PUT c", "DELETE c", "DELETE b", "DELETE a"}));
  const auto text = parse_fault_journal(read_file(file), "journal");
  BOOST_TEST((text.open.size() == 1 && text.open[0].fault == Fault(WrittenKey{"b", ""})));
  cluster.faults().undo_all();
  BOOST_TEST(consul.keys.empty());
}

BOOST_AUTO_TEST_CASE(what_a_dead_run_left_is_undone_by_the_next_and_told) {
  die_with({"a", "b"});
  std::vector<std::string> told;
  undo_left_faults(cluster, [&](const LeftFault& left) {
    BOOST_TEST(consul.keys.size() == 2 - told.size());
    told.push_back(left.text());
  });
  BOOST_TEST(consul.keys.empty());
  BOOST_REQUIRE(told.size() == 2U);
  BOOST_TEST(told[0].starts_with("Consul: key b is set, by a test of "));
  BOOST_TEST(!std::filesystem::exists(file));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_undone_is_left_to_the_next) {
  die_with({"a", "b"});
  consul.on_write = [&](const std::string&) { return consul.writes.back() != "DELETE b"; };
  BOOST_CHECK_THROW(undo_left_faults(cluster, [](const LeftFault&) {}), Error);
  BOOST_TEST((consul.keys == std::set<std::string>{"b"}));
  consul.on_write = [](const std::string&) { return true; };
  undo_left_faults(cluster, [](const LeftFault&) {});
  BOOST_TEST(consul.keys.empty());
}

BOOST_AUTO_TEST_CASE(what_was_broken_on_another_cluster_is_not_undone_on_this) {
  die_with({"a"});
  consul.node_id = "id-2";
  undo_left_faults(cluster, [](const LeftFault&) { BOOST_ERROR("told of another cluster's"); });
  BOOST_TEST(consul.keys.contains("a"));
  BOOST_TEST(std::filesystem::exists(file));
  BOOST_TEST(left_faults([] { return NodeIds{{"core1", "id-2"}}; }).empty());
  BOOST_TEST(left_faults([] { return NodeIds{{"core1", "id-1"}}; }).size() == 1U);
}

BOOST_AUTO_TEST_CASE(nobody_is_asked_where_no_run_died) {
  BOOST_TEST(left_faults([]() -> NodeIds { throw std::logic_error("asked"); }).empty());
}

BOOST_AUTO_TEST_SUITE_END()
