#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>

namespace labctl {

// Both ends of a pipe, closed at exec. `flags` are more flags of pipe2(2), such as O_NONBLOCK, for both ends.
// Error{system} if no descriptors are left.
struct Pipe {
  UniqueFd read, write;
  explicit Pipe(int flags = 0) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | flags) != 0) throw system_error("cannot make a pipe");
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
};

}  // namespace labctl
