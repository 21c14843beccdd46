needs="packages consul"  # only so that Go's own library is compiled once, not twice at the same time
about="consul-template 0.30, from PATH or built from its pinned modules"
advice="put a consul-template binary on PATH, or see whether Go reaches its module proxy: cd tools/go/consul-template && go mod download"
program=consul-template
package=github.com/hashicorp/consul-template
. "$tools_dir/setup.d/go.inc"
