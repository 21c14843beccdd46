#include "base/text.hpp"
#include "runner/changes.hpp"
#include "runner/reports.hpp"
#include "runner/run_text.hpp"

#include <fmt/format.h>

namespace labctl::runner {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

constexpr std::string_view style = R"(
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:2rem 0 .3rem}
table{border-collapse:collapse;width:100%}td{padding:.15rem .6rem .15rem 0;vertical-align:top}
td.time{text-align:right;color:#777;white-space:nowrap}td.phase{color:#777;width:5rem}.note{color:#777}
.passed{color:#176f2c}.failed,.errored,.unable,.flaky{color:#b3261e}.not-run,.interrupted{color:#8a6d00}
pre{margin:.2rem 0 .6rem;padding:.4rem .6rem;background:#f6f1f0;white-space:pre-wrap}
.change{font-size:.8em;padding:0 .4em;border-radius:.6em;white-space:nowrap}
.new-red{background:#b3261e;color:#fff}.known-red{background:#f0e2b8;color:#222}
.mended{background:#bfe5c9;color:#111}.new{background:#d3e3f7;color:#111}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}pre{background:#2a2322}
.new-red{background:#8c1d18;color:#fff}.known-red{background:#5c4a1f;color:#eee}
.mended{background:#1f5c33;color:#fff}.new{background:#2b4a6f;color:#fff}
.passed{color:#6fcf85}.failed,.errored,.unable,.flaky{color:#ff8a80}.not-run,.interrupted{color:#e0c060}}
)";

std::string details(const StepResult& step) {
  std::string text;
  if (step.mismatch) {
    text = fmt::format("expected  {}\nseen      {}", step.mismatch->expected, step.mismatch->seen);
    if (!step.mismatch->where.empty()) text += "\nwhere     " + step.mismatch->where;
  }
  if (!step.error.empty()) text += (text.empty() ? "" : "\nerror     ") + step.error;
  auto html = text.empty() ? text : "<pre>" + escaped(text) + "</pre>";
  if (!step.notes.empty()) html += " <span class=\"note\">" + escaped(join(step.notes, ", ")) + "</span>";
  return html;
}

// The change as a word in a coloured field; "" if there is none.
std::string badge(const Compared& compared) {
  if (compared.change == Change::none) return {};
  const std::string word(to_string(compared.change));
  return fmt::format(" <span class=\"change {}\">{}</span>", replace_all(word, " ", "-"), word) +
         (compared.remark.empty() ? "" : " <span class=\"note\">" + escaped(compared.remark) + "</span>");
}

std::string comparison_of(const RunResult& run) {
  if (!run.comparison) return {};
  const auto& all = *run.comparison;
  auto html = fmt::format("<p>baseline: <strong>{}</strong> against {}", all.text(), escaped(all.name()));
  if (all.scenarios == 0) html += "; none of these scenarios is in it";
  if (all.elsewhere > 0) html += fmt::format("; {} of its scenarios not run now", all.elsewhere);
  html += "</p>\n";
  for (const auto change : {Change::new_red, Change::mended}) {
    for (const auto& one : changes(run, change))
      html += "<p>" + badge({change, ""}) + " " + escaped(one.text) + "</p>\n";
  }
  for (const auto& one : all.gone) html += "<p class=\"note\">gone: " + escaped(one) + "</p>\n";
  return html;
}

std::string attempt_of(const ScenarioResult& scenario) {
  return scenario.attempt > 1 ? fmt::format(" #{}", scenario.attempt) : "";
}

std::string rows(const ScenarioResult& scenario) {
  std::string html;
  for (const auto& step : scenario.steps) {
    html += fmt::format(
        "<tr><td class=\"phase\">{}</td><td><span class=\"{}\">{}</span> {}{}{}</td><td "
        "class=\"time\">{}</td></tr>\n",
        to_string(step.phase), to_string(step.verdict), to_string(step.verdict), escaped(step.text),
        badge(step.compared), details(step), in_seconds(step.took));
  }
  return html;
}

// The longest first, to show where the time is spent.
std::string times(const RunResult& run) {
  auto html = fmt::format("<p>total {} · sum of scenarios {} · jobs {} · seed {}</p>\n<table>\n",
                          in_seconds(run.took), in_seconds(run.sum_of_scenarios()), run.jobs, run.seed);
  for (const auto* one : run.slowest(run.scenarios.size())) {
    html += fmt::format(
        "<tr><td class=\"phase\">{}</td><td><span class=\"{}\">{}</span> {}{}</td><td "
        "class=\"phase\">{}</td><td class=\"time\">{}</td></tr>\n",
        one->number, to_string(one->outcome), to_string(one->outcome), escaped(one->name), attempt_of(*one),
        escaped(one->mark), in_seconds(one->took));
  }
  return html + "</table>\n";
}

}  // namespace

std::string html_page(const RunResult& run) {
  const auto counts = run.counts();
  auto html = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>labctl test</title>"
      "<meta name=\"viewport\" content=\"width=device-width\"><style>{}</style></head><body>\n"
      "<h1>labctl test: <span class=\"{}\">{}</span></h1>\n"
      "<p>{} · {} scenarios, {} shoulds: {} passed, {} failed, {} errored, {} not run · {}</p>\n",
      style, run.passed() ? "passed" : "failed", run.passed() ? "passed" : "not passed", escaped(run.started),
      counts.scenarios, counts.shoulds, counts.passed, counts.failed, counts.errored, counts.not_run,
      in_seconds(run.took));
  for (const auto& line : run.environment) html += "<p>" + escaped(line) + "</p>\n";
  if (!run.again.empty()) html += "<p>again: <code>" + escaped(run.again) + "</code></p>\n";
  for (const auto& one : run.leaked) html += "<p class=\"failed\">leaked: " + escaped(one) + "</p>\n";
  for (const auto& one : run.left_out)
    html += "<p class=\"not-run\">left out: " + escaped(one.name) + ": " + escaped(one.why) + "</p>\n";
  html += comparison_of(run);
  html += times(run);
  for (const auto& scenario : run.scenarios) {
    html += fmt::format("<h2>{}{} <span class=\"{}\">{}</span></h2><p>{} · {}</p>\n<table>\n{}</table>\n",
                        escaped(scenario.name), attempt_of(scenario), to_string(scenario.outcome),
                        to_string(scenario.outcome), escaped(scenario.summary), in_seconds(scenario.took),
                        rows(scenario));
  }
  return html + "</body></html>\n";
}

}  // namespace labctl::runner
