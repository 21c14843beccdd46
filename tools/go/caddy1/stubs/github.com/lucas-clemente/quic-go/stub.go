// Package quic stands in for the QUIC library of 2019: it looks into the standard library of its time, and panics at the
// start when it is compiled by a current Go. Caddy 1 uses it only with the flag -quic and for "quic://" targets.
package quic

import "time"

// Config is what Caddy sets.
type Config struct {
	HandshakeTimeout time.Duration
	KeepAlive        bool
}
