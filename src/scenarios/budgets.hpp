#pragma once

#include <algorithm>
#include <chrono>

// Timeouts for what the contract allows to be late.
namespace labctl::scenarios {

inline constexpr std::chrono::seconds look_budget{10};  // one look at the cluster
inline constexpr std::chrono::seconds proxy_budget{8};  // until all proxies have applied a change

// The rest of a budget that began at the last look: the contract allows a delay after a change, not after
// each request. At least `moment`, because a proxy that is reloading may drop one answer.
inline std::chrono::milliseconds left_since(std::chrono::steady_clock::time_point look,
                                            std::chrono::milliseconds budget,
                                            std::chrono::steady_clock::time_point now) {
  constexpr std::chrono::milliseconds moment{2000};
  const auto left = budget - std::chrono::duration_cast<std::chrono::milliseconds>(now - look);
  return std::max(left, std::min(moment, budget));
}

}  // namespace labctl::scenarios
