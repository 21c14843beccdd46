#pragma once

#include "base/endpoint.hpp"
#include "base/secret.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace labctl::inventory {

// How to log in to a node, according to the inventory: defaults and the node's values are merged, `~` is
// expanded. Values that neither sets stay empty (or 0); tunnels/ fills them from ~/.ssh/config and then from
// OpenSSH's defaults (an ssh::Target has every value).
struct Node {
  std::string name;
  std::string address;                            // host name or address; may be a Host of ~/.ssh/config
  std::uint16_t port = 0;                         // 0: not set
  std::string user;                               // "": not set
  std::optional<std::filesystem::path> identity;  // private key file; the user named it, so it must exist
  std::filesystem::path known_hosts;              // "": not set
  bool use_agent = true;

  bool operator==(const Node&) const = default;
};

// One forward that must be up. `local` is the end on this machine and `remote` the end on the node's side,
// whoever listens. TCP ends on this machine must be on loopback.
struct Forward {
  // Who listens, and who connects (ssh's options -L, -R and -D).
  enum class Direction {
    local,    // this machine listens at `local`, the node connects to `remote`
    remote,   // the node listens at `remote`, a TCP address; this machine connects to `local`
    dynamic,  // this machine listens at `local` for SOCKS5; clients name what the node connects to
  };
  // What the remote end is: Consul's HTTP API, a node's Docker engine, or anything. Does not depend on the
  // name.
  enum class Kind { consul, docker, other };
  std::string name;              // "consul", "docker_core1", or the name of an extra forward
  std::vector<std::string> via;  // nodes in the order they are tried; one for a node's docker.sock
  Endpoint local;
  Endpoint remote;  // empty if dynamic
  Kind kind = Kind::other;
  Direction direction = Direction::local;

  bool is_docker_of(const std::string& node) const {
    return kind == Kind::docker && !via.empty() && via.front() == node;
  }
  bool operator==(const Forward&) const = default;
};

// The conventions of the cluster under test.
struct Conventions {
  // Nobody else needs the cluster (the embedded lab): scenarios may temporarily break what its apps share,
  // and may remove existing apps of the service repository without confirmation.
  bool disposable = false;
  std::string consul_container = "cluster_consul_1";
  std::string haproxy_container = "cluster_haproxy_1";
  std::string caddy_container = "cluster_caddy_1";
  std::string volume_driver = "anybox/buttervolume:latest";
  std::uint16_t replication_port = 1122;  // of the volume plugin's sshd, which receives snapshots
  std::string deploy_root = "/deploy";
  struct Service {
    std::string repo = "https://github.com/mlfmonde/cluster_lab_test_service";
    std::uint16_t ssh_port = 2244;
    // Ports that HAProxy may bind for the service, ssh_port first. Their number limits how many copies can be
    // deployed in parallel.
    std::vector<std::uint16_t> ssh_ports{ssh_port};
    std::optional<std::filesystem::path>
        ssh_identity;       // key of the test service's sidecar; none: labctl's own
    bool writable = false;  // labctl may push to the repository (the embedded lab's own git server)

    bool operator==(const Service&) const = default;
  } service;

  bool operator==(const Conventions&) const = default;
};

struct Inventory {
  // Made from the path of the file if that sets none (names.hpp).
  std::string name = "default";
  std::filesystem::path source;              // the file it came from; empty if made in memory
  std::vector<Node> nodes;                   // in file order
  std::vector<Forward> forwards;             // consul, docker of each node, then the extra forwards
  std::map<std::string, std::string> hosts;  // service name -> node name whose address serves it
  Conventions cluster;
  Secret consul_token;  // for requests to Consul; from cli, never from the file, never written

  // Error{not_found} naming the nearest node.
  const Node& node(const std::string& name) const;
  // The forward to Consul, and the one to a node's engine. Error{not_found}.
  const Forward& consul() const;
  const Forward& docker(const std::string& node) const;

  bool operator==(const Inventory&) const = default;
};

// "staging-3f9a1c (/home/me/staging.yaml)", for messages.
std::string with_file(const Inventory& inventory);

// Reads and validates. Every problem is Error{invalid} whose `where` is "FILE:LINE:COLUMN" and whose text
// names what was found, what was expected and the nearest valid key.
Inventory load(const std::filesystem::path& file);
Inventory parse(const std::string& yaml, const std::filesystem::path& source);

}  // namespace labctl::inventory
