#include "doctor/catalogue/groups.hpp"

namespace labctl::doctor {
namespace {

constexpr Trouble consul_catalogue[] = {
    {"consul-acl", Severity::failure, "Consul does not let labctl read: 403",
     "Consul's ACLs do not allow what labctl reads: CONSUL_HTTP_TOKEN is not set, Consul does not know that "
     "token, or the token lacks a permission.",
     "Consul's answer to the read of a key or of a list, and the permission that is missing.",
     "set CONSUL_HTTP_TOKEN, or CONSUL_HTTP_TOKEN_FILE, to a token that may read key, node, service and "
     "event; labctl test also needs to write key, session and event"},
    {"consul-too-many", Severity::failure, "Consul refuses further connections: 429",
     "All clients of a forward share one address on the node, and limits.http_max_conns_per_client (200) is "
     "reached: often clients that leave blocking queries behind.",
     "Consul's answer to the doctor's own request.",
     "end clients that hold connections, or raise http_max_conns_per_client in Consul's limits"},
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
    {"consul-node-missing", Severity::failure, "Consul's catalog does not have a node of the inventory",
     "Its Consul was never started, has left (consul leave), or belongs to another cluster.",
     "The names in Consul's catalog.", "start cluster_consul_1 on {}, or take the node out of the inventory"},
    {"node-name-differs", Severity::failure,
     "a node has another name in the inventory than on its host or in Consul: handlers ignore events that "
     "name it",
     "The inventory calls the node otherwise, or its host was renamed. The handler compares its host name "
     "with the names in an event (contract 2.1).",
     "The host name that the engine tells, and the names and addresses in Consul's catalog.",
     "use one name: in the inventory, as host name and as Consul's node name ({})"},
    {"consul-port-shared", Severity::note, "other users of this machine can use Consul through the forward",
     "The local end of the forward is a TCP port, which has no owner.",
     "The address of the local end, and the accounts in /etc/passwd that can log in.",
     "consul: {local: \"{runtime}/consul.sock\"} in the inventory restricts it to your user; not every "
     "client "
     "of Consul can use a socket"},
};

}  // namespace

std::span<const Trouble> consul_troubles() { return consul_catalogue; }

}  // namespace labctl::doctor
