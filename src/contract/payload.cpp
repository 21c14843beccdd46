#include "contract/payload.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace labctl::contract {
namespace {

[[noreturn]] void refuse_payload(const std::string& what, std::string where) {
  throw Error(Kind::invalid, what, std::move(where));
}

nlohmann::json parse_object(std::string_view payload, const std::string& where) {
  nlohmann::json json = nlohmann::json::parse(payload, nullptr, false);
  if (json.is_discarded()) refuse_payload("the payload is not JSON", where);
  if (!json.is_object()) refuse_payload("the payload is not a JSON object", where);
  return json;
}

// nullopt if the field is absent or null; text otherwise.
std::optional<std::string> text_field(const nlohmann::json& json, const char* field,
                                      const std::string& where) {
  const auto found = json.find(field);
  if (found == json.end() || found->is_null()) return std::nullopt;
  if (!found->is_string()) refuse_payload("'" + std::string(field) + "' is not a string", where);
  return found->get<std::string>();
}

// Python's rules: the first handler was written in Python, and both must interpret a payload in the same way.
bool truthy(const nlohmann::json& value) {
  switch (value.type()) {
    case nlohmann::json::value_t::boolean:
      return value.get<bool>();
    case nlohmann::json::value_t::number_integer:
    case nlohmann::json::value_t::number_unsigned:
    case nlohmann::json::value_t::number_float:
      return value.get<double>() != 0;
    case nlohmann::json::value_t::string:
      return !value.get_ref<const std::string&>().empty();
    case nlohmann::json::value_t::array:
    case nlohmann::json::value_t::object:
      return !value.empty();
    default:
      return false;
  }
}

bool flag(const nlohmann::json& json, const char* field, bool otherwise) {
  const auto found = json.find(field);
  return found == json.end() ? otherwise : truthy(*found);
}

// Names must be usable as folder names below /deploy and fit into one line.
void check_path_safe(const AppName& app, const std::string& where) {
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  for (const std::string* text : {&app.repo_url, &app.branch}) {
    if (std::any_of(text->begin(), text->end(), control))
      refuse_payload("control character in repo or branch", where);
  }
  for (const auto& segment : split(app.app, '/')) {
    if (segment.empty() || segment == "." || segment == "..") {
      refuse_payload("the branch '" + app.branch + "' cannot be part of a folder name", where);
    }
  }
  if (app.project.empty()) refuse_payload("no Compose project name can be made of repo and branch", where);
}

AppName checked_name(const std::string& repo, const std::string& branch, const std::string& where) {
  AppName app = app_name(repo, branch);
  if (app.repo_url.empty()) refuse_payload("'repo' is missing", where);
  if (app.branch.empty()) refuse_payload("'branch' is missing", where);
  check_path_safe(app, where);
  return app;
}

std::string required(std::optional<std::string> value, const char* field, const std::string& where) {
  if (!value || trim(*value).empty()) refuse_payload("'" + std::string(field) + "' is missing", where);
  return *value;
}

bool valid_utf8(const std::string& text) {
  // The JSON library checks UTF-8 when it serialises.
  try {
    (void)nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

}  // namespace

bool valid_event_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

std::vector<BatchEntry> parse_batch(std::string_view text) {
  const std::string where = "events from Consul";
  if (trim(text).empty()) return {};
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) refuse_payload("not JSON", where);
  if (json.is_null()) return {};
  if (!json.is_array()) refuse_payload("not a JSON array", where);
  std::vector<BatchEntry> batch;
  for (const auto& item : json) {
    BatchEntry entry;
    try {
      if (!item.is_object()) refuse_payload("an event is not an object", where);
      entry.event.id = text_field(item, "ID", where).value_or("");
      entry.event.name = text_field(item, "Name", where).value_or("");
      if (!valid_event_id(entry.event.id)) refuse_payload("an event has no usable ID", where);
      if (auto payload = text_field(item, "Payload", where)) {
        entry.event.payload = decode_base64(*payload);
        if (!entry.event.payload) refuse_payload("the payload is not base64", where);
        if (!valid_utf8(*entry.event.payload)) refuse_payload("the payload is not UTF-8", where);
      }
    } catch (const Error& error) {
      entry.bad_payload = error.what();
    }
    batch.push_back(std::move(entry));
  }
  return batch;
}

DeployRequest parse_deploy(std::string_view payload) {
  const std::string where = "deploy event";
  const nlohmann::json json = parse_object(payload, where);
  DeployRequest request;
  const std::string repo = required(text_field(json, "repo", where), "repo", where);
  const auto master = text_field(json, "master", where);
  request.at.slave = text_field(json, "slave", where);
  if (request.at.slave && request.at.slave->empty()) request.at.slave.reset();
  request.at.master = required(master, "master", where);
  if (request.at.slave == request.at.master)
    refuse_payload("master and slave are the same node: " + request.at.master, where);
  const std::string branch = required(text_field(json, "branch", where), "branch", where);
  request.app = checked_name(repo, branch, where);
  request.update = flag(json, "update", false);
  return request;
}

DestroyRequest parse_destroy(std::string_view payload) {
  const std::string where = "destroy event";
  const nlohmann::json json = parse_object(payload, where);
  const std::string repo = required(text_field(json, "repo", where), "repo", where);
  return {checked_name(repo, required(text_field(json, "branch", where), "branch", where), where)};
}

MigrateRequest parse_migrate(std::string_view payload) {
  const std::string where = "migrate event";
  const nlohmann::json json = parse_object(payload, where);
  const std::string repo = required(text_field(json, "repo", where), "repo", where);
  const std::string branch = required(text_field(json, "branch", where), "branch", where);
  MigrateRequest request;
  request.source = checked_name(repo, branch, where);
  const auto target = json.find("target");
  if (target == json.end() || !target->is_object()) refuse_payload("'target' is missing", where);
  const std::string target_repo = text_field(*target, "repo", where).value_or("");
  const std::string target_branch = text_field(*target, "branch", where).value_or("");
  if (target_repo.empty() && target_branch.empty())
    refuse_payload("'target' names neither repo nor branch", where);
  request.target = checked_name(target_repo.empty() ? repo : target_repo,
                                target_branch.empty() ? branch : target_branch, where);
  request.update = flag(json, "update", true);
  return request;
}

std::string to_payload(const DeployRequest& request) {
  nlohmann::json json{{"repo", request.app.repo_url},
                      {"branch", request.app.branch},
                      {"master", request.at.master},
                      {"slave", nullptr}};
  if (request.at.slave) json["slave"] = *request.at.slave;
  if (request.update) json["update"] = true;
  return json.dump();
}

std::string to_payload(const DestroyRequest& request) {
  return nlohmann::json{{"repo", request.app.repo_url}, {"branch", request.app.branch}}.dump();
}

std::string to_payload(const MigrateRequest& request) {
  nlohmann::json json{{"repo", request.source.repo_url},
                      {"branch", request.source.branch},
                      {"target", {{"repo", request.target.repo_url}, {"branch", request.target.branch}}}};
  if (!request.update) json["update"] = false;
  return json.dump();
}

}  // namespace labctl::contract
