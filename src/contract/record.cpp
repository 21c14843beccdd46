#include "contract/record.hpp"

#include "base/error.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace labctl::contract {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse_record(const std::string& what) { throw Error(Kind::invalid, what, "app record"); }

const Json* field(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> optional_text(const Json& json, const char* name) {
  const Json* value = field(json, name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) refuse_record("field '" + std::string(name) + "' is not a string");
  return value->get<std::string>();
}

std::string text_or_empty(const Json& json, const char* name) {
  return optional_text(json, name).value_or("");
}

std::vector<std::string> texts(const Json& json, const char* name) {
  std::vector<std::string> result;
  const Json* value = field(json, name);
  if (value == nullptr) return result;
  if (!value->is_array()) refuse_record("field '" + std::string(name) + "' is not a list");
  for (const auto& item : *value) {
    if (!item.is_string())
      refuse_record("field '" + std::string(name) + "' has a value that is not a string");
    result.push_back(item.get<std::string>());
  }
  return result;
}

Json nullable(const std::optional<std::string>& value) { return value ? Json(*value) : Json(nullptr); }

}  // namespace

Record parse_record(std::string_view source) {
  const Json json = Json::parse(source, nullptr, false);
  if (json.is_discarded()) refuse_record("not JSON");
  if (!json.is_object()) refuse_record("not a JSON object");
  Record record;
  if (const Json* haproxy = field(json, "haproxy")) {
    if (!haproxy->is_object()) refuse_record("field 'haproxy' is not an object");
    record.haproxy = *haproxy;
  }
  record.caddyfile = text_or_empty(json, "caddyfile");
  record.repo_url = text_or_empty(json, "repo_url");
  record.branch = text_or_empty(json, "branch");
  record.deploy_date = text_or_empty(json, "deploy_date");
  record.deploy_id = text_or_empty(json, "deploy_id");
  record.previous_deploy_id = optional_text(json, "previous_deploy_id");
  record.domains = texts(json, "domains");
  record.urls = text_or_empty(json, "urls");
  record.ip = text_or_empty(json, "ip");
  record.at.master = text_or_empty(json, "master");
  record.at.slave = optional_text(json, "slave");
  if (record.at.slave && record.at.slave->empty()) record.at.slave.reset();
  if (const Json* ct = field(json, "ct")) {
    if (!ct->is_object()) refuse_record("field 'ct' is not an object");
    for (const auto& [service, container] : ct->items()) {
      if (!container.is_string()) refuse_record("field 'ct' has a value that is not a string");
      record.ct.emplace_back(service, container.get<std::string>());
    }
  }
  record.volumes = texts(json, "volumes");
  return record;
}

std::string to_text(const Record& record) {
  Json ct = Json::object();
  for (const auto& [service, container] : record.ct) ct[service] = container;
  Json json = Json::object();
  json["haproxy"] = record.haproxy;
  json["caddyfile"] = record.caddyfile;
  json["repo_url"] = record.repo_url;
  json["branch"] = record.branch;
  json["deploy_date"] = record.deploy_date;
  json["deploy_id"] = record.deploy_id;
  json["previous_deploy_id"] = nullable(record.previous_deploy_id);
  json["domains"] = record.domains;
  json["urls"] = record.urls;
  json["ip"] = record.ip;
  json["master"] = record.at.master;
  json["slave"] = nullable(record.at.slave);
  json["ct"] = ct;
  json["volumes"] = record.volumes;
  // Invalid UTF-8 from a repository must not prevent the record from being written.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string format_deploy_date(std::int64_t unix_microseconds) {
  const std::time_t seconds = static_cast<std::time_t>(unix_microseconds / 1'000'000);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H%M%S", &local);
  std::array<char, 16> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%06d", static_cast<int>(unix_microseconds % 1'000'000));
  return std::string(date.data()) + fraction.data();
}

}  // namespace labctl::contract
