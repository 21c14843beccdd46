#pragma once

#include "lab/journal.hpp"
#include "lab/lab.hpp"
#include "lab/plan.hpp"

#include <string>
#include <vector>

namespace labctl::lab {

// The lab's wire. Its bridge stands in the hub's network namespace, so that this machine's firewall and
// bridge settings have no say in what nodes tell each other; this machine sees one interface (names.hpp) with
// one address. A node gets `eth0`, without address: its init sets that.
void make_network(const LabInfo& lab, const std::vector<std::string>& nodes, Journal& journal);

// Networks this machine has routes to now.
std::vector<Subnet> routes();

// A port of 127.0.0.1 that nobody listens on: `preferred`, or the next free one.
std::uint16_t free_port(std::uint16_t preferred);

}  // namespace labctl::lab
