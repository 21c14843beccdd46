#include "contract/site_address.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cctype>

namespace labctl::contract {

std::string site_address(std::string_view key) {
  std::string scheme;
  std::string rest(key);
  if (const auto at = rest.find("://"); at != std::string::npos) {
    scheme = lower(rest.substr(0, at));
    rest.erase(0, at + 3);
  }
  const auto slash = std::min(rest.find('/'), rest.size());
  std::string path = rest.substr(slash);
  if (path == "/") path.clear();
  std::string host = lower(rest.substr(0, slash));
  std::string port;
  // A colon inside of brackets belongs to an IPv6 address.
  if (const auto colon = host.rfind(':');
      colon != std::string::npos && host.find(']', colon) == std::string::npos) {
    port = host.substr(colon + 1);
    host.resize(colon);
  }
  if (scheme.empty()) scheme = port == "80" ? "http" : "https";
  if (port.empty()) port = scheme == "http" ? "80" : "443";
  return scheme + "://" + host + ":" + port + path;
}

}  // namespace labctl::contract
