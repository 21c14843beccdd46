#pragma once

#include "cluster/activity.hpp"
#include "cluster/operations.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace labctl::cluster {

inline constexpr std::chrono::seconds call_budget{10};

// Follows one event from firing to the last node's handler. A Consul that does not answer for a while is waited for
// until the deadline of the wait it falls into, and then told with its length.
class EventWait {
public:
  // The first app is the one whose keys are watched; error lines about any of them count.
  EventWait(Cluster& cluster, std::vector<AppName> apps, Hooks hooks = {});

  void fire(const std::string& name, const std::string& payload);

  // Until `done` holds; asked after everything that happens. Error{timeout}, or Error{unavailable} some seconds after a
  // handler's error.
  void until(const std::function<bool()>& done, const std::string& awaited, std::chrono::milliseconds budget);

  // Until the maintenance key is absent.
  void until_served();

  // A handler works through the events of one app one after another: when each node's has said that it does not know an
  // event about the app fired now, all before it is done, on every node. Gives the nodes that did not say so in time.
  std::vector<std::string> barrier(Deadline deadline);

  // The same for the event just fired: until every node is through with it. Errors of handlers are not thrown.
  void until_through(Deadline deadline);
  // Until every node is through; an error of a handler is thrown then.
  void until_everywhere();

  const std::string& id() const { return id_; }
  // The app's key as last read; nullopt if it is absent.
  const std::optional<std::string>& key() const { return key_; }
  bool key_read() const { return key_read_; }
  bool maintenance_seen() const { return maintenance_seen_; }
  bool in_maintenance() const { return maintenance_; }
  const std::map<std::string, std::vector<std::string>>& errors() const { return errors_; }

private:
  void note(const Happening& happening);
  std::optional<Happening> next(Deadline deadline);
  template <typename Call>
  auto with_consul(Deadline deadline, Call call);
  void check_reception();
  bool in_order_everywhere(const std::vector<std::string>& later);
  Error late(const std::string& what, Deadline deadline, const std::string& where = {});
  Error reported() const;
  std::string last_state() const;

  Cluster& cluster_;
  std::vector<AppName> apps_;
  Hooks hooks_;
  Watch watch_;
  std::string name_;
  std::string id_;
  std::optional<std::string> key_;
  bool key_read_ = false;
  bool maintenance_ = false;
  bool maintenance_seen_ = false;
  bool failing_ = false;
  std::map<std::string, std::vector<std::string>> errors_;
  std::string first_error_node_;
  std::vector<std::string> barrier_ids_;
  std::map<std::string, std::string> last_lines_;
};

}  // namespace labctl::cluster
