#pragma once

#include "lab/lab.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::lab {

// An IPv4 network, "10.71.3.0/24".
struct Subnet {
  std::uint32_t address = 0;
  int prefix = 32;
  bool overlaps(const Subnet& other) const;
  bool operator==(const Subnet&) const = default;
};

// "A.B.C.D" or "A.B.C.D/P"; nullopt for anything else ("default", IPv6).
std::optional<Subnet> parse_subnet(std::string_view text);
// The n-th address of it, as text.
std::string address_in(const Subnet& subnet, int n);

// The networks this machine has routes to, from `ip -json -4 route show table all`.
std::vector<Subnet> parse_routes(const std::string& json);

// A free /24 network for the lab in 10.0.0.0/8, else (a VPN may have a route for all of it) in 198.18.0.0/15:
// the first choice depends on its name, then the next one that is not in `taken`. Error{conflict} names the
// networks in the way if all are taken.
Subnet choose_subnet(const std::string& lab, const std::vector<Subnet>& taken);

// Where the search for a port of 127.0.0.1 for the lab's Consul begins. It comes from the network, because
// labs of other state folders are known by their networks only: two labs that are up have two of them.
std::uint16_t first_consul_port(const Subnet& subnet);

// Names, addresses and OS of everything in the lab; no side effects. Error{usage} for a bad count or an OS
// for an unknown node.
LabInfo plan(const UpOptions& options, const Subnet& subnet, std::uint16_t consul_port);

// The address of dockerd's bridge on the n-th node (0 for core1).
std::string bridge_address(int n);

}  // namespace labctl::lab
