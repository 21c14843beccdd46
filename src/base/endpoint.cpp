#include "base/endpoint.hpp"

#include "base/address.hpp"
#include "base/error.hpp"

#include <charconv>

namespace labctl {
namespace {

[[noreturn]] void fail(const std::string& text, const std::string& why) {
  throw Error(Kind::invalid, "\"" + text + "\" " + why, {}, "expected HOST:PORT or an absolute path");
}

}  // namespace

Endpoint parse_endpoint(const std::string& text) {
  if (text.starts_with('/')) {
    if (text.ends_with('/')) fail(text, "is a folder");
    return Endpoint::unix_socket(text);
  }
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) fail(text, "has no port and is no absolute path");
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    fail(text, "is an IPv6 address without brackets");
  }
  if (host.empty()) fail(text, "has no host");
  if (host.find_first_of(" \t/[]{}") != std::string::npos) fail(text, "has no valid host");
  const std::string digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || code != std::errc{} || end != digits.data() + digits.size() || port < 1 ||
      port > 65535) {
    fail(text, "has port \"" + digits + "\", which is not between 1 and 65535");
  }
  return {host, static_cast<std::uint16_t>(port), {}};
}

std::string to_string(const Endpoint& endpoint) {
  return endpoint.is_unix_socket() ? endpoint.path : host_port(endpoint.host, endpoint.port);
}

std::string url(const Endpoint& endpoint, const std::string& tcp_scheme) {
  return (endpoint.is_unix_socket() ? "unix" : tcp_scheme) + "://" + to_string(endpoint);
}

}  // namespace labctl
