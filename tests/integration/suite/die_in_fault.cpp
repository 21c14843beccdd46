// die_in_fault INVENTORY FAULT entered
// applied
// undone: handles a fault as a test run does, and kills itself with SIGKILL at that moment: right after it is
// entered in the journal, after it is applied, or after it is undone but not yet struck out.
#include "cluster/fault_journal.hpp"
#include "inventory/inventory.hpp"

#include <nlohmann/json.hpp>
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <string>

using namespace labctl;

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string point = argv[3];
  const auto die_at = [&](const std::string& here) {
    if (here == point) ::raise(SIGKILL);
  };
  try {
    const auto inventory = inventory::load(argv[1]);
    const auto fault = cluster::parse_fault(nlohmann::json::parse(argv[2]), argv[2]);
    cluster::Cluster cluster(inventory);
    cluster::FaultJournal journal(cluster::fault_folder());
    const auto nodes = cluster.consul().node_ids(cluster.within(std::chrono::seconds{10}));
    const int number = journal.enter(fault, inventory.name, nodes);
    die_at("entered");
    cluster::apply(cluster, fault);
    journal.applied(number);
    die_at("applied");
    cluster::undo(cluster, fault);
    die_at("undone");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
  }
  return 1;
}
