#pragma once

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "cluster/budgets.hpp"
#include "cluster/slot.hpp"
#include "consul/client.hpp"
#include "contract/names.hpp"
#include "contract/record.hpp"
#include "docker/client.hpp"
#include "http/stop.hpp"
#include "inventory/inventory.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace labctl::cluster {

struct Happening;    // cluster/activity.hpp
class FaultJournal;  // cluster/fault_journal.hpp
class Faults;        // cluster/faults.hpp
class HandlerLogs;   // cluster/handler_logs.hpp
class Lookouts;      // cluster/lookouts.hpp
using Listener = std::function<void(const Happening&)>;

// The cluster under test as its inventory describes it: one Consul client, one Docker client per node, over
// the local ends of the forwards. Connects on first use. One thread at a time, except inside on_nodes().
class Cluster {
public:
  explicit Cluster(inventory::Inventory inventory, Slot slot = {});
  // Another view of the same cluster, for another thread; both share the helper programs in the nodes.
  Cluster(const Cluster& of, Slot slot);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  const inventory::Inventory& inventory() const { return inventory_; }
  const inventory::Conventions& conventions() const { return inventory_.cluster; }
  // The file with the events that a handler accepted, one per line (contract, section 2).
  std::string events_log() const { return inventory_.cluster.deploy_root + "/events.log"; }
  // The file that a handler writes its log to (contract 2.1).
  std::string handler_log() const { return inventory_.cluster.deploy_root + "/handler.log"; }
  const Slot& slot() const { return slot_; }
  const std::vector<std::string>& nodes() const { return nodes_; }  // in the inventory's order
  std::vector<std::string> nodes_except(const std::vector<std::string>& names) const;

  consul::Client& consul() { return consul_; }
  HandlerLogs& handler_logs() { return *helpers_->logs; }
  HandlerLogs& events_logs() { return *helpers_->events; }
  Lookouts& lookouts() { return *helpers_->lookouts; }
  Faults& faults() { return *faults_; }
  docker::Client& docker(const std::string& node);  // Error{not_found} naming the nearest node
  // For separate clients in other threads.
  consul::Client consul_client() const;
  http::Server docker_server(const std::string& node) const;

  // `budget` from now, but never beyond the current TimeLimit.
  Deadline within(std::chrono::milliseconds budget) const;

  // Calls `ask(consul, deadline of one request)` and retries while Consul answers that it has no leader,
  // until election_budget has passed; then throws what Consul answered last. A request that times out
  // meanwhile is part of the outage. Only for idempotent requests: not to fire an event. Any other error is
  // thrown at once.
  template <typename Ask>
  auto ask_consul(Ask ask);

  // KV `app/N`; nullopt only if Consul says that there is none.
  std::optional<contract::Record> record(const std::string& app);

  // Runs a command in the node's Consul container.
  docker::ExecResult exec(const std::string& node, const std::vector<std::string>& argv,
                          std::chrono::milliseconds budget = std::chrono::seconds{20});
  // The same; a status other than 0 is Error{unavailable} with the last line it wrote.
  std::string exec_checked(const std::string& node, const std::vector<std::string>& argv,
                           std::chrono::milliseconds budget = std::chrono::seconds{20});

  // Calls `work(node)` for all nodes in parallel, each in its own thread, and returns when all have ended.
  // Then throws the first exception in the order of the nodes. `work` may use docker(node) and exec(node,
  // ...) of its node.
  template <typename Work>
  auto on_nodes(const std::vector<std::string>& names, Work work)
      -> std::map<std::string, std::invoke_result_t<Work, const std::string&>>;

  // Registers an app that the user of this view deploys and removes; other apps must not be changed.
  void own(const contract::AppName& app);
  const std::vector<contract::AppName>& own_apps() const { return own_apps_; }

  bool shielded() const { return shielded_; }

  // Calls the listener, if there is one.
  void tell(const Happening& happening) const {
    if (listener_) listener_(happening);
  }

  // Runs both in parallel, the first in its own thread, and returns when both have ended; then throws what
  // either threw.
  void side_by_side(const std::function<void()>& one, const std::function<void()>& other) const {
    run_all({one, other});
  }

private:
  friend class Listening;
  friend class TimeLimit;
  friend class ShieldedWork;

  void run_all(std::vector<std::function<void()>> jobs) const;

  // Our helper programs in the nodes, and our faults.
  struct Helpers {
    std::unique_ptr<HandlerLogs> logs, events;
    std::unique_ptr<Lookouts> lookouts;
    std::unique_ptr<FaultJournal> fault_journal;
    explicit Helpers(const inventory::Inventory& inventory);
    ~Helpers();
  };
  Cluster(inventory::Inventory inventory, Slot slot, std::shared_ptr<Helpers> helpers);

  inventory::Inventory inventory_;
  std::shared_ptr<Helpers> helpers_;
  Slot slot_;
  std::vector<std::string> nodes_;
  consul::Client consul_;
  std::map<std::string, docker::Client> dockers_;
  std::optional<Deadline> limit_;
  std::vector<contract::AppName> own_apps_;
  bool shielded_ = false;
  Listener listener_;
  std::unique_ptr<Faults> faults_;
};

// During its lifetime, `listener` receives what the cluster's waits see, immediately and in their thread: to
// show the progress of an event.
class Listening {
public:
  Listening(Cluster& cluster, Listener listener) : cluster_(cluster), before_(std::move(cluster.listener_)) {
    cluster_.listener_ = std::move(listener);
  }
  ~Listening() { cluster_.listener_ = std::move(before_); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

private:
  Cluster& cluster_;
  Listener before_;
};

// During its lifetime, no wait of the cluster exceeds this limit.
class TimeLimit {
public:
  TimeLimit(Cluster& cluster, std::chrono::milliseconds budget);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

private:
  Cluster& cluster_;
  std::optional<Deadline> before_;
};

// During its lifetime, the threads that the cluster starts hold an InterruptShield, as the cleanup's own
// thread does.
class ShieldedWork {
public:
  explicit ShieldedWork(Cluster& cluster) : cluster_(cluster), before_(cluster.shielded_) {
    cluster_.shielded_ = true;
  }
  ~ShieldedWork() { cluster_.shielded_ = before_; }
  ShieldedWork(const ShieldedWork&) = delete;
  ShieldedWork& operator=(const ShieldedWork&) = delete;

private:
  Cluster& cluster_;
  bool before_;
};

template <typename Ask>
auto Cluster::ask_consul(Ask ask) {
  const auto election = within(election_budget);
  std::optional<Error> outage;
  while (true) {
    try {
      return ask(consul_, within(call_budget));
    } catch (const Error& e) {
      // Consul's status 5xx: "No cluster leader", "leadership lost while committing log".
      if (e.kind() == Kind::unavailable) {
        outage = e;
      } else if (!outage || e.kind() != Kind::timeout) {
        throw;
      }
    }
    if (election.passed()) throw *outage;
    http::StopScope::pause(retry_pause);
  }
}

template <typename Work>
auto Cluster::on_nodes(const std::vector<std::string>& names, Work work)
    -> std::map<std::string, std::invoke_result_t<Work, const std::string&>> {
  using Result = std::invoke_result_t<Work, const std::string&>;
  std::map<std::string, Result> results;
  std::vector<std::function<void()>> jobs;
  for (const auto& name : names) {
    auto& result = results[name];
    jobs.emplace_back([&result, &name, &work] { result = work(name); });
  }
  run_all(std::move(jobs));
  return results;
}

}  // namespace labctl::cluster
