# Renders the two proxies' configuration from Consul KV and has them read it. No `wait`: every change counts at once.
consul {
  address = "127.0.0.1:8500"
  retry {
    enabled     = true
    attempts    = 0
    backoff     = "100ms"
    max_backoff = "500ms"
  }
}

log_level = "info"
max_stale = "0s"

template {
  source      = "/consul/template/haproxy/haproxy.cfg.ctmpl"
  destination = "/haproxy/haproxy.cfg"
  perms       = 0644
  exec {
    command = ["labctl-agent", "reload-haproxy"]
    timeout = "30s"
  }
}

template {
  source      = "/consul/template/caddy/Caddyfile.ctmpl"
  destination = "/caddy/Caddyfile"
  perms       = 0644
  exec {
    command = ["labctl-agent", "reload-caddy"]
    timeout = "30s"
  }
}
