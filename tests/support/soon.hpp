#pragma once

#include "base/deadline.hpp"

namespace labctl::test {

// Enough time for everything that works, even on a busy machine.
inline Deadline soon() { return Deadline::in(std::chrono::seconds(10)); }

}  // namespace labctl::test
