#include "runner/html_timeline.hpp"

#include "base/text.hpp"
#include "runner/html_text.hpp"
#include "runner/run_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace labctl::runner {
namespace {

using std::chrono::milliseconds;

constexpr int bar_height = 14, thin_bar_height = 7, axis_height = 16;

// From when to when a timeline is.
struct Frame {
  milliseconds begin{0}, end{0};

  double percent(milliseconds at) const {
    const auto whole = static_cast<double>(std::max<std::int64_t>((end - begin).count(), 1));
    return std::clamp(100 * static_cast<double>((at - begin).count()) / whole, 0.0, 100.0);
  }
};

struct Bar {
  std::string kind;  // its class
  milliseconds begin{0}, took{0};
  std::string title;
};

std::string bar(const Frame& frame, const Bar& one, int y, int height) {
  constexpr double narrowest = 0.15;  // percent: a bar that takes no time is still to be seen
  const auto x = frame.percent(one.begin);
  const auto width = std::max(frame.percent(one.begin + one.took) - x, narrowest);
  return fmt::format(
      "<rect class=\"bar {}\" x=\"{:.2f}%\" width=\"{:.2f}%\" y=\"{}\" height=\"{}\" "
      "rx=\"1.5\"><title>{}</title>"
      "</rect>",
      one.kind, x, width, y, height, escaped(one.title));
}

// `label`: what the drawing shows, for those who do not see it; "" if it has links, which have their own.
std::string lane(const std::string& name, const std::string& label, int height, const std::string& inside) {
  return fmt::format(
      "<div class=\"lane\"><span class=\"lane-name\">{}</span><svg class=\"track\" height=\"{}\"{}>"
      "<rect class=\"ground\" width=\"100%\" height=\"{}\" rx=\"3\"/>{}</svg></div>\n",
      escaped(name), height, label.empty() ? "" : " role=\"img\" aria-label=\"" + escaped(label) + "\"",
      height, inside);
}

// Marks at round times, from the beginning of the frame.
std::string axis(const Frame& frame) {
  constexpr int most_marks = 8;
  const auto whole = (frame.end - frame.begin).count();
  std::int64_t distance = 1000;
  for (const std::int64_t seconds : {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400}) {
    distance = seconds * 1000;
    if (whole / distance <= most_marks) break;
  }
  std::string marks;
  for (std::int64_t at = 0; at <= whole; at += distance) {
    const auto x = frame.percent(frame.begin + milliseconds(at));
    // A text near the right end would be outside.
    const auto* anchor = at == 0 ? "start" : x > 95 ? "end" : "middle";
    marks += fmt::format("<text x=\"{:.2f}%\" y=\"{}\" text-anchor=\"{}\">{} s</text>", x, axis_height - 4,
                         anchor, at / 1000);
  }
  return fmt::format(
      "<div class=\"lane\" aria-hidden=\"true\"><span></span><svg class=\"track\" "
      "height=\"{}\">{}</svg></div>\n",
      axis_height, marks);
}

// The steps of a scenario as bars; its shoulds as one.
std::vector<Bar> step_bars(const ScenarioResult& scenario) {
  std::vector<Bar> bars;
  int count = 0, red = 0;
  for (const auto& step : scenario.steps) {
    if (!step.began) continue;
    if (step.phase != Phase::should) {
      const std::string phase(to_string(step.phase));
      bars.push_back({phase + (step.red() ? " red" : ""), *step.began, step.took,
                      fmt::format("{}: {} {}, {}", scenario.name, phase, step.text, in_seconds(step.took))});
      continue;
    }
    ++count;
    red += step.red();
    if (count == 1) bars.push_back({"shoulds", *step.began, {}, {}});
    auto& all = bars.back();
    all.took = *step.began + step.took - all.begin;
    all.kind = red > 0 ? "shoulds red" : "shoulds";
    all.title =
        fmt::format("{}: {}, {} red, {}", scenario.name, plural(count, "should"), red, in_seconds(all.took));
  }
  return bars;
}

Bar activity_bar(const ScenarioResult& scenario, const Activity& activity) {
  const std::string kind(to_string(activity.kind));
  const auto what = activity.kind == Activity::Kind::handler ? "handler on " + activity.node : kind;
  return {kind + (activity.ended ? "" : " open"), activity.began, activity.took,
          fmt::format("{}: {}, {}{}", scenario.name, what, in_seconds(activity.took),
                      activity.ended ? "" : ", its end was not seen")};
}

std::vector<std::string> nodes_of(const std::vector<const ScenarioResult*>& scenarios) {
  std::vector<std::string> nodes;
  for (const auto* one : scenarios) {
    for (const auto& activity : one->activities) {
      if (activity.kind == Activity::Kind::handler) nodes.push_back(activity.node);
    }
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

// A lane for each node with a handler's work and one for maintenance windows. `row_of` gives each scenario a
// row in these lanes.
template <typename RowOf>
std::string cluster_lanes(const Frame& frame, const std::vector<const ScenarioResult*>& scenarios, int rows,
                          RowOf row_of) {
  const auto row_height = rows > 1 ? thin_bar_height : bar_height;
  const auto lane_of = [&](const std::string& name, Activity::Kind kind, const std::string& node) {
    std::string bars;
    int count = 0;
    milliseconds took{0};
    for (const auto* scenario : scenarios) {
      for (const auto& one : scenario->activities) {
        if (one.kind != kind || one.node != node) continue;
        bars += bar(frame, activity_bar(*scenario, one), row_of(*scenario) * row_height + 1, row_height - 2);
        ++count;
        took += one.took;
      }
    }
    const auto label = name + ": " + plural(count, kind == Activity::Kind::handler ? "event" : "time") +
                       ", " + in_seconds(took) + " together";
    return count == 0 ? "" : lane(name, label, rows * row_height, bars);
  };
  std::string lanes;
  for (const auto& node : nodes_of(scenarios)) lanes += lane_of(node, Activity::Kind::handler, node);
  return lanes + lane_of("maintenance", Activity::Kind::maintenance, "");
}

std::string figure(const std::string& label, const std::string& lanes) {
  std::string legend;
  for (const auto& [kind, words] : {std::pair{"given", "given"},
                                    {"because", "because"},
                                    {"shoulds", "shoulds"},
                                    {"red", "red"},
                                    {"cleanup", "cleanup"},
                                    {"handler", "a node's handler works"},
                                    {"maintenance", "maintenance"}}) {
    legend += fmt::format(
        "<span><svg aria-hidden=\"true\"><rect class=\"bar {}\" width=\"100%\" height=\"100%\" "
        "rx=\"2\"/></svg>{}</span>",
        kind, words);
  }
  return fmt::format(
      "<figure class=\"timeline\" aria-label=\"{}\">\n{}<div class=\"legend\">{}</div></figure>\n",
      escaped(label), lanes, legend);
}

}  // namespace

std::string run_timeline(const RunResult& run) {
  std::vector<const ScenarioResult*> scenarios;
  Frame frame{{}, run.took};
  for (const auto& one : run.scenarios) {
    if (!one.began) continue;
    scenarios.push_back(&one);
    frame.end = std::max(frame.end, *one.began + one.took);
  }
  if (scenarios.empty()) return {};
  // A scenario takes the first job that is free when it begins.
  std::stable_sort(scenarios.begin(), scenarios.end(),
                   [](const auto* a, const auto* b) { return *a->began < *b->began; });
  std::vector<milliseconds> free;
  std::vector<std::string> jobs;
  std::map<const ScenarioResult*, int> job_of;
  for (const auto* one : scenarios) {
    auto job = std::find_if(free.begin(), free.end(), [&](milliseconds end) { return end <= *one->began; });
    if (job == free.end()) {
      job = free.insert(free.end(), milliseconds{});
      jobs.emplace_back();
    }
    *job = *one->began + one->took;
    const auto number = job - free.begin();
    job_of[one] = static_cast<int>(number);
    std::string bars;
    for (const auto& step : step_bars(*one)) bars += bar(frame, step, 1, bar_height - 2);
    jobs[static_cast<std::size_t>(number)] +=
        fmt::format("<a href=\"#{}\" aria-label=\"{}\">{}</a>", anchor_of(*one),
                    escaped(fmt::format("{}: {}, {}", titled(one->name, one->attempt),
                                        to_string(one->outcome), in_seconds(one->took))),
                    bars);
  }
  std::string lanes;
  for (std::size_t i = 0; i < jobs.size(); ++i)
    lanes += lane(fmt::format("job {}", i + 1), "", bar_height, jobs[i]);
  lanes += cluster_lanes(frame, scenarios, static_cast<int>(jobs.size()),
                         [&](const ScenarioResult& one) { return job_of.at(&one); });
  return figure("Jobs and nodes during the run", lanes + axis(frame));
}

std::string scenario_timeline(const ScenarioResult& scenario) {
  if (!scenario.began || scenario.took <= milliseconds{0}) return {};
  const Frame frame{*scenario.began, *scenario.began + scenario.took};
  std::string bars;
  for (const auto& step : step_bars(scenario)) bars += bar(frame, step, 1, bar_height - 2);
  int events = 0;
  for (const auto& one : scenario.activities) {
    if (one.kind != Activity::Kind::event) continue;
    ++events;
    const auto x = frame.percent(one.began);
    bars += fmt::format(
        "<line class=\"event\" x1=\"{0:.2f}%\" x2=\"{0:.2f}%\" y1=\"-2\" y2=\"{1}\"><title>event "
        "{2}</title></line>",
        x, bar_height + 2, escaped(one.event));
  }
  const auto label = fmt::format("steps of {}, {} fired", scenario.name, plural(events, "event"));
  return figure("What happened when",
                lane("steps", label, bar_height, bars) +
                    cluster_lanes(frame, {&scenario}, 1, [](const ScenarioResult&) { return 0; }) +
                    axis(frame));
}

}  // namespace labctl::runner
