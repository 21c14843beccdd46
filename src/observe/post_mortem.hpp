#pragma once

#include "cluster/cluster.hpp"

#include <map>
#include <string>

namespace labctl::observe {

// What the cluster held at one time, for people who were not there: the path of each file below a folder, and
// its text, secrets masked (base/masked.hpp):
//
//   kv.json                 the KV store: [{key, value}]
//   nodes/NODE/containers.json, volumes.json, schedules.txt, snapshots.txt, clones.json
//   nodes/NODE/haproxy.cfg, Caddyfile, handler.log, events.log (the ends of the logs)
//   nodes/NODE/logs/CONTAINER.log                     its last lines
//   not-seen.txt            what could not be looked at, and why; only if there is something
using PostMortem = std::map<std::string, std::string>;

// Looks at all nodes and Consul in parallel; each look has the usual budget. On a cluster that is not
// disposable, only what belongs to the apps of this view (Cluster::own()) and to the stack: other people's
// keys are listed without their values. Throws only Error{interrupted}.
PostMortem post_mortem(cluster::Cluster& cluster);

}  // namespace labctl::observe
