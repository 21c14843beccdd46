#pragma once

#include <functional>
#include <vector>

namespace labctl::runner {

// Runs all steps in order, even if earlier ones threw. Then throws the first exception, as a CheckFailed or
// an Error, with the texts of the later ones appended. Only Error{interrupted} is passed on at once, because
// the user wants the run to end.
void run_every(const std::vector<std::function<void()>>& steps);

}  // namespace labctl::runner
