#pragma once

#include "agent/handler.hpp"

#include <functional>

// labctl-agent: what runs inside cluster_consul_1. `handler` is started by a Consul watch, the reload
// commands by consul-template.
namespace labctl::agent {

// Returns the actions for the steps of an event.
using TablesFor = std::function<Tables(const Settings&, const QueuedEvent&)>;

// The whole program; returns its exit status and throws nothing.
int run(int argc, char** argv, const TablesFor& tables_for);

}  // namespace labctl::agent
