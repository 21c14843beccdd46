#pragma once

#include <string>
#include <string_view>

namespace labctl::contract {

// What Caddy listens for, of a site's key: "http://SHOP.lab/" and "shop.lab:80" are both
// "http://shop.lab:80". Caddy rejects a file in which two sites have the same one (automatic HTTPS of Caddy 1
// and 2: without scheme and port, a host is https).
std::string site_address(std::string_view key);

}  // namespace labctl::contract
