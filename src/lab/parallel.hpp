#pragma once

#include <functional>
#include <string>
#include <vector>

namespace labctl::lab {

// A piece of work and whom an error in it is about ("core3").
struct Task {
  std::string where;
  std::function<void()> work;
};

// Runs all at once, a thread each, and waits for all. The first error (in the order given; an interrupt only
// if there is nothing better) is thrown again, with the task's `where` put before its own. An interrupt
// shield of the caller holds in the threads as well.
void in_parallel(const std::vector<Task>& tasks, bool shielded = false);

}  // namespace labctl::lab
