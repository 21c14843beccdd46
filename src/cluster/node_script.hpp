#pragma once

#include <string_view>

namespace labctl::cluster {

// The program that looks at a node from inside its Consul container; the file it is made from says what it
// takes and gives.
std::string_view node_script();

}  // namespace labctl::cluster
