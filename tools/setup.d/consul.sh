needs=packages
about="Consul 1.14, from PATH or built from its pinned modules"
advice="put a consul binary on PATH, or see whether Go reaches its module proxy: cd tools/go/consul && go mod download"
program=consul
package=github.com/hashicorp/consul
. "$tools_dir/setup.d/go.inc"
