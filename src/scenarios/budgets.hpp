#pragma once

#include <chrono>

// How long what the contract allows to be late may take, for all who wait for the same thing.
namespace labctl::scenarios {

inline constexpr std::chrono::seconds look_budget{10};  // one look at the cluster
inline constexpr std::chrono::seconds proxy_budget{8};  // until all proxies have taken a change up

}  // namespace labctl::scenarios
