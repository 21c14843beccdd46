#pragma once

#include "lab/journal.hpp"
#include "lab/lab.hpp"
#include "lab/lock.hpp"
#include "lab/places.hpp"

#include <string>
#include <vector>

namespace labctl::lab {

// What the journal says; without a journal, all that bears the lab's name or lies where it keeps such things.
std::vector<Entry> entries_of(const Places& places);

// Removes these entries, then the folder; with the lab's lock held. With `keep_logs` the folder stays, with
// nothing but logs/ in it. Not interruptible by one signal.
void tear_down(const std::string& name, Lock& lock, bool keep_logs);

// The lab's lock, for `up` and `down`.
Lock lock_lab(const std::string& name);

}  // namespace labctl::lab
