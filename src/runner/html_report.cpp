#include "runner/changes.hpp"
#include "runner/html_scenario.hpp"
#include "runner/html_text.hpp"
#include "runner/html_timeline.hpp"
#include "runner/page_files.hpp"
#include "runner/reports.hpp"
#include "runner/run_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

namespace labctl::runner {
namespace {

std::string items(const std::string& list) {
  return list.empty() ? "" : "<ul class=\"about\">\n" + list + "</ul>\n";
}

std::string item(const std::string& inside) { return "<li>" + inside + "</li>\n"; }

// The page may load nothing, and runs no script but its own.
std::string head_of_page(const PageFile& style, const PageFile& script) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
      "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; "
      "img-src data:; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
      "dark\">\n"
      "<title>labctl test</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>{}</style></head>\n<body>\n",
      style.csp_hash, script.csp_hash, style.text);
}

std::string banner(const RunResult& run) {
  const auto counts = run.counts();
  std::string numbers;
  const auto number = [&](const char* name, const std::string& value, const char* kind = "") {
    numbers += fmt::format("<div><dt>{}</dt><dd class=\"{}\">{}</dd></div>\n", name, kind, value);
  };
  number("scenarios", std::to_string(counts.scenarios));
  number("shoulds", std::to_string(counts.shoulds));
  number("passed", std::to_string(counts.passed));
  number("failed", std::to_string(counts.failed), counts.failed > 0 ? "bad" : "");
  if (counts.errored > 0) number("errored", std::to_string(counts.errored), "warn");
  if (counts.not_run > 0) number("not run", std::to_string(counts.not_run), "warn");
  if (!run.left_out.empty()) number("scenarios left out", std::to_string(run.left_out.size()));
  number("time", in_seconds(run.took));
  const bool good = run.acceptable();
  const auto* verdict = run.interrupted ? "interrupted"
                        : run.passed()  ? "passed"
                        : good          ? "no new red"
                                        : "not passed";
  return fmt::format(
      "<header class=\"run {}\"><h1>labctl test: {}</h1>\n<p class=\"muted\">{} · labctl {}</p>\n<dl "
      "class=\"numbers\">\n{}</dl></header>\n",
      good ? "good" : "bad", verdict, escaped(run.started), escaped(run.labctl), numbers);
}

std::string comparison_of(const RunResult& run) {
  if (!run.comparison) return {};
  const auto& all = *run.comparison;
  auto text = fmt::format("baseline: <strong>{}</strong> against {}", all.text(), escaped(all.name()));
  if (all.scenarios == 0) text += "; none of these scenarios is in it";
  if (all.elsewhere > 0) text += fmt::format("; {} of its scenarios not run now", all.elsewhere);
  std::string list;
  for (const auto change : {Change::new_red, Change::mended}) {
    for (const auto& one : changes(run, change))
      list += item(change_field({change, ""}) + " " + escaped(one.text));
  }
  for (const auto& one : all.gone) list += item("<span class=\"muted\">gone: " + escaped(one) + "</span>");
  return "<section aria-labelledby=\"baseline\"><h2 id=\"baseline\">Baseline</h2>\n<p>" + text + "</p>\n" +
         items(list) + "</section>\n";
}

std::string about(const RunResult& run) {
  std::string list;
  for (const auto& one : run.leaked) list += item(field_of("verdict", "failed") + " leaked: " + escaped(one));
  for (const auto& name : run.flaky()) list += item(field_of("verdict", "flaky") + " " + escaped(name));
  for (const auto& line : run.environment) list += item(escaped(line));
  if (!run.again.empty()) list += item("again: <code>" + escaped(run.again) + "</code>");
  for (const auto& one : run.left_out) {
    list +=
        item("<span class=\"muted\">left out: " + escaped(one.name) + ": " + escaped(one.why) + "</span>");
  }
  return list.empty() ? "" : "<section aria-label=\"About this run\">\n" + items(list) + "</section>\n";
}

// Every scenario that did not pass, with its first red step.
std::string reds(const RunResult& run) {
  std::string list;
  for (const auto& scenario : run.scenarios) {
    if (scenario.outcome == Outcome::passed) continue;
    std::string text;
    int more = 0;
    for (const auto& step : scenario.steps) {
      if (!step.red()) continue;
      if (text.empty()) {
        text = escaped(fmt::format("{} {}", to_string(step.phase), step.text)) + " " +
               change_field(step.compared);
      } else {
        ++more;
      }
    }
    if (more > 0) text += fmt::format(" <span class=\"muted\">and {} more</span>", more);
    list += fmt::format("<li>{}<span><a href=\"#{}\">{}</a> {}</span></li>\n",
                        field_of("verdict", to_string(scenario.outcome)), anchor_of(scenario),
                        escaped(titled(scenario.name, scenario.attempt)), text);
  }
  if (list.empty()) return {};
  return "<section aria-labelledby=\"reds\"><h2 id=\"reds\">Not passed</h2>\n<ul class=\"reds\">\n" + list +
         "</ul></section>\n";
}

