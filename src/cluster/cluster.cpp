#include "cluster/cluster.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/fault_journal.hpp"
#include "cluster/faults.hpp"
#include "cluster/handler_logs.hpp"
#include "cluster/lookouts.hpp"
#include "contract/names.hpp"

#include <algorithm>
#include <utility>

namespace labctl::cluster {
Cluster::Helpers::Helpers(const inventory::Inventory& inventory) {
  std::map<std::string, http::Server> engines;
  for (const auto& node : inventory.nodes) engines.emplace(node.name, inventory.docker(node.name).local);
  const auto& container = inventory.cluster.consul_container;
  logs = std::make_unique<HandlerLogs>(engines, container, inventory.cluster.deploy_root + "/handler.log");
  events = std::make_unique<HandlerLogs>(engines, container, inventory.cluster.deploy_root + "/events.log");
  fault_journal = std::make_unique<FaultJournal>(fault_folder());
  lookouts = std::make_unique<Lookouts>(std::move(engines), container);
}

Cluster::Helpers::~Helpers() = default;

Cluster::Cluster(inventory::Inventory inventory, Slot slot)
    : Cluster(inventory, std::move(slot), std::make_shared<Helpers>(inventory)) {}

Cluster::Cluster(const Cluster& of, Slot slot) : Cluster(of.inventory_, std::move(slot), of.helpers_) {}

Cluster::Cluster(inventory::Inventory inventory, Slot slot, std::shared_ptr<Helpers> helpers)
    : inventory_(std::move(inventory)),
      helpers_(std::move(helpers)),
      slot_(std::move(slot)),
      consul_(consul_client()) {
  faults_ = std::make_unique<Faults>(*this, *helpers_->fault_journal);
  const auto& service = inventory_.cluster.service;
  if (slot_.ssh_port == 0) slot_.ssh_port = service.ssh_port;
  const auto port = std::find(service.ssh_ports.begin(), service.ssh_ports.end(), slot_.ssh_port);
  slot_.number = static_cast<int>(port - service.ssh_ports.begin());
  for (const auto& node : inventory_.nodes) {
    nodes_.push_back(node.name);
    dockers_.emplace(node.name, docker::Client(docker_server(node.name)));
  }
}

Cluster::~Cluster() = default;

std::vector<std::string> Cluster::nodes_except(const std::vector<std::string>& names) const {
  std::vector<std::string> rest;
  for (const auto& node : nodes_) {
    if (std::find(names.begin(), names.end(), node) == names.end()) rest.push_back(node);
  }
  return rest;
}

docker::Client& Cluster::docker(const std::string& node) {
  inventory_.node(node);  // throws for an unknown node
  return dockers_.at(node);
}

consul::Client Cluster::consul_client() const {
  return consul::Client(inventory_.consul().local, inventory_.consul_token);
}

http::Server Cluster::docker_server(const std::string& node) const { return inventory_.docker(node).local; }

void Cluster::own(const contract::AppName& app) {
  if (std::find(own_apps_.begin(), own_apps_.end(), app) == own_apps_.end()) own_apps_.push_back(app);
}

Deadline Cluster::within(std::chrono::milliseconds budget) const {
  return limit_ ? limit_->at_most(budget) : Deadline::in(budget);
}

std::optional<contract::Record> Cluster::record(const std::string& app) {
  const auto key = contract::app_key(app);
  const auto found = ask_consul([&](auto& consul, Deadline deadline) { return consul.get(key, deadline); });
  if (!found) return std::nullopt;
  return contract::parse_record(found->value);
}

docker::ExecResult Cluster::exec(const std::string& node, const std::vector<std::string>& argv,
                                 std::chrono::milliseconds budget) {
  return docker(node).exec(conventions().consul_container, argv, within(budget));
}

std::string Cluster::exec_checked(const std::string& node, const std::vector<std::string>& argv,
                                  std::chrono::milliseconds budget) {
  auto result = exec(node, argv, budget);
  if (!result.ok()) {
    const auto said = last_line(result.err.empty() ? result.out : result.err);
    throw Error(Kind::unavailable,
                argv.at(0) + " failed (status " + std::to_string(result.status) + "): " + said,
                node + " " + conventions().consul_container);
  }
  return std::move(result.out);
}

void Cluster::run_all(std::vector<std::function<void()>> jobs) const {
  std::vector<std::exception_ptr> errors(jobs.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      threads.emplace_back([this, &job = jobs[i], &error = errors[i]] {
        try {
          std::optional<InterruptShield> shield;
          if (shielded_) shield.emplace();
          job();
        } catch (...) {
          error = std::current_exception();
        }
      });
    }
  }
  for (const auto& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

TimeLimit::TimeLimit(Cluster& cluster, std::chrono::milliseconds budget)
    : cluster_(cluster), before_(cluster.limit_) {
  cluster_.limit_ = Deadline::in(budget);
}

TimeLimit::~TimeLimit() { cluster_.limit_ = before_; }

}  // namespace labctl::cluster
