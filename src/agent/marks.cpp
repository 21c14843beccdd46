#include "agent/marks.hpp"

#include <nlohmann/json.hpp>

namespace labctl::agent {

using Json = nlohmann::json;

std::string to_text(const Mark& mark) {
  Json json{{"event", mark.event_id}, {"snapshots", mark.snapshots}};
  if (mark.heard) json["heard"] = true;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Mark parse_mark(std::string_view value) {
  Mark mark;
  const Json json = Json::parse(value, nullptr, false);
  if (!json.is_object()) return mark;
  const auto event = json.find("event");
  if (event == json.end() || !event->is_string()) return mark;
  mark.event_id = *event;
  const auto heard = json.find("heard");
  mark.heard = heard != json.end() && *heard == true;
  const auto snapshots = json.find("snapshots");
  if (snapshots == json.end() || !snapshots->is_object()) return mark;
  for (const auto& [volume, name] : snapshots->items()) {
    if (name.is_string()) mark.snapshots[volume] = name;
  }
  return mark;
}

Verdict judge(std::string_view word, const Mark& mark, std::string_view event_id) {
  if (!mark.event_id.empty() && mark.event_id != event_id) return Verdict::stale;
  return word == "failure" ? Verdict::stop : Verdict::go;
}

}  // namespace labctl::agent
