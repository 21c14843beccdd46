#pragma once

#include <string_view>

namespace labctl::cluster {

// The program that looks at a node from inside its Consul container; its source file (node_script.py)
// documents input and output.
std::string_view node_script();

}  // namespace labctl::cluster
