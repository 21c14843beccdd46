#include "cluster/wait_log.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace labctl::cluster {
namespace {

std::string words_of(const Happening& happening) {
  auto value = happening.value.value_or("");
  switch (happening.type) {
    case Happening::Type::app_key:
      return "app key          " + (happening.value ? value : "is absent");
    case Happening::Type::maintenance:
      return std::string("maintenance key  ") + (happening.value ? "is set" : "is absent");
    case Happening::Type::log_line:
      return "handler's log    " + value;
    case Happening::Type::event_taken:
      return "accepted event   " + value;
    case Happening::Type::docker:
      return "engine           " + value;
    case Happening::Type::fired:
      return "we fired         " + value;
    case Happening::Type::event_done:
      return "finished event   " + value;
    case Happening::Type::wait_begins:
      return "we wait for      " + value;
    case Happening::Type::wait_ends:
      return "it came          " + value;
  }
  return value;
}

}  // namespace

void WaitLog::add(const Happening& happening) {
  add(fmt::format("{:<8} {}", happening.node, words_of(happening)));
}

void WaitLog::add(const std::string& line) {
  const auto at = std::chrono::duration<double>(Clock::now() - start_).count();
  const std::lock_guard lock(mutex_);
  if (lines_.size() == most_lines_) {
    lines_.pop_front();
    ++lost_;
  }
  lines_.push_back(fmt::format("{:8.1f} s  {}", at, replace_all(line, "\n", "\\n")));
}

std::string WaitLog::text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  if (lost_ > 0) text = fmt::format("({} earlier lines are not kept)\n", lost_);
  for (const auto& line : lines_) text += line + "\n";
  return text;
}

}  // namespace labctl::cluster
