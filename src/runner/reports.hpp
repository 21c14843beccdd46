#pragma once

#include "runner/result.hpp"

#include <filesystem>
#include <string>

// A run as files. Texts come from nodes and are escaped where the format needs it.
namespace labctl::runner {

constexpr int report_format = 1;  // of results.json

// JUnit XML as CI systems read it: a testsuite per scenario, a testcase per should; given, because and
// cleanup become testcases only when they went wrong, or have something to say beside a baseline. A should
// that was not run is "skipped", which CI shows but does not count as passed.
//
// With a baseline a known red is "skipped" too, so that it does not fail a pipeline and still is seen: JUnit
// has no word for it, and both GitLab and Jenkins count and list skipped tests apart from passed ones. What
// was seen is in the attribute `message`, the only part of it that Jenkins shows. A should that was not run
// although it passed in the baseline is a failure. For scripts, what became of each stands in the property
// "baseline" of its testcase; CI systems show no properties.
std::string junit_xml(const RunResult& run);

// results.json: everything that is known of the run; what --rerun-failed, --baseline and `labctl report diff`
// read (report_reader.hpp). One object:
//
//   format             1; another number where a reader of this one would go wrong. A new key alone does not change it.
//   labctl             version of the program that ran
//   started            UTC, ISO 8601
//   milliseconds, sum_of_scenarios          of the run; of its scenarios one after another
//   jobs, seed, again, environment, interrupted, passed    see RunResult
//   shoulds            {total, passed, failed, errored, not-run}
//   left_out           [{name, why}]
//   leaked             [text]
//   baseline           only with --baseline: {against, started, labctl, interrupted, new_red, not_judged, known_red, mended,
//                      new, scenarios, elsewhere, gone, leaked?, acceptable}, see Comparison
//   scenarios          [{name, summary, tags, attempt, number, mark, outcome, milliseconds, steps}], one an attempt
//     steps            [{phase, text, verdict, milliseconds, expected?, seen?, where?, error?, notes?, change?, remark?}]
//                      `change` beside a baseline: "new red", "known red", "mended", "new"
//
// Words of phase, verdict and outcome are those of to_string().
std::string json_text(const RunResult& run);

// A page that needs no other file.
std::string html_page(const RunResult& run);

// index.html, junit.xml and results.json in a folder, which is made.
void write_reports(const RunResult& run, const std::filesystem::path& folder);

}  // namespace labctl::runner