std::string timeline_of(const RunResult& run) {
  const auto drawing = run_timeline(run);
  if (drawing.empty()) return {};
  return "<section aria-labelledby=\"timeline\"><h2 id=\"timeline\">Timeline</h2>\n" + drawing +
         "</section>\n";
}

// Only what is there can be chosen. report/page.js shows the form.
std::string filter(const RunResult& run) {
  std::set<std::string_view> marks;
  std::set<std::string> tags;
  for (const auto& scenario : run.scenarios) {
    marks.insert(to_string(scenario.outcome));
    tags.insert(scenario.tags.begin(), scenario.tags.end());
    for (const auto& step : scenario.steps) {
      marks.insert(to_string(step.verdict));
      marks.insert(to_string(step.compared.change));
    }
  }
  std::string boxes, options;
  for (const std::string_view mark : {"failed", "errored", "not-run", "unable", "flaky", "interrupted",
                                      "new red", "known red", "mended", "new", "passed"}) {
    if (marks.contains(mark)) {
      boxes += fmt::format(
          "<label class=\"chip\"><input type=\"checkbox\" name=\"mark\" value=\"{0}\">{0}</label>\n", mark);
    }
  }
  for (const auto& tag : tags) options += "<option>" + escaped(tag) + "</option>\n";
  return "<form class=\"filter\" id=\"filter\" role=\"search\" aria-label=\"Filter\" hidden>\n<label "
         "class=\"field\">Text <input type=\"search\" name=\"text\" autocomplete=\"off\"></label>\n<label "
         "class=\"field\">Tag <select name=\"tag\"><option value=\"\">all</option>\n" +
         options + "</select></label>\n<fieldset><legend>Verdict</legend>\n" + boxes +
         "</fieldset>\n<button type=\"reset\">Reset</button>\n<button type=\"button\" id=\"open-all\">Open "
         "all</button>\n<button type=\"button\" id=\"close-all\">Close all</button>\n<output id=\"count\" "
         "for=\"filter\"></output>\n</form>\n";
}

// The longest first, to show where the time is spent.
std::string times(const RunResult& run) {
  auto html = fmt::format(
      "<section aria-labelledby=\"times\"><h2 id=\"times\">Times</h2>\n<p>total {} · sum of scenarios {} · "
      "jobs {} "
      "· seed {}</p>\n<details><summary>Scenarios, the slowest first</summary>\n<table><thead><tr><th "
      "scope=\"col\" class=\"number\">started as</th><th scope=\"col\">scenario</th><th "
      "scope=\"col\">verdict</th><th scope=\"col\">slot</th><th scope=\"col\" "
      "class=\"number\">time</th></tr></thead><tbody>\n",
      in_seconds(run.took), in_seconds(run.sum_of_scenarios()), run.jobs, run.seed);
  for (const auto* one : run.slowest(run.scenarios.size())) {
    html += fmt::format(
        "<tr><td class=\"number\">{}</td><td><a href=\"#{}\">{}</a></td><td>{}</td><td>{}</td><td "
        "class=\"number\">{}</td></tr>\n",
        one->number, anchor_of(*one), escaped(titled(one->name, one->attempt)), to_string(one->outcome),
        escaped(one->mark), in_seconds(one->took));
  }
  return html + "</tbody></table></details></section>\n";
}

}  // namespace

std::string html_page(const RunResult& run) {
  const auto style = page_style();
  const auto script = page_script();
  auto html = head_of_page(style, script) +
              "<a class=\"skip\" href=\"#scenarios\">Skip to the scenarios</a>\n" + banner(run) + "<main>\n" +
              about(run) + reds(run) + comparison_of(run) + timeline_of(run) +
              "<section aria-labelledby=\"scenarios\"><h2 id=\"scenarios\">Scenarios</h2>\n" + filter(run);
  for (const auto& scenario : run.scenarios) html += scenario_section(scenario);
  return html + "</section>\n" + times(run) + "</main>\n<script>" + std::string(script.text) +
         "</script>\n</body></html>\n";
}

}  // namespace labctl::runner
