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

// Follows one event from firing until the last node's handler has finished. The content of Consul decides;
// handler logs are only added to messages. If Consul does not answer for a while, the current wait continues
// until its deadline; its error then reports the length of the outage.
class EventWait {
public:
  // The keys of the first app are watched; the event is in the queues of all apps.
  EventWait(Cluster& cluster, std::vector<contract::AppName> apps, Hooks hooks = {});

  // `acting` is the node with most of the work; its log is quoted if the event fails. "": any node.
  void fire(const std::string& name, const std::string& payload, const std::string& acting = {});

  // Waits until `done` returns true; it is called after every happening. Error{timeout}; Error{unavailable}
  // as soon as success is impossible: no handler accepts the event, or every node has finished it and Consul
  // does not have the expected state.
  void until(const std::function<bool()>& done, const std::string& awaited, std::chrono::milliseconds budget);

  // Waits until the maintenance key is absent.
  void until_served();

  // Waits until every node's handler has finished the event. Error{timeout} names those that have not.
  void until_through(std::chrono::milliseconds budget);

  // Instead of fire(): waits until every handler has finished all earlier events about the app. Returns the
  // nodes that have not finished in time.
  std::vector<std::string> settle(Deadline deadline);

  const std::string& id() const { return id_; }
  // The app's key as last read; nullopt if it is absent.
  const std::optional<std::string>& key() const { return key_; }
  bool key_read() const { return key_read_; }
  bool maintenance_seen() const { return maintenance_seen_; }
  bool in_maintenance() const { return maintenance_; }
  // By node, what its handler logged since the event was fired, without its answers to our barrier.
  const std::map<std::string, std::vector<std::string>>& logged() const { return logged_; }

private:
  void begin(const std::string& event_id);
  void note(const Happening& happening);
  void tell_done(const std::vector<std::string>& waited_for) const;
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
