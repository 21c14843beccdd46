#pragma once

#include "lab/journal.hpp"
#include "lab/lab.hpp"
#include "lab/lab_paths.hpp"
#include "lab/lock.hpp"

#include <string>
#include <vector>

namespace labctl::lab {

// The entries of the journal; without a journal, everything with the lab's name or in the lab's usual places.
std::vector<Entry> entries_of(const LabPaths& paths);

// Removes these entries, then the folder, while it holds the lab's lock. With `keep_logs` the folder stays,
// with only logs/ in it. One signal does not interrupt it.
void tear_down(const std::string& name, Lock& lock, bool keep_logs);

// The lab's lock, for `up` and `down`.
Lock lock_lab(const std::string& name);

}  // namespace labctl::lab
