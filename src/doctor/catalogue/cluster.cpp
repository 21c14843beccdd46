#include "doctor/catalogue/groups.hpp"

namespace labctl::doctor {
namespace {

constexpr Trouble cluster_catalogue[] = {
    {"handler-watch-missing", Severity::failure,
     "a node's Consul starts no handler: events are not handled there",
     "The watch is missing in the configuration of the agent (CONSUL_LOCAL_CONFIG, contract 2.1).",
     "The agent's own description of itself lists no watch.",
     "add the watch of type event to the configuration of Consul on {}, then consul reload"},
    {"volume-not-managed", Severity::failure,
     "a volume that should be managed has another driver: it is neither replicated nor moved",
     "It was created while the volume plugin was not there, for example by a compose project that started "
     "before it.",
     "The driver of the volume on the app's master, and the volumes of the app's record.",
     "stop the app on {}, save the data, remove the volume, and deploy the app again"},
    {"maintenance-left", Severity::warning, "an app is in maintenance, and no deployment of it is under way",
     "A deployment or migration failed before its last step, or an operator has set the key.",
     "The key in KV, the last event of the app that Consul remembers, and the deployment that its record "
     "names.",
     "consul kv delete maintenance/{}, once you know that the app is well"},
    {"mark-left", Severity::warning,
     "a mark of an earlier transfer is left: the next move may take it for its own and start on old data",
     "A move was broken off after its sender had reported (contract 9.2.7).",
     "The key in KV, the last event of the app that Consul remembers, and the deployment that its record "
     "names.",
     "consul kv delete -recurse migrate/{}/"},
    {"proxy-not-rendered", Severity::failure, "the proxies of a node do not know an app that KV has",
     "consul-template on the node does not run, hangs, or cannot render another entry.",
     "The rules of haproxy.cfg and the sites of the Caddyfile on the node, and the records in KV, twice "
     "within "
     "a few seconds.",
     "docker logs cluster_consul_1 on {} shows what consul-template says"},
    {"haproxy-not-reloaded", Severity::warning,
     "HAProxy runs with an older configuration than the one on the node",
     "The signal after the rendering did not arrive, or HAProxy has refused the new configuration.",
     "The age of haproxy.cfg and that of the youngest process of HAProxy: each reload starts one.",
     "docker kill -s HUP cluster_haproxy_1 on {}; docker logs says whether it takes the configuration"},
    {"caddy-not-reloaded", Severity::warning,
     "Caddy runs with another configuration than the one on the node",
     "The signal after the rendering did not arrive, or Caddy has refused the new configuration.",
     "Caddy 2: its admin API in its container (with curl or wget) and what `caddy adapt` makes of the file "
     "it "
     "was started with. Caddy 1: its answer to a request for each http:// site. Seen twice within a few "
     "seconds; a Caddy that cannot be asked is not judged.",
     "docker logs cluster_caddy_1 on {} says whether it refused the file; docker kill -s USR1 "
     "cluster_caddy_1 "
     "(Caddy 1), or caddy reload in the container (Caddy 2), makes it read the file"},
    {"clock-skew", Severity::warning, "a node's clock differs: snapshots and records are ordered by it",
     "No time service runs on the node, or on this machine.",
     "The time that a program on the node printed, and this machine's clock before and after it.",
     "start a time service on {} (timedatectl set-ntp true), or on this machine if every node differs by as "
     "much"},
    {"disk-nearly-full", Severity::warning, "a file system of a node is nearly full",
     "Images, logs, clones or snapshots fill it.",
     "statfs of the engine's data and of the deploy root, from inside the Consul container. The file system "
     "of the volume plugin is seen if a running container mounts one of its volumes and has a stat program.",
     "on {}: docker system df, docker image prune, and look below /deploy; for a volume: at its snapshots, "
     "and at the schedule that purges them"},
};

}  // namespace

std::span<const Trouble> cluster_troubles() { return cluster_catalogue; }

}  // namespace labctl::doctor
