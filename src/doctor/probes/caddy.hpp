#pragma once

#include "base/deadline.hpp"
#include "docker/client.hpp"
#include "docker/engine.hpp"
#include "doctor/observations.hpp"
#include "doctor/probes/node_report.hpp"
#include "inventory/inventory.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Whether a node's Caddy serves what Consul's KV says. Keys are those of sites: "http://shop.lab".
namespace labctl::doctor {

// The name of the file that consul-template writes (contract 6).
inline constexpr const char* rendered_caddyfile = "Caddyfile";

// How a Caddy was started.
struct CaddyCommand {
  int version = 2;      // 1 or 2
  std::string file;     // of its configuration; "" if that cannot be told
  std::string adapter;  // of Caddy 2; "" if it is not named
};

// Asks a running Caddy: version 2 by its admin API, from inside its container (curl or wget), and its
// `caddy adapt` for the file; version 1, which has no such API, by HTTP requests for the sites' hosts, from
// inside the Consul container. What cannot be asked is not claimed. `keys` are rendered for this node.
CaddySeen look_at_caddy(docker::Engine& engine, docker::Client& docker,
                        const inventory::Conventions& conventions, const std::vector<std::string>& keys,
                        const NodeReport& report, Deadline deadline);

// From the table that `docker top CONTAINER -eo pid,args` gives; nullopt if no Caddy is in it.
std::optional<CaddyCommand> caddy_command(const std::vector<std::string>& titles,
                                          const std::vector<std::vector<std::string>>& processes);

// The keys that no site of a rendered Caddyfile has.
std::vector<std::string> keys_without_site(std::string_view caddyfile, const std::vector<std::string>& keys);

}  // namespace labctl::doctor
