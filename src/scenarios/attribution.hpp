#pragma once

#include "scenarios/steps.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

// Which container sent an answer: a container reports its host name, which the engine derives from its id. An
// answer with another name does not count.
// (without() ensures, for every service, that requests cannot reach another app.)
namespace labctl::scenarios {

// Whether the reply comes from the app's own container. True if the reply does not name its container: the
// lab's service does, other services need not.
bool from_app(const observe::Observation& seen, const Placed& s, const http::Response& reply);

// Runs a command in the app's sidecar through each of the nodes. Returns the last problem for each node, ""
// if the command ran with status 0, wrote `out`, and ran in the app's own container.
std::map<std::string, std::string> await_ssh(Cluster& c, const Placed& s,
                                             const std::vector<std::string>& nodes,
                                             const std::string& command, const std::string& out,
                                             std::chrono::milliseconds budget);

}  // namespace labctl::scenarios
