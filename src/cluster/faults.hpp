#pragma once

#include "cluster/fault.hpp"
#include "cluster/fault_journal.hpp"

#include <functional>
#include <string>
#include <vector>

namespace labctl::cluster {

// What a scenario has broken on purpose: Cluster::faults(). Each fault is in the run's journal on the disk
// before it is applied, so that whoever comes after a killed run can undo it.
class Faults {
public:
  Faults(Cluster& cluster, FaultJournal& journal) : cluster_(cluster), journal_(journal) {}

  // Throws what entering or applying throws; undo_all() knows the fault then.
  void plant(const Fault& fault);
  // Undoes the last first. Each is tried; what cannot be undone stays known, here and in the journal, and the
  // first error is thrown. The runner calls it before every cleanup, whatever happened; scenarios do when
  // they need it whole sooner.
  void undo_all();
  bool none() const { return planted_.empty(); }

private:
  Cluster& cluster_;
  FaultJournal& journal_;
  std::vector<EnteredFault> planted_;
};

struct LeftFault {
  Fault fault;
  RunOwner run;              // that left it
  std::string text() const;  // "core3: container cluster_caddy_1 is stopped, by a test of alice@laptop …"
};

// What dead runs left broken of the cluster that `ask` gives the nodes of, by the journals of this person on
// this machine. Nobody is asked if there are none. Error{invalid} if one does not read.
std::vector<LeftFault> left_faults(const std::function<NodeIds()>& ask);
// Undoes all that; `on_found` is told of each before. Each is tried; the first error is thrown. Whoever calls
// holds the cluster's RunLock: a run that lives may have the same broken.
void undo_left_faults(Cluster& cluster, const std::function<void(const LeftFault&)>& on_found);

}  // namespace labctl::cluster
