#include "tunnels/route.hpp"

#include <algorithm>

namespace labctl::tunnels {

std::string choose_node(const std::vector<std::string>& via, const std::string& current,
                        const std::function<Way(const std::string&)>& way) {
  const auto here = std::find(via.begin(), via.end(), current);
  if (here == via.end()) return via.front();
  if (way(current) != Way::closed) return current;
  const auto start = static_cast<std::size_t>(here - via.begin());
  for (std::size_t step = 1; step < via.size(); ++step) {
    const std::string& next = via[(start + step) % via.size()];
    if (way(next) == Way::open) return next;
  }
  return current;
}

}  // namespace labctl::tunnels
