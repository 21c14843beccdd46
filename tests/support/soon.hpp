#pragma once

#include "base/deadline.hpp"

namespace labctl::test {

// Time enough for anything that is not broken, on a busy machine too.
inline Deadline soon() { return Deadline::in(std::chrono::seconds(10)); }

}  // namespace labctl::test
