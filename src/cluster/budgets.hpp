#pragma once

#include <chrono>

// Common timeouts.
namespace labctl::cluster {

inline constexpr std::chrono::seconds call_budget{10};      // one request to Consul or to an engine
inline constexpr std::chrono::seconds election_budget{30};  // for Consul's election of a new leader
inline constexpr std::chrono::seconds look_budget{20};  // one look at everything that a node has of an app
inline constexpr std::chrono::milliseconds retry_pause{
    250};  // before a follower that lost its connection asks again

}  // namespace labctl::cluster
