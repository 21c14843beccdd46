#pragma once

#include <string>

namespace labctl::cli {

struct Context;

// Closes the lab's tunnels, which lead nowhere once it is gone and which nobody could name without its
// inventory, then takes it down as lab::down does. False if there was no such lab.
bool remove_lab(const std::string& name, const Context& context);

}  // namespace labctl::cli
