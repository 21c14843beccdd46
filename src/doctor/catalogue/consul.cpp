#include "doctor/catalogue/groups.hpp"

namespace labctl::doctor {
namespace {

constexpr Trouble consul_catalogue[] = {
    {"consul-forward-down", Severity::failure,
     "nothing answers for Consul: clients see RequestError, max retries exceeded",
     "Consul runs on none of the nodes of via:, or it hangs.",
     "The forward does not answer, and the errors of each node through which Consul is forwarded.",
     "start cluster_consul_1 on the nodes of via:, or put other nodes into via:"},
    {"consul-no-leader", Severity::failure,
     "Consul answers, but has no leader: reads fail or look like missing keys",
     "Fewer than a majority of its servers run, or they do not reach each other.",
     "Consul's answer to /v1/status/leader, and the servers whose container does not run.",
     "a majority of its servers must run; start cluster_consul_1 where it is down"},
    {"consul-agent-down", Severity::warning, "Consul is down on one node; its forward uses another node",
     "Its container was stopped, or it is starting.",
     "A channel to Consul is refused on this node, and the forward answers through another.",
     "start cluster_consul_1 on {}"},
    {"consul-member-failed", Severity::warning, "Consul has lost a member",
     "The node is down, its Consul does not run, or the network between the nodes is broken.",
     "Consul's list of members does not call it alive.", "look at {}: is it up, does cluster_consul_1 run?"},
};

}  // namespace

std::span<const Trouble> consul_troubles() { return consul_catalogue; }

}  // namespace labctl::doctor
