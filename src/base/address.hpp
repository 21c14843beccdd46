#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace labctl {

// A host as written in a URL: an IPv6 address in brackets (RFC 3986), anything else unchanged.
std::string url_host(const std::string& host);
// "core1:22", "[::1]:8500".
std::string host_port(const std::string& host, std::uint16_t port);

// "127.0.0.1" as 0x7f000001; nullopt for anything but four decimal numbers (inet_pton).
std::optional<std::uint32_t> parse_ipv4(std::string_view text);
// An IPv6 address, with or without a zone: "::1", "fe80::1%eth0".
bool is_ipv6(std::string_view text);

}  // namespace labctl
