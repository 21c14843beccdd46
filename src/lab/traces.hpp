#pragma once

#include "base/deadline.hpp"
#include "lab/journal.hpp"

#include <string>
#include <vector>

namespace labctl::lab {

// Which of these entries exist now, as text for the user; empty if none.
std::vector<std::string> traces_of(const std::vector<Entry>& entries);

// Removes the objects of the entries; missing ones are not an error. First every process, then the rest in
// reverse order, so that dependent objects are removed first. A tree must be in one of the `allowed` folders;
// otherwise Error{invalid}, and nothing is removed. If one entry fails, the others are still removed; the
// first error is thrown at the end.
void remove_traces(const std::vector<Entry>& entries, const std::vector<std::filesystem::path>& allowed,
                   Deadline deadline);

}  // namespace labctl::lab
