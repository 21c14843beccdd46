#pragma once

#include "contract/caddyfile.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

// What an app announces to others: its health checks (contract 5.3, 4.1) and its claims on site keys
// (contract 5.1, CHECK).
namespace labctl::contract {

struct CheckUrls {
  std::vector<std::string> urls;
  std::vector<std::string> warnings;
};

// The value of CONSUL_CHECK_URLS: text with a YAML list of URLs. A single URL counts as a list of one;
// anything else is ignored with a warning.
CheckUrls parse_check_urls(const nlohmann::ordered_json& value, const std::string& service);

// Body of PUT /v1/agent/service/register. Empty URLs are dropped.
std::string registration(std::string_view app, const std::vector<std::string>& urls);

struct OtherApp {
  std::string app;    // N
  std::string value;  // of app/N in KV
};

struct Claims {
  std::vector<std::string> conflicts;  // a site key that another app has: not deployable
  std::vector<std::string>
      warnings;  // a domain shared with an app on another master; an unreadable foreign record
};

// `others` may contain our own app: it is skipped. A malformed record of another app is a warning, not a
// failure.
Claims check_claims(std::string_view app, std::string_view master, const std::vector<Site>& sites,
                    const std::vector<OtherApp>& others);

}  // namespace labctl::contract
