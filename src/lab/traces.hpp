#pragma once

#include "base/deadline.hpp"
#include "lab/journal.hpp"

#include <string>
#include <vector>

namespace labctl::lab {

// What of these entries exists now, in words for a person; "" for none.
std::vector<std::string> traces_of(const std::vector<Entry>& entries);

// Removes what the entries name, tolerant of what was never made or is gone: first every process, then the
// rest from the last entry to the first, so that what stands on something else goes first. A tree must lie in
// `allowed` folders; anything else is Error{invalid}, and nothing is removed. Errors of single entries do not
// keep the others from being removed; the first is thrown at the end.
void remove_traces(const std::vector<Entry>& entries, const std::vector<std::filesystem::path>& allowed,
                   Deadline deadline);

}  // namespace labctl::lab
