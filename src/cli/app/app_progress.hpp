#pragma once

#include "cluster/activity.hpp"
#include "contract/names.hpp"

#include <optional>
#include <string>
#include <vector>

namespace labctl::cli {

// Turns what a wait sees of one event into the lines a person wants to read, each thing once. No I/O.
class AppProgress {
public:
  // `event`: "deploy"; `apps`: those it concerns; `all_lines`: also what handlers log of them that is no
  // error.
  AppProgress(std::string event, std::vector<contract::AppName> apps, bool all_lines);

  // The line for this happening, nullopt if there is nothing new to say.
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
