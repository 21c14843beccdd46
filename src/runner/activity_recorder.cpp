#include "runner/activity_recorder.hpp"

#include "base/text.hpp"
#include "cluster/log_lines.hpp"

#include <algorithm>
#include <utility>

namespace labctl::runner {
namespace {

constexpr std::size_t lines_kept = 200;  // of a node

}  // namespace

ActivityRecorder::ActivityRecorder(Clock::time_point run_began, std::string mark)
    : run_began_(run_began), mark_(std::move(mark)) {}

void ActivityRecorder::note(const cluster::Happening& happening, Clock::time_point now) {
  using Type = cluster::Happening::Type;
  const auto at = std::chrono::floor<std::chrono::milliseconds>(now - run_began_);
  const std::lock_guard lock(mutex_);
  switch (happening.type) {
    case Type::fired:
      fired_.insert(*happening.value);
      activities_.push_back({Activity::Kind::event, "", *happening.value, at, {}, true});
      break;
    case Type::event_taken:
      // Events of other scenarios are not this one's.
      if (!fired_.contains(*happening.value)) break;
      working_[{happening.node, *happening.value}] = activities_.size();
      activities_.push_back({Activity::Kind::handler, happening.node, *happening.value, at, {}, false});
      break;
    case Type::event_done:
      if (const auto place = working_.find({happening.node, *happening.value}); place != working_.end())
        activities_[place->second].ended = true;
      break;
    case Type::log_line:
      note_line(happening.node, *happening.value, at);
      break;
    case Type::maintenance:
      note_maintenance(happening.value.has_value(), at);
      break;
    case Type::app_key:
    case Type::docker:
    case Type::wait_begins:
    case Type::wait_ends:
      break;
  }
}

bool ActivityRecorder::concerns(const std::string& line) const {
  return mark_.empty() || line.find(mark_) != std::string::npos ||
         std::any_of(fired_.begin(), fired_.end(),
                     [&](const std::string& id) { return line.find(id) != std::string::npos; });
}

void ActivityRecorder::note_line(const std::string& node, const std::string& line,
                                 std::chrono::milliseconds at) {
  // Answers to our questions whether a handler has finished are not its work.
  if (line.find(cluster::barrier_prefix) != std::string::npos || !concerns(line)) return;
  for (auto& [of, place] : working_) {
    auto& activity = activities_[place];
    if (of.first == node && !activity.ended) activity.took = at - activity.began;
  }
  auto& lines = logged_[node];
  if (lines.size() == lines_kept) lines.erase(lines.begin());
  lines.push_back(line);
}

// The key is also read when a wait begins, so the same state can come twice.
void ActivityRecorder::note_maintenance(bool on, std::chrono::milliseconds at) {
  if (on && !maintenance_) {
    maintenance_ = activities_.size();
    activities_.push_back({Activity::Kind::maintenance, "", "", at, {}, false});
  }
  if (!maintenance_) return;
  auto& window = activities_[*maintenance_];
  window.took = at - window.began;
  if (on) return;
  window.ended = true;
  maintenance_.reset();
}

std::vector<Activity> ActivityRecorder::activities() const {
  const std::lock_guard lock(mutex_);
  return activities_;
}

std::vector<Attachment> ActivityRecorder::logs() const {
  const std::lock_guard lock(mutex_);
  std::vector<Attachment> logs;
  for (const auto& [node, lines] : logged_) logs.push_back({"handler's log on " + node, join(lines, "\n")});
  return logs;
}

}  // namespace labctl::runner
