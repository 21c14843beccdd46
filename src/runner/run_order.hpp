#pragma once

#include "runner/result.hpp"
#include "runner/selection.hpp"

#include <cstddef>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <vector>

// Which scenario starts when, and with which slot. Decisions only: no thread, no clock, no cluster.
namespace labctl::runner {

// Starts scenarios in the order of the plan, but keeps all jobs busy: a scenario that can start now may
// overtake one that must wait. A disruptive scenario runs alone.
class RunOrder {
public:
  RunOrder(const std::vector<Planned>& plan, int jobs, bool fail_fast);

  // The index in the plan of the scenario to start now; it then counts as running. nullopt: another must end
  // first, or nothing more will start.
  std::optional<std::size_t> next();
  // The scenario has ended. After `interrupted`, or with fail_fast after anything but `passed`, nothing more
  // starts.
  void ended(std::size_t place, Outcome outcome);
  void stop() { waiting_.clear(); }

  // Nothing is running, and nothing more will start.
  bool done() const { return waiting_.empty() && under_way_.empty(); }
  std::size_t under_way() const { return under_way_.size(); }

private:
  const std::vector<Planned>& plan_;
  std::size_t jobs_;
  bool fail_fast_;
  std::list<std::size_t> waiting_;
  std::set<std::size_t> under_way_;
};

// How many scenarios may run in parallel, and a short reason.
struct Jobs {
  int count = 1;
  std::string why;

  bool operator==(const Jobs&) const = default;
};
struct JobLimits {
  std::optional<int> asked;  // --jobs
  int cores = 1;
  int ports = 1;          // of cluster.service.ssh_ports
  bool writable = false;  // cluster.service.writable
  int runs = 1;           // in the plan
};
Jobs choose_jobs(const JobLimits& limits);

// Three characters that distinguish runs, even parallel ones: from the time in seconds, the seed and the
// process. The first is not a hexadecimal digit, so that a mark is never part of an id.
std::string run_tag(std::int64_t time, unsigned seed, int process);
// The mark of the run's n-th scenario: the tag and two characters.
std::string mark_of(const std::string& tag, int number);

}  // namespace labctl::runner
