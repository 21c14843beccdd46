#include "contract/compose.hpp"

#include "base/error.hpp"
#include "contract/yaml.hpp"

namespace labctl::contract {
namespace {

using Json = nlohmann::ordered_json;

const Json* find_member(const Json& json, const char* key) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(key);
  return found == json.end() ? nullptr : &*found;
}

std::optional<Json> variable(const Json& service, const char* name) {
  const Json* environment = find_member(service, "environment");
  if (environment == nullptr) return std::nullopt;
  const Json* value = find_member(*environment, name);
  return value == nullptr ? std::nullopt : std::optional<Json>(*value);
}

}  // namespace

Compose parse_compose(std::string_view text, std::string_view managed_driver) {
  const Json json = parse_yaml(text, "docker-compose.yml");
  if (!json.is_object()) throw Error(Kind::invalid, "not a mapping", "docker-compose.yml");
  Compose compose;
  if (const Json* services = find_member(json, "services"); services != nullptr && services->is_object()) {
    for (const auto& [name, body] : services->items()) {
      Service service;
      service.name = name;
      if (const Json* image = find_member(body, "image"); image != nullptr && image->is_string()) {
        service.image = image->get<std::string>();
      }
      const Json* build = find_member(body, "build");
      service.builds = build != nullptr && !build->is_null();
      service.caddyfile = variable(body, "CADDYFILE");
      service.haproxy = variable(body, "HAPROXY");
      service.check_urls = variable(body, "CONSUL_CHECK_URLS");
      compose.services.push_back(std::move(service));
    }
  }
  if (const Json* volumes = find_member(json, "volumes"); volumes != nullptr && volumes->is_object()) {
    for (const auto& [key, body] : volumes->items()) {
      const Json* driver = find_member(body, "driver");
      if (driver != nullptr && driver->is_string() &&
          driver->get_ref<const std::string&>() == managed_driver) {
        compose.managed.push_back(key);
      }
    }
  }
  return compose;
}

}  // namespace labctl::contract
