#pragma once

#include "scenarios/steps.hpp"

#include <map>
#include <string>

// How the proxies treat an app while it is in maintenance, seen from outside through every node.
namespace labctl::scenarios {

// By node: "" if what is named here came within a few seconds, else what came instead.
using ByNode = std::map<std::string, std::string>;

// The ssh port refuses connections: no login, so that nothing but a closed port can pass.
ByNode await_port_closed(Cluster& c, const Placed& s);
// HTTP is answered with this status and something else than the service's records.
ByNode await_no_service(Cluster& c, const Placed& s, int status);
// As before: the records, and ssh if the service has a sidecar.
ByNode await_open(Cluster& c, const Placed& s);

}  // namespace labctl::scenarios
