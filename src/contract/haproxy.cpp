#include "contract/haproxy.hpp"

#include "base/error.hpp"
#include "contract/yaml.hpp"

#include <algorithm>
#include <optional>

namespace labctl::contract {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse_service(const std::string& service, const std::string& what) {
  throw Error(Kind::invalid, what, "HAPROXY of service " + service);
}

bool shared(const std::string& name) { return name == "http-in" || name == "https-in"; }

void unite(Json& into, const Json& list) {
  if (!into.is_array()) into = Json::array();
  for (const auto& item : list) {
    if (std::find(into.begin(), into.end(), item) == into.end()) into.push_back(item);
  }
}

void join_entry(Json& first, const Json& later, const HaproxyText& text, const std::string& name) {
  const auto frontend = later.find("frontend");
  if (frontend != later.end() && frontend->is_object()) {
    for (const char* field : {"bind", "options"}) {
      const auto list = frontend->find(field);
      if (list == frontend->end() || !list->is_array()) continue;
      if (!first.contains("frontend") || !first["frontend"].is_object()) {
        refuse_service(text.service,
                       "'" + name + "' gives '" + field + "', but its first definition has no frontend");
      }
      unite(first["frontend"][field], *list);
    }
  }
  for (const auto& backend : later["backends"]) first["backends"].push_back(backend);
}

Json checked_entry(const Json& entry, const HaproxyText& text, const std::string& name) {
  if (!entry.is_object()) refuse_service(text.service, "'" + name + "' is not a mapping");
  Json result = entry;
  const auto backends = result.find("backends");
  if (backends == result.end() || !backends->is_array())
    refuse_service(text.service, "'" + name + "' has no backends");
  for (auto& backend : *backends) {
    if (!backend.is_object()) refuse_service(text.service, "a backend of '" + name + "' is not a mapping");
    backend["ct"] = text.container;
  }
  return result;
}

std::optional<Json> parsed(const HaproxyText& text, std::vector<std::string>& warnings) {
  if (!text.value.is_string()) {
    warnings.push_back("HAPROXY of service " + text.service + " is not text, ignored");
    return std::nullopt;
  }
  try {
    return parse_yaml(text.value.get_ref<const std::string&>(), "HAPROXY of service " + text.service);
  } catch (const Error& error) {
    warnings.push_back(error.line() + ", ignored");
    return std::nullopt;
  }
}

// Whether the value is one word that HAProxy accepts as a section or server name.
bool one_word(const Json& value) {
  return value.is_string() && !value.get_ref<const std::string&>().empty() &&
         value.get_ref<const std::string&>().find_first_of(" \t\r\n#\"'\\") == std::string::npos;
}

bool one_line(const Json& value) {
  return value.is_string() && value.get_ref<const std::string&>().find_first_of("\r\n") == std::string::npos;
}

bool port(const Json& value) {
  return value.is_number_unsigned() || value.is_number_integer() || one_word(value);
}

void check_lines(const Json& owner, const char* field, const std::string& where,
                 std::vector<std::string>& problems) {
  const auto list = owner.find(field);
  if (list == owner.end() || list->is_null()) return;
  if (!list->is_array() || !std::all_of(list->begin(), list->end(), one_line)) {
    problems.push_back(where + ": '" + field + "' is not a list of lines");
  }
}

}  // namespace

HaproxyMerge merge_haproxy(const std::vector<HaproxyText>& texts) {
  HaproxyMerge merge;
  for (const auto& text : texts) {
    const auto map = parsed(text, merge.warnings);
    if (!map) continue;
    if (!map->is_object()) refuse_service(text.service, "the YAML is not a mapping");
    for (const auto& [name, entry] : map->items()) {
      const Json later = checked_entry(entry, text, name);
      if (merge.config.contains(name)) {
        join_entry(merge.config[name], later, text, name);
      } else {
        merge.config[name] = later;
      }
    }
  }
  return merge;
}

std::vector<std::string> haproxy_problems(const Json& config) {
  std::vector<std::string> problems;
  for (const auto& [name, entry] : config.items()) {
    const std::string where = "HAPROXY '" + name + "'";
    if (!one_word(Json(name))) problems.push_back(where + ": the name is not one word");
    if (!shared(name)) {
      const Json frontend = entry.value("frontend", Json::object());
      if (!frontend.is_object() || !one_word(frontend.value("mode", Json()))) {
        problems.push_back(where + ": no frontend mode");
      } else {
        check_lines(frontend, "options", where, problems);
        const Json bind = frontend.value("bind", Json());
        if (!bind.is_array() || bind.empty() || !std::all_of(bind.begin(), bind.end(), one_line)) {
          problems.push_back(where + ": no list of binds");
        }
      }
    }
    for (const auto& backend : entry.at("backends")) {
      if (!port(backend.value("port", Json()))) problems.push_back(where + ": a backend without port");
      if (!port(backend.value("peer_port", Json())))
        problems.push_back(where + ": a backend without peer_port");
      if (backend.contains("name") && !one_word(backend["name"])) {
        problems.push_back(where + ": a backend name that is not one word");
      }
      for (const char* field : {"use_backend_option", "server_option"}) {
        if (backend.contains(field) && !backend[field].is_null() && !one_line(backend[field])) {
          problems.push_back(where + ": '" + field + "' is not one line");
        }
      }
      check_lines(backend, "options", where, problems);
    }
  }
  return problems;
}

}  // namespace labctl::contract
