#pragma once

#include <functional>
#include <vector>

namespace labctl::runner {

// Runs all the steps in their order, each whatever those before it threw. Then throws what the first of them
// threw that threw at all, a CheckFailed or an Error, with what the later ones threw in its words. Only
// Error{interrupted} goes through at once: a person wants it to end.
void run_every(const std::vector<std::function<void()>>& steps);

}  // namespace labctl::runner
