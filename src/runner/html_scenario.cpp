#include "runner/html_scenario.hpp"

#include "base/text.hpp"
#include "runner/html_text.hpp"
#include "runner/html_timeline.hpp"
#include "runner/run_text.hpp"

#include <fmt/format.h>

namespace labctl::runner {
namespace {

std::string evidence_list(const StepResult& step) {
  std::string rows;
  const auto row = [&](const char* name, const std::string& value) {
    rows += fmt::format("<dt>{}</dt><dd><pre>{}</pre></dd>", name, escaped(value.empty() ? "\"\"" : value));
  };
  if (step.mismatch) {
    row("expected", step.mismatch->expected);
    row("seen", step.mismatch->seen);
    if (!step.mismatch->where.empty()) row("where", step.mismatch->where);
  }
  if (!step.error.empty()) row("error", step.error);
  return rows.empty() ? rows : "<dl class=\"evidence\">" + rows + "</dl>";
}

std::string step_item(const StepResult& step) {
  auto html = fmt::format(
      "<li class=\"step\" data-verdict=\"{0}\" data-change=\"{1}\" data-phase=\"{2}\"><div "
      "class=\"step-line\">"
      "<span class=\"phase\">{2}</span>{3}<span>{4}{5}</span>",
      to_string(step.verdict), to_string(step.compared.change), to_string(step.phase),
      field_of("verdict", to_string(step.verdict)), escaped(step.text), change_field(step.compared));
  if (step.verdict != Verdict::not_run)
    html += fmt::format("<span class=\"time\">{}</span>", in_seconds(step.took));
  html += "</div>" + evidence_list(step);
  if (!step.notes.empty()) html += "<p class=\"notes\">" + escaped(join(step.notes, ", ")) + "</p>";
  return html + "</li>\n";
}

std::string fold(int count, const char* words, const std::string& items) {
  if (count == 0) return {};
  return fmt::format("<details class=\"fold\"><summary>{} {}</summary><ul>\n{}</ul></details>\n",
                     plural(count, "should"), words, items);
}

// Given, because, what is not green, the folded rest, cleanup.
std::string steps_of_page(const ScenarioResult& scenario) {
  std::string before, open, passed, not_run, after;
  int passed_count = 0, not_run_count = 0;
  for (const auto& step : scenario.steps) {
    auto item = step_item(step);
    if (step.phase == Phase::cleanup) {
      after += item;
    } else if (step.phase != Phase::should) {
      before += item;
    } else if (step.verdict == Verdict::passed && step.compared.change != Change::mended) {
      passed += item;
      ++passed_count;
    } else if (step.verdict == Verdict::not_run) {
      not_run += item;
      ++not_run_count;
    } else {
      open += item;
    }
  }
  const auto list = [](const std::string& items) {
    return items.empty() ? "" : "<ul>\n" + items + "</ul>\n";
  };
  return list(before + open) + fold(passed_count, "passed", passed) +
         fold(not_run_count, "not run", not_run) + list(after);
}

std::string attachments_of(const ScenarioResult& scenario) {
  if (scenario.attachments.empty()) return {};
  std::string html = "<div class=\"attachments\">\n";
  bool first = true;
  for (const auto& one : scenario.attachments) {
    html += fmt::format(
        "<details class=\"attachment\"{}><summary>{}</summary><pre tabindex=\"0\">{}</pre></details>\n",
        first ? " open" : "", escaped(one.name), escaped(one.text));
    first = false;
  }
  return html + "</div>\n";
}

std::string post_mortem_of(const ScenarioResult& scenario) {
  if (scenario.post_mortem.empty()) return {};
  return fmt::format(
      "<p>What the cluster held then is in <a href=\"{0}\">{0}</a>: labctl doctor --bundle reads it.</p>\n",
      escaped(scenario.post_mortem));
}

std::string no_verdict(const ScenarioResult& scenario) {
  if (scenario.cluster_lost)
    return "<p>The cluster could not be reached any more: labctl doctor says more.</p>\n";
  if (scenario.outcome != Outcome::unable) return {};
  return "<p>Something that it needs is not free: there is no verdict.</p>\n";
}

}  // namespace

std::string scenario_section(const ScenarioResult& scenario) {
  int shoulds = 0, passed = 0;
  for (const auto& step : scenario.steps) {
    if (step.phase != Phase::should) continue;
    ++shoulds;
    passed += step.verdict == Verdict::passed;
  }
  std::string tags;
  for (const auto& tag : scenario.tags) tags += "<span class=\"tag\">" + escaped(tag) + "</span>";
  const auto attachments = attachments_of(scenario);
  return fmt::format(
      "<details class=\"scenario\" id=\"{}\" data-outcome=\"{}\" data-tags=\"{}\"{}>\n<summary>{}<span "
      "class=\"title\"><h3>{}</h3><span class=\"muted\">{}</span></span><span class=\"tags\">{}</span><span "
      "class=\"count\">{} of {}</span><span class=\"time\">{}</span></summary>\n<div "
      "class=\"body\">\n{}{}<div "
      "class=\"beside{}\"><div>\n{}</div>\n{}</div></div></details>\n",
      anchor_of(scenario), to_string(scenario.outcome), escaped(join(scenario.tags, " ")),
      scenario.outcome == Outcome::passed ? "" : " open", field_of("verdict", to_string(scenario.outcome)),
      escaped(titled(scenario.name, scenario.attempt)), escaped(scenario.summary), tags, passed, shoulds,
      in_seconds(scenario.took), scenario_timeline(scenario), no_verdict(scenario) + post_mortem_of(scenario),
      attachments.empty() ? "" : " two", steps_of_page(scenario), attachments);
}

}  // namespace labctl::runner
