#include "contract/compose.hpp"

#include "base/error.hpp"
#include "contract/yaml.hpp"

#include <algorithm>

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

// The variables in a list (`- CADDYFILE=…`), which the cluster does not see.
void warn_of_list(const std::string& service, const Json& body, std::vector<std::string>& warnings) {
  const Json* environment = find_member(body, "environment");
  if (environment == nullptr || !environment->is_array()) return;
  for (const char* name : {"CADDYFILE", "HAPROXY", "CONSUL_CHECK_URLS"}) {
    const auto sets = [&](const Json& item) {
      return item.is_string() && item.get_ref<const std::string&>().starts_with(std::string(name) + "=");
    };
    if (std::any_of(environment->begin(), environment->end(), sets)) {
      warnings.push_back("service " + service + ": environment is a list, in which " + name +
                         " is not seen: write \"" + name + ": …\"");
    }
  }
}

void warn_of_service(const std::string& name, const Json& body, std::vector<std::string>& warnings) {
  warn_of_list(name, body, warnings);
  if (find_member(body, "container_name") != nullptr) {
    warnings.push_back("service " + name +
                       ": container_name is set, but the proxies look for the name that "
                       "docker-compose gives");
  }
}

void warn_of_volume(const std::string& key, const Json& body, std::string_view managed_driver,
                    std::vector<std::string>& warnings) {
  const Json* driver = find_member(body, "driver");
  if (driver == nullptr || !driver->is_string()) return;
  const auto& text = driver->get_ref<const std::string&>();
  const bool managed = text == managed_driver;
  const auto name = managed_driver.substr(0, managed_driver.find(':'));
  if (!managed && (text.find('$') != std::string::npos || text.find(name) != std::string::npos)) {
    warnings.push_back("volume " + key + " is not replicated: its driver is written as " + text +
                       ", not as " + std::string(managed_driver));
  }
  for (const char* other : {"name", "external"}) {
    if (managed && find_member(body, other) != nullptr) {
      warnings.push_back("volume " + key + " has \"" + other +
                         ":\", but the cluster replicates the volume that docker-compose names");
    }
  }
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
      warn_of_service(name, body, compose.warnings);
      compose.services.push_back(std::move(service));
    }
  } else {
    compose.warnings.emplace_back(
        "there is no mapping services: (a file of version 1?), so no service is seen");
  }
  if (const Json* volumes = find_member(json, "volumes"); volumes != nullptr && volumes->is_object()) {
    for (const auto& [key, body] : volumes->items()) {
      warn_of_volume(key, body, managed_driver, compose.warnings);
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
