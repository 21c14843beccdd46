#pragma once

#include "scenarios/steps.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

// Whose answer it was: a container says its host name, which the engine of the app's master made of its id.
// One of another name says nothing.
// (That nobody else is asked in the first place is what without() sees to, for every service.)
namespace labctl::scenarios {

// Whether the reply comes from the app's own container. True if the reply does not say where it comes from:
// the lab's service does, another one need not.
bool from_app(const observe::Observation& seen, const Placed& s, const http::Response& reply);

// Runs a command in the app's sidecar through each of the nodes; gives for each what was wrong last, "" if it
// ran with status 0, wrote `out`, and ran in the app's own container.
std::map<std::string, std::string> await_ssh(Cluster& c, const Placed& s,
                                             const std::vector<std::string>& nodes,
                                             const std::string& command, const std::string& out,
                                             std::chrono::milliseconds budget);

}  // namespace labctl::scenarios
