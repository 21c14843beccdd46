#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace labctl::cluster {

// Proves that handlers are through with an event. A handler tells nobody when it is. But it works through the
// events of one app one after another, so when it says in its log that it does not know an event about the
// app that it took after ours, ours is done. Such an event is a shot here. One can be lost: a handler that
// fails drops the later events of its batch (contract 2.2). One can overtake ours on its way to a node. So
// each node gets further shots, each with a name of its own, until it has answered one that stands after our
// event in its events.log.
// Only decides; whoever uses it reads the logs and fires.
class Barrier {
public:
  using Clock = std::chrono::steady_clock;

  // The event, fired just now; "": none, then every answer counts. `apps` is how many queues it may stand in:
  // each app of the event needs its own shots.
  Barrier(std::vector<std::string> nodes, std::size_t apps, std::string event_id, Clock::time_point now);

  struct Due {
    std::size_t app;
    std::vector<std::string> nodes;
  };
  // What has to be fired now.
  std::vector<Due> due(Clock::time_point now) const;
  // When that may be more, if nothing is heard until then.
  Clock::time_point next_due() const;

  void fired(const Due& at, const std::string& name, const std::string& id, Clock::time_point now);
  void not_fired(const Due& at, Clock::time_point now);  // tried in vain

  // A node's events.log came to have an id.
  void taken(const std::string& node, const std::string& id);
  // A node's handler logged a line; `is_error` makes a lost batch likely.
  void logged(const std::string& node, const std::string& line, bool is_error, Clock::time_point now);

  bool through() const { return waiting().empty(); }
  std::vector<std::string> waiting() const;
  bool event_taken() const { return !took_.empty(); }  // by some node
  // Nodes that answer, but never took the event.
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
