#pragma once

#include "base/error.hpp"
#include "cluster/faults.hpp"
#include "inventory/inventory.hpp"
#include "ssh/failure.hpp"
#include "tunnels/control.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

// The results of the probes. Plain data: probes fill it, diagnose() reads it, tests write it directly.
namespace labctl::doctor {

struct InventorySeen {
  std::optional<Error> problem;  // Kind::not_found: there is none
};

// A name of /etc/hosts.
struct HostsEntry {
  std::string address;
  std::string name;
  bool ours = false;  // in the block that `labctl hosts --apply` wrote for this inventory
};

struct MachineSeen {
  // Variables that change what clients of the tunnels do; those that are set and not empty.
  std::map<std::string, std::string> environment;
  std::vector<HostsEntry> hosts_file;
  std::vector<std::string> other_users;  // that can log in here
  // What labctl leaves out of the ssh configuration for these nodes: "CheckHostIP yes (FILE:LINE): why"
  std::vector<std::string> ssh_config_notes;
};

struct RuntimeSeen {
  std::string path;
  std::string problem;  // "" if only we have access, or if it does not exist
};

struct DaemonSeen {
  enum class State { absent, silent, running };
  State state = State::absent;
  std::string problem;                    // silent: what happened instead of an answer
  std::optional<tunnels::Status> status;  // running
};

// The local end of a forward, as a client sees it.
struct LocalEndSeen {
  enum class State { missing, foreign_file, nobody_listens, not_permitted, accepts };
  State state = State::missing;
  // Accepts: why the remote end did not answer; nullopt if it did, or was not asked.
  std::optional<Error> no_answer;
};

struct ForwardSeen {
  inventory::Forward forward;
  LocalEndSeen end;
  // Whether this machine listens at its local end. That of a remote forward is a server which is not ours.
  bool listens_here() const { return forward.direction != inventory::Forward::Direction::remote; }
  bool is_consul() const { return forward.kind == inventory::Forward::Kind::consul; }
  bool is_docker() const { return forward.kind == inventory::Forward::Kind::docker; }
};

// The ssh-agent that a login uses.
struct AgentSeen {
  enum class State { none, absent, silent, answers };
  State state = State::none;  // none: the login uses no agent; absent: nobody listens at `socket`
  std::string socket;
  std::size_t keys = 0;  // answers
};

// Looked at only if every key was refused.
struct KeysSeen {
  bool only_rsa = false;  // each key that a login can offer is an RSA key
  // What the server takes from RFC 8308's server-sig-algs; empty if it is not known.
  std::vector<std::string> signature_algorithms;
};

struct DiskSeen {
  std::string path;                    // or "the volume NAME"
  double size = 0, free = 0;           // bytes; free to a user who is not root
  double inodes = 0, inodes_free = 0;  // 0 inodes: the file system has no such limit
};

// A clock minus that of this machine, in seconds: it is within these bounds.
struct ClockSeen {
  double least = 0, most = 0;
};

// How a node's Caddy differs from the Caddyfile on the node.
struct CaddySeen {
  std::vector<std::string>
      keys_not_served;             // of sites: those in the file that the running Caddy does not know
  std::string differs;             // how its whole configuration differs; "" if it does not, or is not known
  std::optional<double> file_age;  // seconds
};

// How a node's proxies differ from the records in KV (contract 6), and from their own files.
struct ProxiesSeen {
  std::vector<std::string> domains_not_rendered;  // in haproxy.cfg
  std::vector<std::string> keys_not_rendered;     // in the Caddyfile, of apps whose master is the node
  std::optional<double> haproxy_file_age;         // seconds
  std::optional<double> haproxy_process_age;      // of the youngest process
  CaddySeen caddy;
};

// What was seen of a node through its engine.
struct NodeFacts {
  std::string not_known;  // why not everything below was looked at; "" if it was
  std::string host_name;  // as the engine tells it; "" if unknown
  // What is wrong with the volume driver; "" if the engine has it, nullopt if unknown.
  std::optional<std::string> volume_driver;
  std::vector<std::string> foreign_volumes;  // of records whose master is this node: not of the volume driver
  std::optional<int> watches;                // of its Consul agent
  std::optional<ClockSeen> clock;
  std::vector<DiskSeen> disks;
  ProxiesSeen proxies;
};

// The doctor's own login, separate from the daemon's.
struct NodeSeen {
  std::string name;
  std::string address;  // of the inventory
  std::optional<ssh::Failure> login;
  bool dropped = false;  // the SSH port gave no answer to a TCP connection, not even a refusal
  AgentSeen agent;       // if the login failed
  KeysSeen keys;
  std::optional<ssh::Failure> docker;             // channel to the Docker socket
  std::optional<ssh::Failure> consul;             // channel to Consul, on nodes through which it is forwarded
  std::map<std::string, std::string> containers;  // of the stack: name -> state, "absent" if there is none
  bool containers_known = false;
  NodeFacts facts;
};

struct ConsulSeen {
  std::string leader;
  std::vector<std::string> failed_members;
};

// What Consul holds.
struct CatalogSeen {
  bool known = false;
  int refusal = 0;                                // status of an answer that refuses: 403, 429, ...
  std::string problem;                            // why it is not known
  std::map<std::string, std::string> nodes;       // name -> address
  std::vector<std::string> maintenance;           // keys below maintenance/
  std::vector<std::string> marks;                 // keys below migrate/
  std::map<std::string, std::string> deploy_ids;  // app -> deploy_id of its record
  struct Event {
    std::string name, id;
  };
  std::map<std::string, Event> latest_events;  // app -> the last event about it
};

struct LabSeen {
  std::string name;
  std::vector<std::string> leftovers;  // of a lab that is not up
};

// What an embedded lab needs of this machine; looked at only if there is one.
struct LabHostSeen {
  std::vector<std::string> lacking;  // of the kernel
  std::size_t inotify_used = 0;      // instances of root's processes; 0 if it is not known
  std::size_t inotify_most = 0;      // 0 if it is not known
  struct Route {
    std::string lab, node, address, interface, other;
  };
  std::vector<Route> routes;  // that lead to another interface than the lab's
};

struct Observations {
  InventorySeen inventory;
  MachineSeen machine;
  RuntimeSeen runtime;
  DaemonSeen daemon;
  std::vector<ForwardSeen> forwards;
  std::map<std::string, std::string> hosts;  // of the inventory: service name -> address of its node
  std::vector<NodeSeen> nodes;
  ConsulSeen consul;
  CatalogSeen catalog;
  std::vector<cluster::LeftFault> faults;  // injected faults of test runs that died
  std::vector<LabSeen> labs;
  LabHostSeen lab_host;
  std::vector<std::string> broken_probes;  // "PROBE: why it failed"
};

}  // namespace labctl::doctor
