#pragma once

#include "cluster/cluster.hpp"
#include "consul/client.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What an app needs exclusively, and which other apps claim it: if two apps claim a domain or port, an answer
// cannot be attributed to either.
namespace labctl::observe {

struct Needs {
  std::string app;         // N
  std::string domain;      // on port 80 and 443 of every node
  std::uint16_t port = 0;  // of every node; 0: none
  std::vector<std::string>
      names;  // of its HAPROXY configurations and backends; not the shared http-in and https-in
};

// The claims of other apps, one line each: the app and what it claims. In KV (contract 3): every entry below
// app/ and swarm/ except the app's own, by its domains, urls, binds, rules and names. A malformed entry is
// not rendered either, so it claims nothing.
std::vector<std::string> claims_in_kv(const Needs& needs, const std::vector<consul::KeyValue>& entries);
// In the configuration of a node's proxies (contract 6), for an app that is not deployed: every line that
// names the domain, the port or a name, with the server that it refers to.
std::vector<std::string> claims_in_haproxy(const Needs& needs, std::string_view config);
std::vector<std::string> claims_in_caddyfile(const Needs& needs, std::string_view config);

// What other apps claim from an app that is not deployed: claims in KV now, else claims that are still in the
// proxies' configurations at the end of the budget (the proxies follow KV with a short delay). The view's own
// apps (Cluster::own_apps) may share with it: if they do, the proxies are not checked.
std::vector<std::string> foreign_claims(cluster::Cluster& cluster, const Needs& needs,
                                        std::chrono::milliseconds budget);

}  // namespace labctl::observe
