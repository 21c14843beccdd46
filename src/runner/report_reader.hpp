#pragma once

#include "runner/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// results.json read back (reports.hpp has its format). The bytes are foreign: another version of labctl wrote
// them, or an editor. Keys that are not known are passed over; a key that is missing or of another type is
// refused.
namespace labctl::runner {

// The run of a results.json; `where` names it in messages. What a baseline said of that run is not read.
// Error{invalid}: not JSON, with line and column; not a report, with the place in it ("/scenarios/0/outcome")
// and what was expected there; a report of another format.
RunResult parse_report(std::string_view text, const std::string& where);

// A results.json, or the one in a folder. Error{not_found} if there is none.
RunResult read_report(const std::filesystem::path& file_or_folder);

// Names of the scenarios that did not pass, each once.
std::vector<std::string> failed_scenarios(const RunResult& run);

}  // namespace labctl::runner
