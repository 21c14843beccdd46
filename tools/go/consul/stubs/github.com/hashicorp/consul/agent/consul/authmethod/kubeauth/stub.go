// Package kubeauth stands in for Consul's login with tokens of Kubernetes, which a lab has not. Nothing uses the package
// by name: without it that method is unknown to Consul.
package kubeauth
