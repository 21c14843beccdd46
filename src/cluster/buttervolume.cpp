#include "cluster/buttervolume.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace labctl::cluster {

std::string Schedule::text() const {
  return fmt::format("{} every {} min of {}{}", action, minutes, volume, paused ? " (paused)" : "");
}

std::vector<Schedule> parse_schedules(std::string_view output) {
  std::vector<Schedule> all;
  for (const auto& line : lines(output)) {
    const auto text = trim(line);
    if (text.empty()) continue;
    const auto words = split(text, ' ');
    Schedule schedule;
    const bool paused = words.size() == 4 && words[3] == "(paused)";
    if (words.size() == 3 || paused) {
      schedule = {words[0], 0, words[2], paused};
      const auto& timer = words[1];
      const auto [end, code] = std::from_chars(timer.data(), timer.data() + timer.size(), schedule.minutes);
      if (code == std::errc{} && end == timer.data() + timer.size()) {
        all.push_back(std::move(schedule));
        continue;
      }
    }
    throw Error(Kind::invalid, "not a line of buttervolume's schedule: \"" + text + "\"");
  }
  return all;
}

std::vector<Snapshot> parse_snapshots(std::string_view output) {
  std::vector<Snapshot> all;
  for (const auto& line : lines(output)) {
    const auto name = trim(line);
    if (name.empty()) continue;
    const auto parts = split(name, '@');
    if (parts.size() < 2 || parts.size() > 3) {
      throw Error(Kind::invalid, "not a name of a buttervolume snapshot: \"" + name + "\"");
    }
    all.push_back({name, parts[0], parts.size() == 3 ? parts[2] : ""});
  }
  return all;
}

}  // namespace labctl::cluster
