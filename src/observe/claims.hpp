#pragma once

#include "cluster/cluster.hpp"
#include "consul/client.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What an app must have for itself alone, and who else says that it is theirs: the answer of a domain or port
// that two apps claim is not known to come from either.
namespace labctl::observe {

struct Needs {
  std::string app;         // N
  std::string domain;      // on port 80 and 443 of every node
  std::uint16_t port = 0;  // of every node; 0: none
  std::vector<std::string>
      names;  // of its HAPROXY configurations and backends; not the shared http-in and https-in
};

// The claims of somebody else, a line each: who it is and what they claim. In KV (contract 3): every entry
// below app/ and swarm/ but that of the app itself, by its domains, urls, binds, rules and names. What does
// not read is not rendered either, so it claims nothing.
std::vector<std::string> claims_in_kv(const Needs& needs, const std::vector<consul::KeyValue>& entries);
// In what a node's proxies were given (contract 6), for an app that is not deployed: every line that names
// the domain, the port or a name, with the server it leads to.
std::vector<std::string> claims_in_haproxy(const Needs& needs, std::string_view config);
std::vector<std::string> claims_in_caddyfile(const Needs& needs, std::string_view config);

// What others claim of an app that is not deployed: of KV now, else of the proxies' configurations when the
// budget is spent and they still do, as the proxies follow KV by a moment. The view's own apps
// (Cluster::own_apps) may share with it: if they do, the proxies are not asked.
std::vector<std::string> foreign_claims(cluster::Cluster& cluster, const Needs& needs,
                                        std::chrono::milliseconds budget);

}  // namespace labctl::observe
