#pragma once

#include "runner/result.hpp"

#include <filesystem>
#include <string>

// Writes a run to files. Texts come from nodes and are escaped as the format requires.
namespace labctl::runner {

constexpr int report_format = 1;  // of results.json

// JUnit XML as CI systems read it: a testsuite per scenario, a testcase per should; given, because and
// cleanup become testcases only if they failed, or if they differ from a baseline. A should that was not run
// is "skipped", which CI shows but does not count as passed.
//
// With a baseline, a known red is "skipped" too, so that it does not fail a pipeline but stays visible: JUnit
// has no such state, and both GitLab and Jenkins count and list skipped tests separately from passed ones.
// The observation is in the attribute `message`, the only part that Jenkins shows. A should that was not run
// although it passed in the baseline is a failure. For scripts, the change of each testcase is in its
// property "baseline"; CI systems do not show properties.
std::string junit_xml(const RunResult& run);

// results.json: everything that is known about the run; input of --rerun-failed, --baseline and
// `labctl report diff` (report_reader.hpp). One object:
//
//   format             1; changes only if a reader of this format would fail. A new key alone does not change it.
//   labctl             version of the program that ran
//   started            UTC, ISO 8601
//   milliseconds, sum_of_scenarios          of the run; of its scenarios one after another
//   jobs, seed, again, environment, interrupted, passed    see RunResult
//   shoulds            {total, passed, failed, errored, not-run}
//   left_out           [{name, why}]
//   leaked             [text]
//   audited            false: the run did not look for leaks at its end; older reports do not have it
//   baseline           only with --baseline: {against, started, labctl, interrupted, new_red, not_judged, known_red, mended,
//                      new, scenarios, elsewhere, gone, leaked?, acceptable}, see Comparison
//   scenarios          [{name, summary, tags, attempt, number, mark, outcome, milliseconds, post_mortem?, steps,
//                      began?, activities?, attachments?}], one an attempt; post_mortem is a file in the
//                      report's folder
//     steps            [{phase, text, verdict, milliseconds, expected?, seen?, where?, error?, notes?, change?, remark?,
//                      began?}]
//                      `change` beside a baseline: "new red", "known red", "mended", "new"
//     began            milliseconds since the run began; also of steps and activities. Reports of before it was there
//                      do not have it
//     activities       [{kind, node?, event?, began, milliseconds, ended?}], see Activity; `ended` is false or absent
//     attachments      [{name, text}], of a red scenario
//
// Values of phase, verdict, outcome and kind are those of to_string().
std::string json_text(const RunResult& run);

// A self-contained page.
std::string html_page(const RunResult& run);

// Error{usage} if the folder is none and cannot be made, or may not be written. For before a run: it changes
// nothing.
void require_writable(const std::filesystem::path& folder);

// Writes index.html, junit.xml and results.json into a folder, which is created.
void write_reports(const RunResult& run, const std::filesystem::path& folder);

}  // namespace labctl::runner
