#pragma once

#include <functional>
#include <string>
#include <vector>

namespace labctl::tunnels {

// The state of a node as a carrier of one forward.
enum class Way {
  open,     // its session is up, and the remote end did not fail there recently
  unknown,  // still connecting for the first time
  closed,
};

// Which node carries a forward. `current` keeps it while it works or is still unknown, so that no forward
// moves needlessly; else the next working node in `via`, cyclically. If none works, `current` keeps it.
// `current` may be empty: no node carries it yet.
std::string choose_node(const std::vector<std::string>& via, const std::string& current,
                        const std::function<Way(const std::string&)>& way);

}  // namespace labctl::tunnels
