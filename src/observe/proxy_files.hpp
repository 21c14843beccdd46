#pragma once

namespace labctl::observe {

// The configuration of a proxy: as its own container sees it, and as the Consul container does, which renders
// it (contract 8.1).
struct ProxyFile {
  const char* path;
  const char* rendered;
};
inline constexpr ProxyFile haproxy_file{"/usr/local/etc/haproxy/haproxy.cfg", "/haproxy/haproxy.cfg"};
inline constexpr ProxyFile caddy_file{"/etc/caddy/Caddyfile", "/caddy/Caddyfile"};

}  // namespace labctl::observe
