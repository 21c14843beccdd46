#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The embedded lab: a small cluster of real nodes on this machine. Everything here needs root (else
// Error{refused}), except find() and running(). An Error of the lab itself is Kind::lab.
namespace labctl::lab {

// One line of progress for the user; no newline.
using Progress = std::function<void(const std::string&)>;

struct UpOptions {
  std::string name = "default";
  int nodes = 4;
  std::string os = "bookworm";                   // of the hub and of every node that is not in node_os
  std::map<std::string, std::string> node_os;    // node -> os
  std::optional<std::filesystem::path> handler;  // runs instead of labctl's own deploy handler
  bool fresh = false;                            // recreate the golden Docker data
};

// The stored description of a lab.
struct LabInfo {
  struct NodeInfo {
    std::string name;  // core1, ...
    std::string os;    // bookworm or trixie
    std::string address;
    bool operator==(const NodeInfo&) const = default;
  };
  std::string name;
  std::string host_address;  // this machine, seen from the nodes
  std::string hub_address;   // image registry (port 5000) and git server
  std::vector<NodeInfo> nodes;
  std::uint16_t consul_port = 8500;  // local end of the Consul forward in its inventory
  std::filesystem::path folder;      // journal, logs/, client/
  bool up = false;                   // false: `up` has not finished, or died
  std::filesystem::path inventory() const { return folder / "client/inventory.yaml"; }
};

struct UpReport {
  LabInfo lab;
  bool was_up = false;  // nothing had to be done
  std::chrono::milliseconds took{0};
  std::string docker_versions;  // "20.10.24", or "20.10.24, 26.1.5" when mixed
  std::string consul_version;
};

// Starts a lab and returns when its nodes, Docker daemons, volume plugins, stack and Consul answer. Leftovers
// of a killed `up` or `down` are removed first. On failure or interrupt everything is removed except the
// logs, which the error names.
UpReport up(const UpOptions& options, const Progress& progress);

// Removes everything the lab's journal names, and the lab's folder. Returns false if there was no such lab.
bool down(const std::string& name, const Progress& progress);

// nullopt if there is no folder of that name; Error{usage} for an invalid name. running(): the labs that are
// up, by name.
std::optional<LabInfo> find(const std::string& name);
std::vector<LabInfo> running();
// Every lab that has a folder: up, partly up, or failed with its logs kept.
std::vector<LabInfo> all();

// What a lab that is not up has left on the machine, as text ("network namespace /...", "2 processes in
// ..."). Empty for a lab that is up, removed, or being brought up or down.
std::vector<std::string> leftovers(const std::string& name);

// The current state of a node.
struct NodeStatus {
  LabInfo::NodeInfo node;
  bool alive = false;                             // its first process runs
  std::string docker;                             // version; "" if dockerd does not answer
  bool sshd = false;                              // an SSH server answers on port 22
  bool plugin = false;                            // the volume plugin is enabled
  bool consul = false;                            // its Consul knows a leader
  std::map<std::string, std::string> containers;  // cluster_*_1 -> state
  // The first thing that is not as it must be ("cluster_caddy_1 is exited"); "" if the node is well.
  std::string trouble() const;
  bool well() const { return trouble().empty(); }
};
std::vector<NodeStatus> status(const LabInfo& lab);

// The argument vector that runs `argv` in a node (also "hub"), with the node's root and environment.
// Error{not_found} naming the nearest node, Error{unavailable} if the node is dead.
std::vector<std::string> exec_argv(const LabInfo& lab, const std::string& node,
                                   const std::vector<std::string>& argv, const std::string& user = "root");

// Log files of a node, or of all nodes; oldest part first.
std::vector<std::filesystem::path> log_files(const LabInfo& lab, const std::optional<std::string>& node);

}  // namespace labctl::lab
