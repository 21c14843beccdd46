#pragma once

#include "runner/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

// A run as files. Texts come from nodes and are escaped where the format needs it.
namespace labctl::runner {

// JUnit XML as CI systems read it: a testsuite a scenario, a testcase a should; given, because and cleanup become
// testcases only when they went wrong. A should that was not run is "skipped", which CI shows but does not count as
// passed.
std::string junit_xml(const RunResult& run);

// Everything that is known of the run; also what --rerun-failed reads.
std::string json_text(const RunResult& run);

// A page that needs no other file.
std::string html_page(const RunResult& run);

// index.html, junit.xml and results.json in a folder, which is made.
void write_reports(const RunResult& run, const std::filesystem::path& folder);

// Names of the scenarios that did not pass in the results.json of a folder. Error{not_found} if there is none,
// Error{invalid} if it does not read as one.
std::vector<std::string> failed_before(const std::filesystem::path& folder);

}  // namespace labctl::runner
