// Package k8s stands in for the provider of that name: see package discover.
package k8s

import (
	"errors"
	"log"
)

// Provider finds nothing.
type Provider struct{}

// Addrs is always an error.
func (*Provider) Addrs(map[string]string, *log.Logger) ([]string, error) {
	return nil, errors.New("this build of Consul has no discovery by k8s: join by address")
}

// Help says so too.
func (*Provider) Help() string { return "k8s: not in this build" }
