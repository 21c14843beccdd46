// Caddy 1 as it was released, but without telemetry: a test sends nothing to anybody.
package main

import "github.com/caddyserver/caddy/caddy/caddymain"

func main() {
	caddymain.EnableTelemetry = false
	caddymain.Run()
}
