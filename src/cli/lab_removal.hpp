#pragma once

#include <string>

namespace labctl::cli {

struct Context;

// Closes the lab's tunnels, which are useless without the lab and cannot be named without its inventory. Then
// removes the lab as lab::down does. False if there was no such lab.
bool remove_lab(const std::string& name, const Context& context);

}  // namespace labctl::cli
