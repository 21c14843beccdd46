#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace labctl::cluster {

// Proves that handlers have finished an event. A handler does not report that. But it processes the events of
// one app in order: when it logs that it does not know a later event about the same app, ours is done. Such a
// later event is called a shot here. A shot can be lost: a handler that fails drops the later events of its
// batch (contract 2.2). It can also overtake our event on its way to a node. So each node gets more shots,
// each with a new name, until it has answered one that stands after our event in its events.log.
// Only decides; the caller reads the logs and fires.
class Barrier {
public:
  using Clock = std::chrono::steady_clock;

  // The event that was just fired; "": none, then every answer counts. `apps` is the number of queues that
  // may contain the event: each of its apps needs its own shots.
  Barrier(std::vector<std::string> nodes, std::size_t apps, std::string event_id, Clock::time_point now);

  struct Due {
    std::size_t app;
    std::vector<std::string> nodes;
  };
  // The shots that are due now.
  std::vector<Due> due(Clock::time_point now) const;
  // When the next shot is due if no answer arrives before.
  Clock::time_point next_due() const;

  void fired(const Due& at, const std::string& name, const std::string& id, Clock::time_point now);
  void not_fired(const Due& at, Clock::time_point now);  // firing failed

  // An id appeared in a node's events.log.
  void taken(const std::string& node, const std::string& id);
  // A node's handler logged a line; `is_error` makes a lost batch likely.
  void logged(const std::string& node, const std::string& line, bool is_error, Clock::time_point now);

  bool through() const { return waiting().empty(); }
  std::vector<std::string> waiting() const;
  bool event_taken() const { return !took_.empty(); }  // by at least one node
  // Nodes that answer, but never accepted the event.
  std::vector<std::string> without_event() const;

private:
  struct Shot {
    std::string name;
    std::string id;
    Clock::time_point at;
    bool taken = false;
    bool in_order = false;
    bool answered = false;
  };
  struct Way {  // of one app on one node
    std::size_t app;
    std::string node;
    std::vector<Shot> shots;
    int tries = 0;
    Clock::time_point last;    // try
    Clock::time_point hinted;  // the first error logged since; the epoch: none
  };

  bool done(const Way& way) const;
  bool never_took(const Way& way) const;
  Clock::time_point due(const Way& way) const;

  std::vector<std::string> nodes_;
  std::string event_id_;
  Clock::time_point begin_;
  std::set<std::string> took_;
  std::vector<Way> ways_;
};

}  // namespace labctl::cluster
