#pragma once

#include "cluster/activity.hpp"
#include "contract/names.hpp"

#include <optional>
#include <string>
#include <vector>

namespace labctl::cli {

// Converts what a wait sees of one event into progress lines for the user, each fact once. No I/O.
class AppProgress {
public:
  // `event`: "deploy"; `apps`: the affected apps; `all_lines`: include lines of handler logs about them that
  // are neither errors nor warnings.
  AppProgress(std::string event, std::vector<contract::AppName> apps, bool all_lines);

  // The line for this happening, nullopt if it has nothing new.
  std::optional<std::string> line(const cluster::Happening& happening);

  const std::string& event_id() const { return event_id_; }  // "" until it is fired

private:
  std::optional<std::string> key_line(const std::optional<std::string>& value);
  std::optional<std::string> log_line(const std::string& node, const std::string& line) const;

  std::string event_;
  std::vector<contract::AppName> apps_;
  bool all_lines_;
  std::string event_id_;
  std::optional<bool> maintenance_;
  bool key_there_ = false;
  bool published_ = false;
};

}  // namespace labctl::cli
