needs="packages consul"  # as consul-template
about="Caddy 1.0.5, built from its pinned modules: what old clusters run, for tests that compare with it"
advice="see whether Go reaches its module proxy: cd tools/go/caddy1 && go mod download"
program=caddy1
package=labctl.lab/caddy1
. "$tools_dir/setup.d/go.inc"
