#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace labctl::inventory {

// Either end of a forward: a TCP address or a unix socket.
struct Endpoint {
  enum class Type { tcp, unix_socket };
  Type type = Type::tcp;
  std::string host;        // tcp; a name or an address
  std::uint16_t port = 0;  // tcp
  std::string path;        // unix_socket; absolute

  bool operator==(const Endpoint&) const = default;
};

// "HOST:PORT", "[V6]:PORT" or an absolute path. Error{invalid} otherwise.
Endpoint parse_endpoint(const std::string& text);
std::string to_string(const Endpoint& endpoint);

// How to log in to a node. Values are effective: defaults, the node's own and ~/.ssh/config are merged, `~`
// expanded.
struct Node {
  std::string name;
  std::string address;  // host name or address
  std::uint16_t port = 22;
  std::string user;
  std::optional<std::filesystem::path> identity;  // private key file; none: only the agent's keys
  std::filesystem::path known_hosts;
  bool use_agent = true;
};

// One forward that must be up. Local TCP ends are loopback only.
struct Forward {
  std::string name;              // "consul", "docker_core1", or the name of an extra forward
  std::vector<std::string> via;  // nodes in the order they are tried; one for a node's docker.sock
  Endpoint local;
  Endpoint remote;
};

// The conventions of the cluster under test.
struct Conventions {
  std::string consul_container = "cluster_consul_1";
  std::string haproxy_container = "cluster_haproxy_1";
  std::string caddy_container = "cluster_caddy_1";
  std::string volume_driver = "anybox/buttervolume:latest";
  std::string deploy_root = "/deploy";
  struct Service {
    std::string repo = "https://github.com/mlfmonde/cluster_lab_test_service";
    std::uint16_t ssh_port = 2244;
    std::optional<std::filesystem::path>
        ssh_identity;       // key of the test service's sidecar; none: labctl's own
    bool writable = false;  // labctl may push to the repository (the embedded lab's own git server)
  } service;
};

struct Inventory {
  std::string name = "default";
  std::filesystem::path source;              // the file it came from; empty if made in memory
  std::vector<Node> nodes;                   // in file order
  std::vector<Forward> forwards;             // consul, docker of each node, then the extra ones
  std::map<std::string, std::string> hosts;  // service name -> node name whose address answers for it
  Conventions cluster;

  // Error{not_found} naming the nearest node.
  const Node& node(const std::string& name) const;
  // The forward called "consul", and the docker forward of a node.
  const Forward& consul() const;
  const Forward& docker(const std::string& node) const;
};

// Reads and validates. Every problem is Error{invalid} whose `where` is "FILE:LINE:COLUMN" and whose text
// says what was found, what was expected and the nearest valid key.
Inventory load(const std::filesystem::path& file);
Inventory parse(const std::string& yaml, const std::filesystem::path& source);

}  // namespace labctl::inventory
