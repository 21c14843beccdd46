#include "cli/app/app_progress.hpp"

#include "base/error.hpp"
#include "cli/app/app_view.hpp"
#include "cluster/log_lines.hpp"
#include "contract/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace labctl::cli {

using cluster::Happening;

AppProgress::AppProgress(std::string event, std::vector<contract::AppName> apps, bool all_lines)
    : event_(std::move(event)), apps_(std::move(apps)), all_lines_(all_lines) {}

std::optional<std::string> AppProgress::line(const Happening& happening) {
  switch (happening.type) {
    case Happening::Type::fired:
      event_id_ = happening.value.value_or("");
      return fmt::format("fired {} {}", event_, event_id_);
    case Happening::Type::maintenance: {
      const bool on = happening.value.has_value();
      const auto before = std::exchange(maintenance_, on);
      // No change, or a first look without maintenance: no line.
      if (before.value_or(false) == on) return std::nullopt;
      return on ? "maintenance on" : "maintenance off";
    }
    case Happening::Type::app_key:
      return key_line(happening.value);
    case Happening::Type::log_line:
      return log_line(happening.node, happening.value.value_or(""));
    case Happening::Type::event_taken:
    case Happening::Type::event_done:
    case Happening::Type::docker:
    case Happening::Type::wait_begins:
    case Happening::Type::wait_ends:
      break;
  }
  return std::nullopt;
}

std::optional<std::string> AppProgress::key_line(const std::optional<std::string>& value) {
  if (!value) {
    if (!std::exchange(key_there_, false)) return std::nullopt;
    return "removed from the KV store";
  }
  key_there_ = true;
  try {
    const auto record = contract::parse_record(*value);
    if (event_id_.empty() || record.deploy_id != event_id_ || std::exchange(published_, true))
      return std::nullopt;
    return "published: master " + placement_text(record.at);
  } catch (const Error&) {
    return std::nullopt;  // an incomplete record of some handler; if it stays, the wait reports it
  }
}

std::optional<std::string> AppProgress::log_line(const std::string& node, const std::string& line) const {
  const bool matters = std::any_of(apps_.begin(), apps_.end(), [&](const auto& app) {
    return cluster::is_error_about(line, app, event_id_) || cluster::is_warning_about(line, app, event_id_);
  });
  const bool concerns_us = std::any_of(apps_.begin(), apps_.end(), [&](const auto& app) {
    return line.find(app.app) != std::string::npos || line.find(app.project) != std::string::npos;
  });
  if (matters || (all_lines_ && concerns_us)) return fmt::format("{} logged: {}", node, line);
  return std::nullopt;
}

}  // namespace labctl::cli
