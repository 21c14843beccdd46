#pragma once

#include "lab/lab.hpp"
#include "lab/lock.hpp"

#include <string>

namespace labctl::lab {

// Removes what the journal names, then the folder; with the lab's lock held. With `keep_logs` the folder stays, with
// nothing but logs/ in it. Not interruptible by one signal.
void tear_down(const std::string& name, Lock& lock, bool keep_logs);

// The lab's lock, for `up` and `down`.
Lock lock_lab(const std::string& name);

}  // namespace labctl::lab
