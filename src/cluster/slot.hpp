#pragma once

#include <cstdint>
#include <string>

namespace labctl::cluster {

// Separates scenarios that run in parallel on one cluster: each has its own branch, and so its own app,
// project and volumes, and an exclusive domain and ssh port.
struct Slot {
  // [a-z0-9], at most 6 characters (otherwise container names exceed a DNS label of 63), appended to the
  // branch and to HAPROXY names. "": the unchanged branches, for a cluster with a read-only service
  // repository.
  std::string mark;
  std::uint16_t ssh_port = 0;  // of the service's sidecar; 0: the inventory's first
  // The index of that port in the inventory's ssh ports, from 0; domains of number N > 0 begin with "sN.".
  // The nodes must be able to resolve them, for Consul's checks.
  int number = 0;

  bool plain() const { return mark.empty(); }
};

}  // namespace labctl::cluster
