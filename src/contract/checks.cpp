#include "contract/checks.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "contract/record.hpp"
#include "contract/site_address.hpp"
#include "contract/yaml.hpp"

#include <algorithm>
#include <map>

namespace labctl::contract {

using Json = nlohmann::ordered_json;

CheckUrls parse_check_urls(const Json& value, const std::string& service) {
  CheckUrls result;
  const std::string where = "CONSUL_CHECK_URLS of service " + service;
  Json parsed = value;
  if (value.is_string()) {
    try {
      parsed = parse_yaml(value.get_ref<const std::string&>(), where);
    } catch (const Error& error) {
      result.warnings.push_back(error.line() + ", ignored");
      return result;
    }
  }
  if (parsed.is_string()) parsed = Json::array({parsed});
  if (!parsed.is_array()) {
    result.warnings.push_back(where + " is not a list of URLs, ignored");
    return result;
  }
  for (const auto& item : parsed) {
    if (item.is_string()) {
      result.urls.push_back(item.get<std::string>());
    } else {
      result.warnings.push_back(where + " holds something else than a URL, ignored");
    }
  }
  return result;
}

std::string registration(std::string_view app, const std::vector<std::string>& urls) {
  Json checks = Json::array();
  for (const auto& url : urls) {
    if (!url.empty()) checks.push_back({{"HTTP", url}, {"Interval", "60s"}});
  }
  Json body = Json::object();
  body["Name"] = app;
  body["Checks"] = checks;
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Claims check_claims(std::string_view app, std::string_view master, const std::vector<Site>& sites,
                    const std::vector<OtherApp>& others) {
  Claims claims;
  std::map<std::string, std::string> keys;  // by address
  for (const auto& key : site_keys(sites)) keys.emplace(site_address(key), key);
  const auto domains = site_domains(sites);
  const auto contains = [](const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
  };
  for (const auto& other : others) {
    if (other.app == app) continue;
    try {
      const Record record = parse_record(other.value);
      for (const auto& key : site_keys(parse_caddyfile(record.caddyfile))) {
        const auto ours = keys.find(site_address(key));
        if (ours == keys.end()) continue;
        const std::string same = ours->second == key ? "" : ", which is the address of " + key + ",";
        claims.conflicts.push_back(ours->second + same + " belongs to " + other.app + " already");
      }
      for (const auto& domain : record.domains) {
        if (contains(domains, domain) && record.at.master != master) {
          claims.warnings.push_back("domain " + domain + " is shared with " + other.app + " on " +
                                    record.at.master);
        }
      }
    } catch (const Error& error) {
      claims.warnings.push_back("app/" + other.app + " cannot be checked: " + error.line());
    }
  }
  return claims;
}

}  // namespace labctl::contract
