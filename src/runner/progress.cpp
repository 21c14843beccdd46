#include "runner/progress.hpp"

#include "base/table.hpp"
#include "runner/run_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace labctl::runner {
namespace {

constexpr std::size_t longest_title = 28;

std::string whole_seconds(Progress::Clock::duration time) {
  return fmt::format("{} s", std::chrono::floor<std::chrono::seconds>(time).count());
}

}  // namespace

Progress::Progress(Printer& printer, Screen& screen, const ExpectedTimes& times, Now now)
    : printer_(printer), screen_(screen), times_(times), now_(std::move(now)), start_(now_()) {}

Progress::~Progress() {
  ticker_ = {};  // ends and joins
  screen_.show({});
}

void Progress::plan(const RunPlan& plan) {
  const std::lock_guard lock(mutex_);
  printer_.plan(plan);
  jobs_ = plan.jobs;
  planned_ = plan.scenarios.size();
  start_ = now_();
  for (const auto& one : plan.scenarios) {
    const auto& scenario = *one.scenario;
    waiting_.push_back({titled(scenario.name, one.attempt), {scenario.name, scenario.disruptive, {}}});
  }
  ticker_ = std::jthread([this](const std::stop_token& stop) { tick(stop); });
}

void Progress::tick(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    ended_.wait_for(lock, stop, std::chrono::seconds{1}, [] { return false; });
    if (!stop.stop_requested()) show();
  }
}

void Progress::scenario_begins(const Running& run) {
  const std::lock_guard lock(mutex_);
  printer_.scenario_begins(run);
  Job job;
  job.scenario = run.scenario.name;
  job.title = titled(run.scenario.name, run.attempt);
  job.alone = run.scenario.disruptive;
  job.since = job.step_since = now_();
  job.of_shoulds = static_cast<int>(run.scenario.shoulds.size());
  const auto place =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& one) { return one.first == job.title; });
  if (place != waiting_.end()) waiting_.erase(place);
  running_[run.number] = std::move(job);
  show();
}

void Progress::step_begins(const Running& run, Phase phase, const Step& step) {
  const std::lock_guard lock(mutex_);
  printer_.step_begins(run, phase, step);
  auto& job = running_[run.number];
  job.phase = phase;
  job.step = step.text;
  job.step_since = now_();
  job.shoulds += phase == Phase::should;
  show();
}

void Progress::step_ends(const Running& run, const StepResult& result) {
  const std::lock_guard lock(mutex_);
  printer_.step_ends(run, result);
}

void Progress::scenario_ends(const Running& run, const ScenarioResult& result) {
  const std::lock_guard lock(mutex_);
  running_.erase(run.number);
  ++has_ended_;
  printer_.scenario_ends(run, result);
  show();
}

void Progress::summary(const RunResult& run, const std::string& report) {
  ticker_ = {};
  const std::lock_guard lock(mutex_);
  screen_.show({});
  printer_.summary(run, report);
}

void Progress::show() { screen_.show(status()); }

std::vector<std::string> Progress::status() const {
  std::size_t title_width = 0;
  for (const auto& [number, job] : running_) title_width = std::max(title_width, columns(job.title));
  std::vector<std::string> lines;
  for (const auto& [number, job] : running_) lines.push_back(line(job, std::min(title_width, longest_title)));
  lines.push_back(total());
  return lines;
}

std::string Progress::line(const Job& job, std::size_t title_width) const {
  const auto title = cut(job.title, title_width);
  auto doing = std::string(to_string(job.phase));
  if (job.phase == Phase::should) doing += fmt::format(" {}/{}", job.shoulds, job.of_shoulds);
  const auto text = "  " + title + std::string(title_width - columns(title), ' ') +
                    fmt::format("  {:<8} {}", doing, job.step);
  const auto end = fmt::format("{:>7}", whole_seconds(now_() - job.step_since));
  const auto room = line_width - 1 - end.size();  // the last column stays free
  const auto left = cut(text, room);
  return left + std::string(room - columns(left), ' ') + end;
}

std::string Progress::total() const {
  const auto now = now_();
  std::vector<Due> running, waiting;
  for (const auto& [number, job] : running_) {
    const auto elapsed = std::chrono::floor<std::chrono::milliseconds>(now - job.since);
    running.push_back({job.scenario, job.alone, elapsed});
  }
  for (const auto& [title, due] : waiting_) waiting.push_back(due);
  auto text = fmt::format("  {} of {} ended, {}", has_ended_, planned_, whole_seconds(now - start_));
  const auto left =
      running.empty() && waiting.empty() ? std::nullopt : remaining(times_, running, waiting, jobs_);
  return left ? text + ", " + left->text() : text;
}

}  // namespace labctl::runner
