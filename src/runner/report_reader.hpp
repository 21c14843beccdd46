#pragma once

#include "runner/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// Parses results.json (format: reports.hpp). The input is untrusted: another version of labctl wrote it, or
// an editor. Unknown keys are skipped; a missing key, or one of another type, is an error.
namespace labctl::runner {

// The run in a results.json; `where` names it in messages. A comparison with a baseline in it is ignored.
// Error{invalid}: not JSON, with line and column; not a report, with the place in it ("/scenarios/0/outcome")
// and what was expected there; a report of another format.
RunResult parse_report(std::string_view text, const std::string& where);

// A results.json, or the one in a folder. Error{not_found} if there is none.
RunResult read_report(const std::filesystem::path& file_or_folder);

// Names of the scenarios that did not pass, each once.
std::vector<std::string> failed_scenarios(const RunResult& run);

}  // namespace labctl::runner
