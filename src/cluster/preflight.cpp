#include "cluster/preflight.hpp"

#include "base/error.hpp"

namespace labctl::cluster {
namespace {

constexpr std::chrono::seconds preflight_budget{5};
constexpr const char* doctor_hint = "labctl doctor says more";

}  // namespace

void require_ready(Cluster& cluster) {
  const auto deadline = cluster.within(preflight_budget);
  try {
    if (cluster.consul().leader(deadline).empty()) {
      throw Error(Kind::unavailable, "the Consul cluster has no leader", cluster.consul().server().display());
    }
  } catch (const Error& e) {
    throw Error(e.kind(), std::string("Consul: ") + e.what(), e.where(), doctor_hint);
  }
  cluster.on_nodes(cluster.nodes(), [&](const std::string& node) {
    try {
      const auto& name = cluster.conventions().consul_container;
      const auto container = cluster.docker(node).container(name, deadline);
      if (!container) throw Error(Kind::unavailable, "no container " + name, node);
      if (!container->running()) throw Error(Kind::unavailable, name + " is " + container->state, node);
      return true;
    } catch (const Error& e) {
      const auto where = e.where() == node ? node : node + " " + e.where();
      throw Error(e.kind(), e.what(), where, doctor_hint);
    }
  });
}

}  // namespace labctl::cluster
