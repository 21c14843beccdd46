#pragma once

#include "lab/journal.hpp"
#include "lab/lab.hpp"
#include "lab/plan.hpp"

#include <string>
#include <vector>

namespace labctl::lab {

// The lab's network. Its bridge is in the hub's network namespace, so that this machine's firewall and bridge
// settings do not affect traffic between nodes; this machine has one interface (names.hpp) with one address.
// A node gets `eth0` without address: its init sets it.
void make_network(const LabInfo& lab, const std::vector<std::string>& nodes, Journal& journal);

// Networks to which this machine has routes.
std::vector<Subnet> routes();

// A free port on 127.0.0.1: `preferred`, or the next free one.
std::uint16_t free_port(std::uint16_t preferred);

}  // namespace labctl::lab
