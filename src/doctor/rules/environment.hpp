#pragma once

#include <string>
#include <string_view>

namespace labctl::doctor {

// The variables that the rules judge. Docker: docs.docker.com, "Docker CLI environment variables", and
// docker-py's from_env; Consul: consul/api/api.go; proxies: curl(1), "ENVIRONMENT".
constexpr const char* client_variables[] = {
    "http_proxy",  "HTTP_PROXY",        "all_proxy",  "ALL_PROXY",       "no_proxy",        "NO_PROXY",
    "DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_TLS", "CONSUL_HTTP_SSL", "CONSUL_HTTP_ADDR"};

// Whether a value of no_proxy covers a host: "*", the host itself, a domain that it is in (with or without a
// leading dot), or a network in CIDR notation. A port of an entry is ignored.
bool no_proxy_covers(std::string_view no_proxy, std::string_view host);

// A proxy's address without user and password.
std::string without_secret(std::string_view proxy);

}  // namespace labctl::doctor
