#pragma once

#include "scenarios/steps.hpp"

#include <map>
#include <string>

// How the proxies treat an app while it is in maintenance, seen from outside through every node.
namespace labctl::scenarios {

// By node: "" if the expected state was reached within a few seconds, else the state found.
using ByNode = std::map<std::string, std::string>;

// The ssh port refuses connections. No login is tried, so that only a closed port can pass.
ByNode await_port_closed(Cluster& c, const Placed& s);
// The HTTP answer has this status and is not the service's records.
ByNode await_no_service(Cluster& c, const Placed& s, int status);
// Normal operation: the records, and ssh if the service has a sidecar.
ByNode await_open(Cluster& c, const Placed& s);

}  // namespace labctl::scenarios
