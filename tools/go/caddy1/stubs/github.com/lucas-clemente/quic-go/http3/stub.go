// Package http3 stands in for HTTP over QUIC: see package quic.
package http3

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"

	quic "github.com/lucas-clemente/quic-go"
)

var errNoQUIC = errors.New("this build of Caddy has no QUIC")

// Server serves nobody.
type Server struct{ *http.Server }

// SetQuicHeaders announces nothing.
func (*Server) SetQuicHeaders(http.Header) error { return nil }

// Serve is always an error.
func (*Server) Serve(net.PacketConn) error { return errNoQUIC }

// Close has nothing to close.
func (*Server) Close() error { return nil }

// RoundTripper reaches nobody.
type RoundTripper struct {
	QuicConfig      *quic.Config
	TLSClientConfig *tls.Config
}

// RoundTrip is always an error.
func (*RoundTripper) RoundTrip(*http.Request) (*http.Response, error) { return nil, errNoQUIC }
