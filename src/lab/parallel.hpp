#pragma once

#include <functional>
#include <string>
#include <vector>

namespace labctl::lab {

// A task, and the subject for its errors ("core3").
struct NodeWork {
  std::string where;
  std::function<void()> work;
};

// Runs all tasks in parallel, one thread each, and waits for all. Rethrows the first error (in the order
// given; an interrupt only if there is no other error) with the task's `where` before its own. An interrupt
// shield of the caller applies to the threads as well.
void in_parallel(const std::vector<NodeWork>& tasks, bool shielded = false);

}  // namespace labctl::lab
