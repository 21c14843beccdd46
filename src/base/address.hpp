#pragma once

#include <cstdint>
#include <string>

namespace labctl {

// A host as written in a URL: an IPv6 address in brackets (RFC 3986), anything else unchanged.
std::string url_host(const std::string& host);
// "core1:22", "[::1]:8500".
std::string host_port(const std::string& host, std::uint16_t port);

}  // namespace labctl
