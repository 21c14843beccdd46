#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>

namespace labctl {

// Both ends of a pipe, closed at exec. Error{system} if no descriptors are left.
struct Pipe {
  UniqueFd read, write;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw system_error("cannot make a pipe");
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
};

}  // namespace labctl
