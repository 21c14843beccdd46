// Package discover stands in for github.com/hashicorp/go-discover, which finds Consul servers by asking the clouds that
// they run in. A lab's nodes join by address, and the libraries of those clouds are a third of all that a build of Consul
// compiles. What Consul uses of the package is here; it knows no cloud.
package discover

import (
	"fmt"
	"log"
	"strings"
)

// Provider finds addresses from the words of a "provider=NAME key=value ..." text.
type Provider interface {
	Addrs(args map[string]string, l *log.Logger) ([]string, error)
	Help() string
}

// Providers are those that Consul starts from, before it adds its own: none.
var Providers = map[string]Provider{}

// Discover looks addresses up with the providers that it was made with.
type Discover struct {
	providers map[string]Provider
}

// Option is what New can be told.
type Option func(*Discover) error

// New makes a Discover.
func New(options ...Option) (*Discover, error) {
	d := &Discover{providers: Providers}
	for _, option := range options {
		if err := option(d); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// WithUserAgent is accepted and not needed: nothing is asked.
func WithUserAgent(string) Option { return func(*Discover) error { return nil } }

// WithProviders sets the providers.
func WithProviders(providers map[string]Provider) Option {
	return func(d *Discover) error {
		d.providers = providers
		return nil
	}
}

// Names are the providers' names.
func (d *Discover) Names() []string {
	names := make([]string, 0, len(d.providers))
	for name := range d.providers {
		names = append(names, name)
	}
	return names
}

// Addrs are the addresses that the provider named by a text finds; an error names a provider that is not there.
func (d *Discover) Addrs(text string, l *log.Logger) ([]string, error) {
	args := map[string]string{}
	for _, word := range strings.Fields(text) {
		key, value, _ := strings.Cut(word, "=")
		args[key] = value
	}
	provider, found := d.providers[args["provider"]]
	if !found {
		return nil, fmt.Errorf("this build of Consul has no discovery by %q: join by address", args["provider"])
	}
	return provider.Addrs(args, l)
}
