#include "doctor/probes/caddy_routes.hpp"

#include "base/text.hpp"
#include "contract/site_address.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <set>

namespace labctl::doctor {
namespace {

using nlohmann::json;

// All hosts that the matchers in a part of a configuration name.
void collect_hosts(const json& part, std::set<std::string>& hosts) {
  std::vector<const json*> rest{&part};
  while (!rest.empty()) {
    const json& one = *rest.back();
    rest.pop_back();
    if (!one.is_structured()) continue;
    for (const auto& [name, value] : one.items()) {
      if (!one.is_object() || name != "host") {
        rest.push_back(&value);
        continue;
      }
      for (const auto& host : value) {
        if (host.is_string()) hosts.insert(lower(host.get_ref<const std::string&>()));
      }
    }
  }
}

// The routes of all its HTTP servers; null for a server that is not understood.
std::vector<json> routes_of(const json& configuration) {
  json part = configuration;
  for (const char* name : {"apps", "http", "servers"})
    part = part.is_object() ? part.value(name, json()) : json();
  std::vector<json> all;
  for (const auto& server : part) {
    auto routes = server.is_object() ? server.value("routes", json::array()) : json::array({nullptr});
    if (!routes.is_array()) routes = json::array({nullptr});
    all.insert(all.end(), routes.begin(), routes.end());
  }
  return all;
}

std::set<std::string> hosts_in_routes(const std::vector<json>& routes) {
  std::set<std::string> hosts;
  for (const auto& route : routes) collect_hosts(route, hosts);
  return hosts;
}

// Whether all that a route does is to answer with an error, as for hosts that are not known. `depth`: of
// routes in routes that are looked into.
bool only_refuses(const json& route, int depth = 4) {
  const auto handlers = route.is_object() ? route.value("handle", json()) : json();
  return !handlers.empty() && std::all_of(handlers.begin(), handlers.end(), [&](const json& handler) {
    if (!handler.is_object()) return false;
    const auto kind = handler.value("handler", json()), code = handler.value("status_code", json());
    if (kind == "static_response") return code.is_number() && code.get<double>() >= 400;
    const auto routes = handler.value("routes", json());
    return kind == "subroute" && depth > 0 && !routes.empty() &&
           std::all_of(routes.begin(), routes.end(),
                       [&](const json& inner) { return only_refuses(inner, depth - 1); });
  });
}

// Whether a request for any host gets there and is served.
bool serves_every_host(const json& route) {
  if (only_refuses(route)) return false;
  std::set<std::string> hosts;
  if (route.is_object()) collect_hosts(route.value("match", json::array()), hosts);
  return hosts.empty();
}

// "*" stands for one label (Caddy's host matcher).
bool is_host_in(const std::string& host, const std::set<std::string>& hosts) {
  if (hosts.contains(host)) return true;
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& pattern) {
    if (pattern.find('{') != std::string::npos) return true;
    const auto labels = split(host, '.'), wanted = split(pattern, '.');
    return std::equal(labels.begin(), labels.end(), wanted.begin(), wanted.end(),
                      [](const auto& label, const auto& want) { return want == "*" || want == label; });
  });
}

std::string only_in(const std::set<std::string>& some, const std::set<std::string>& others) {
  std::vector<std::string> only;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(), std::back_inserter(only));
  return join(only, ", ");
}

}  // namespace

CaddyAddress caddy_address(const std::string& key) {
  const auto whole = contract::site_address(key);
  const auto host = whole.find("://") + 3;
  const auto slash = std::min(whole.find('/', host), whole.size());
  const auto colon = whole.rfind(':', slash);
  return {whole.substr(0, host - 3), whole.substr(host, colon - host),
          whole.substr(colon + 1, slash - colon - 1), whole.substr(slash)};
}

std::vector<std::string> keys_without_route(const json& configuration, const std::vector<std::string>& keys) {
  std::vector<std::string> missing;
  const auto routes = routes_of(configuration);
  if (std::any_of(routes.begin(), routes.end(), serves_every_host)) return missing;
  const auto hosts = hosts_in_routes(routes);
  for (const auto& key : keys) {
    const auto host = caddy_address(key).host;
    if (!host.empty() && host.find_first_of("*{") == std::string::npos && !is_host_in(host, hosts))
      missing.push_back(key);
  }
  return missing;
}

std::string caddy_difference(const json& running, const json& of_file) {
  if (running == of_file) return "";
  const auto now = hosts_in_routes(routes_of(running)), wanted = hosts_in_routes(routes_of(of_file));
  const auto lacks = only_in(wanted, now), stale = only_in(now, wanted);
  std::string words;
  if (!lacks.empty()) words = "it has no site for " + lacks;
  if (!stale.empty()) words += (words.empty() ? "" : ", and ") + ("it still serves " + stale);
  return words.empty() ? "its sites have other directives" : words;
}

}  // namespace labctl::doctor
