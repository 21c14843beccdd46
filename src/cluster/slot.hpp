#pragma once

#include <cstdint>
#include <string>

namespace labctl::cluster {

// What keeps scenarios that run side by side on one cluster apart: branches of their own, hence apps, projects and
// volumes of their own; domains of their own; an ssh port of their own.
struct Slot {
  // [a-z0-9], at most 6 characters (longer container names would not fit a DNS label of 63). Goes to the end of the
  // branch and the front of the domain. "": the repository's branches as they are, for a cluster whose service repository
  // cannot be written.
  std::string mark;
  std::uint16_t ssh_port = 0;  // of the service's sidecar; 0: the inventory's

  bool plain() const { return mark.empty(); }
};

}  // namespace labctl::cluster
