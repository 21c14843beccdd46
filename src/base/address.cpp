#include "base/address.hpp"

namespace labctl {

std::string url_host(const std::string& host) {
  const bool bare_v6 = host.find(':') != std::string::npos && !host.starts_with('[');
  return bare_v6 ? "[" + host + "]" : host;
}

std::string host_port(const std::string& host, std::uint16_t port) {
  return url_host(host) + ":" + std::to_string(port);
}

}  // namespace labctl
