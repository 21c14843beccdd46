#pragma once

#include "ssh/target.hpp"

#include <chrono>

namespace labctl::tunnels {

// Timeouts and check intervals.
struct Timing {
  std::chrono::milliseconds login{8'000};
  std::chrono::milliseconds open{10'000};  // a channel for a local client
  std::chrono::milliseconds check{5'000};  // one check of a forward
  std::chrono::milliseconds check_interval{10'000};
  std::chrono::milliseconds check_retry_first{100};
  std::chrono::milliseconds check_retry_longest{2'000};
  std::chrono::milliseconds silence_asked{5'000};  // then a keepalive is sent to the peer
  std::chrono::milliseconds silence_lost{15'000};  // then the session is lost
  // After a change of the network: the peer must answer within this time.
  std::chrono::milliseconds proof{5'000};
  // How often files and agent are read again while a login waits for a person.
  std::chrono::milliseconds repair_look{3'000};

  // With the target's ConnectTimeout, ServerAliveInterval and ServerAliveCountMax. As in ssh, a node that is
  // silent for the interval is asked, and is lost after the interval times (count + 1); but it always gets
  // one interval to answer.
  Timing adapted(const ssh::Target& target) const;
};

}  // namespace labctl::tunnels
