#pragma once

#include "cluster/fault.hpp"
#include "cluster/fault_journal.hpp"

#include <functional>
#include <string>
#include <vector>

namespace labctl::cluster {

// The faults that a scenario has injected: Cluster::faults(). Each fault is in the run's journal on disk
// before it is applied, so that a later process can undo it if the run is killed.
class Faults {
public:
  Faults(Cluster& cluster, FaultJournal& journal) : cluster_(cluster), journal_(journal) {}

  // Throws the errors of entering and applying; undo_all() knows the fault even then.
  void plant(const Fault& fault);
  // Undoes in reverse order. Every fault is tried; one that cannot be undone stays listed, here and in the
  // journal, and the first error is thrown. The runner calls it before every cleanup; a scenario may call it
  // earlier.
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

// Faults that dead runs left on the cluster whose node ids `ask` returns, from this user's journals on this
// machine. `ask` is not called if there are none. Error{invalid} for a malformed journal.
std::vector<LeftFault> left_faults(const std::function<NodeIds()>& ask);
// Undoes all of them; `on_found` is called before each. Every fault is tried; the first error is thrown. The
// caller must hold the cluster's RunLock: a running test may have injected the same fault.
void undo_left_faults(Cluster& cluster, const std::function<void(const LeftFault&)>& on_found);

}  // namespace labctl::cluster
