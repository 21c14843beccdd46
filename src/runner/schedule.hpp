#pragma once

#include "runner/result.hpp"
#include "runner/selection.hpp"

#include <cstddef>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <vector>

// Which scenario starts when, and what it gets. Decisions only: no thread, no clock, no cluster.
namespace labctl::runner {

// Starts what the plan says in its order, as far as that keeps all jobs busy: what can start now goes before
// what would have to wait. A disruptive scenario runs alone.
class Schedule {
public:
  Schedule(const std::vector<Planned>& plan, int jobs, bool fail_fast);

  // What starts now, by its place in the plan: it is under way from then on. None: something has to end
  // first, or nothing more will start.
  std::optional<std::size_t> next();
  // It has ended. `interrupted`, and with fail_fast all but `passed`: nothing more starts.
  void ended(std::size_t place, Outcome outcome);
  void stop() { waiting_.clear(); }

  // Nothing is under way, and nothing more will start.
  bool done() const { return waiting_.empty() && under_way_.empty(); }
  std::size_t under_way() const { return under_way_.size(); }

private:
  const std::vector<Planned>& plan_;
  std::size_t jobs_;
  bool fail_fast_;
  std::list<std::size_t> waiting_;
  std::set<std::size_t> under_way_;
};

// How many scenarios may run at the same time, and why, in a few words.
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

// Three characters that tell runs apart, also two at the same time: from the time in seconds, the seed and
// the process. The first is none of a hexadecimal number, so that a mark is never part of an id.
std::string run_tag(std::int64_t time, unsigned seed, int process);
// The mark of the run's n-th scenario: the tag and two characters.
std::string mark_of(const std::string& tag, int number);

}  // namespace labctl::runner
