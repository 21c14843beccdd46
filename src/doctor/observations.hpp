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

// The doctor's own login, separate from the daemon's.
struct NodeSeen {
  std::string name;
  std::optional<ssh::Failure> login;
  std::optional<ssh::Failure> docker;             // channel to the Docker socket
  std::optional<ssh::Failure> consul;             // channel to Consul, on nodes through which it is forwarded
  std::map<std::string, std::string> containers;  // of the stack: name -> state, "absent" if there is none
  bool containers_known = false;
};

struct ConsulSeen {
  std::string leader;
  std::vector<std::string> failed_members;
};

struct LabSeen {
  std::string name;
  std::vector<std::string> leftovers;  // of a lab that is not up
};

struct Observations {
  InventorySeen inventory;
  RuntimeSeen runtime;
  DaemonSeen daemon;
  std::vector<ForwardSeen> forwards;
  std::vector<NodeSeen> nodes;
  ConsulSeen consul;
  std::vector<cluster::LeftFault> faults;  // injected faults of test runs that died
  std::vector<LabSeen> labs;
  std::vector<std::string> broken_probes;  // "PROBE: why it failed"
};

}  // namespace labctl::doctor
