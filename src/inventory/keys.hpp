#pragma once

#include <string>
#include <vector>

// The keys of an inventory, as the parser accepts them and the JSON schema (inventory/inventory.schema.json)
// lists them; a test compares the two.
namespace labctl::inventory::keys {

inline const std::vector<std::string> top = {"version", "name",     "defaults", "nodes",  "consul",
                                             "docker",  "forwards", "hosts",    "cluster"};
inline const std::vector<std::string> defaults = {"user", "port", "identity", "known_hosts", "agent"};
inline const std::vector<std::string> node = {"address", "user", "port", "identity", "known_hosts", "agent"};
inline const std::vector<std::string> consul = {"via", "remote", "local"};
inline const std::vector<std::string> docker = {"remote", "local"};
inline const std::vector<std::string> forward = {"name",    "via",    "remote", "local",
                                                 "dynamic", "listen", "to",     "public"};
inline const std::vector<std::string> cluster = {"disposable",      "consul_container", "haproxy_container",
                                                 "caddy_container", "volume_driver",    "replication_port",
                                                 "deploy_root",     "service"};
inline const std::vector<std::string> service = {"repo", "ssh_port", "ssh_ports", "ssh_identity", "writable"};

}  // namespace labctl::inventory::keys
