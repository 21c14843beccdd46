#include "ssh/local_address.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <cstring>
#include <optional>

namespace labctl::ssh {
namespace {

std::optional<asio::ip::address> address_of(const sockaddr* address) {
  if (address == nullptr) return std::nullopt;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    asio::ip::address_v6::bytes_type bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return asio::ip::address_v6(bytes, v6.sin6_scope_id);
  }
  return std::nullopt;
}

bool is_local_only(const asio::ip::address& address) {
  return address.is_loopback() || (address.is_v6() && address.to_v6().is_link_local());
}

}  // namespace

std::vector<asio::ip::address> addresses_of_interface(const std::string& name) {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return {};
  std::vector<asio::ip::address> chosen;
  const auto add = [&](bool local_only) {
    for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
      const auto address =
          name == one->ifa_name && (one->ifa_flags & IFF_UP) != 0 ? address_of(one->ifa_addr) : std::nullopt;
      if (!address || is_local_only(*address) != local_only) continue;
      bool has_family = false;
      for (const auto& other : chosen) has_family |= other.is_v6() == address->is_v6();
      if (!has_family) chosen.push_back(*address);
    }
  };
  add(false);
  add(true);
  ::freeifaddrs(all);
  return chosen;
}

}  // namespace labctl::ssh
