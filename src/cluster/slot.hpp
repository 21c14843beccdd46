#pragma once

#include <cstdint>
#include <string>

namespace labctl::cluster {

// What keeps scenarios that run side by side on one cluster apart: branches of their own, hence apps,
// projects and volumes of their own; a domain and an ssh port that nobody else uses at the same time.
struct Slot {
  // [a-z0-9], at most 6 characters (longer container names would not fit a DNS label of 63), put at the end
  // of the branch and of HAPROXY names. "": the repository's branches as they are, for a cluster whose
  // service repository cannot be written.
  std::string mark;
  std::uint16_t ssh_port = 0;  // of the service's sidecar; 0: the inventory's first
  // Which of the inventory's ssh ports that is, from 0; the domains of number N > 0 begin with "sN.". The
  // nodes must be able to resolve them, for Consul's checks.
  int number = 0;

  bool plain() const { return mark.empty(); }
};

}  // namespace labctl::cluster
