#include "base/address.hpp"

#include <arpa/inet.h>

namespace labctl {

std::string url_host(const std::string& host) {
  const bool bare_v6 = host.find(':') != std::string::npos && !host.starts_with('[');
  return bare_v6 ? "[" + host + "]" : host;
}

std::string host_port(const std::string& host, std::uint16_t port) {
  return url_host(host) + ":" + std::to_string(port);
}

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  in_addr address{};
  if (::inet_pton(AF_INET, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, std::string(text.substr(0, text.find('%'))).c_str(), &address) == 1;
}

}  // namespace labctl
