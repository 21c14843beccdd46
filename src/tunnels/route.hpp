#pragma once

#include <functional>
#include <string>
#include <vector>

namespace labctl::tunnels {

// What is known of a node as a way for one forward.
enum class Way {
  open,     // its session is up, and the remote end did not fail there lately
  unknown,  // still connecting for the first time
  closed,
};

// Which node carries a forward. Stays with `current` as long as it works or has not been decided, so that
// nothing moves without need; else the next one in `via`, round the ring, that works. With none, `current`
// keeps it. `current` may be empty: nobody carries it yet.
std::string choose_node(const std::vector<std::string>& via, const std::string& current,
                        const std::function<Way(const std::string&)>& way);

}  // namespace labctl::tunnels
