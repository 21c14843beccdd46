#pragma once

#include "cluster/activity.hpp"
#include "cluster/barrier.hpp"
#include "cluster/budgets.hpp"
#include "cluster/operations.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace labctl::cluster {

// Follows one event from firing to the last node's handler. What Consul holds decides; what handlers log is
// told beside it. A Consul that does not answer for a while is waited for until the deadline of the wait it
// falls into, and then told with its length.
class EventWait {
public:
  // The first app is the one whose keys are watched; the event stands in the queues of all.
  EventWait(Cluster& cluster, std::vector<contract::AppName> apps, Hooks hooks = {});

  // `acting` is the node that has most to do; its lines are told if nothing comes of the event. "": any node.
  void fire(const std::string& name, const std::string& payload, const std::string& acting = {});

  // Until `done` holds; asked after everything that happens. Error{timeout}; Error{unavailable} as soon as
  // nothing can come any more: no handler takes the event, or every node is through with it, and what Consul
  // says then is not it.
  void until(const std::function<bool()>& done, const std::string& awaited, std::chrono::milliseconds budget);

  // Until the maintenance key is absent.
  void until_served();

  // Until every node's handler is through with the event. Error{timeout} names those that are not.
  void until_through(std::chrono::milliseconds budget);

  // Instead of fire(): until every handler is through with all events about the app fired before. Gives the
  // nodes that are not in time.
  std::vector<std::string> settle(Deadline deadline);

  const std::string& id() const { return id_; }
  // The app's key as last read; nullopt if it is absent.
  const std::optional<std::string>& key() const { return key_; }
  bool key_read() const { return key_read_; }
  bool maintenance_seen() const { return maintenance_seen_; }
  bool in_maintenance() const { return maintenance_; }
  // By node, what its handler logged since the event was fired, but for its answers to us.
  const std::map<std::string, std::vector<std::string>>& logged() const { return logged_; }

private:
  void begin(const std::string& event_id);
  void note(const Happening& happening);
  std::optional<Happening> next(Deadline deadline);
  void fire_due(Deadline deadline);
  template <typename Call>
  auto with_consul(Deadline deadline, Call call);
  void check_reception();
  void read_anew(Deadline deadline);
  Error late(const std::string& what, Deadline deadline, const std::string& where = {});
  Error nothing_comes(const std::string& awaited) const;
  std::string last_state() const;
  std::string telling(const std::string& node, std::size_t limit) const;

  Cluster& cluster_;
  std::vector<contract::AppName> apps_;
  Hooks hooks_;
  Watch watch_;
  std::optional<Barrier> barrier_;
  std::string name_;
  std::string id_;
  std::string acting_;
  std::optional<std::string> key_;
  bool key_read_ = false;
  bool maintenance_ = false;
  bool maintenance_seen_ = false;
  std::map<std::string, std::vector<std::string>> logged_;
};

}  // namespace labctl::cluster
