// Package xds stands in for what tells Envoy proxies their configuration. A lab has none, and Envoy's protocol is a third
// of all that a build of Consul compiles. The agent finds what it names of the package; nobody is served.
package xds

import (
	"github.com/armon/go-metrics/prometheus"
	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"

	"github.com/hashicorp/consul/acl"
	"github.com/hashicorp/consul/agent/grpc-external/limiter"
	"github.com/hashicorp/consul/agent/proxycfg"
	"github.com/hashicorp/consul/agent/structs"
)

// LocalAgentClusterName is what `consul connect envoy` writes.
const LocalAgentClusterName = "local_agent"

// What a server would count: nothing.
var (
	StatsGauges    []prometheus.GaugeDefinition
	StatsCounters  []prometheus.CounterDefinition
	StatsSummaries []prometheus.SummaryDefinition
)

// ACLResolverFunc is what the agent gives to NewServer.
type ACLResolverFunc func(id string) (acl.Authorizer, error)

// ConfigFetcher is a part of the agent.
type ConfigFetcher interface {
	AdvertiseAddrLAN() string
}

// ProxyConfigSource is where a server would learn of changes.
type ProxyConfigSource interface {
	Watch(structs.ServiceID, string, string) (<-chan *proxycfg.ConfigSnapshot, limiter.SessionTerminatedChan,
		proxycfg.CancelFunc, error)
}

// Server serves nothing.
type Server struct{}

// NewServer makes a Server.
func NewServer(string, hclog.Logger, bool, ProxyConfigSource, ACLResolverFunc, ConfigFetcher) *Server {
	return &Server{}
}

// Register leaves the gRPC server without the service.
func (*Server) Register(*grpc.Server) {}
