#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

// What Caddy serves, as the keys of a Caddyfile's sites and as the JSON configuration of Caddy 2 say it. No
// I/O.
namespace labctl::doctor {

// The parts of a key: "http://shop.lab/api" is http, shop.lab, 80, /api.
struct CaddyAddress {
  std::string scheme, host, port, path;
};
CaddyAddress caddy_address(const std::string& key);

// The keys whose host is in no route of a configuration; none if it serves every host.
std::vector<std::string> keys_without_route(const nlohmann::json& configuration,
                                            const std::vector<std::string>& keys);

// How a running Caddy differs from its file, in words; "" if it does not. Both are configurations.
std::string caddy_difference(const nlohmann::json& running, const nlohmann::json& of_file);

}  // namespace labctl::doctor
