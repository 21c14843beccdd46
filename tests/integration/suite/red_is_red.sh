# A broken cluster must be reported as broken, by the should that names what is broken, and be cleaned up
# afterwards. Defects of a handler are injected by tests/mutants; here the handler does nothing, or a proxy is
# stopped. With a baseline the same red is known, and a green run is mended.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

labctl_exec() { "$LABCTL" lab exec --name check "$@"; }

# The handler of the running lab is a file in a folder of this machine; the containers see the same folder.
handler="$LABCTL_STATE_DIR/labs/check/agent/bin/handler"
expect_file "$handler"
original=$(<"$handler")
restore() {
  printf '%s\n' "$original" >"$handler"
  for node in core1 core2 core3 core4; do
    labctl_exec "$node" -- docker start cluster_haproxy_1 >/dev/null 2>&1
  done
}
trap 'restore; rm -rf "$work"' EXIT

echo "a handler that does nothing"
printf '#!/bin/sh\nexec cat >/dev/null\n' >"$handler"
run test new-service
expect_status 1
grep -q '✗ have a key in the KV store' <<<"$out" || fail "the should about the key to be red"
expect_output "✗"
expect_output "expected"
expect_output "seen"
expect_output "cleanup"
restore
expect_empty_cluster

echo "HAProxy stopped on core4"
labctl_exec core4 -- docker stop -t 1 cluster_haproxy_1 >/dev/null || fail "cannot stop haproxy"
run test new-service --report "$work/red"
expect_status 1
expect_output "core4"
grep -q '✗.*200' <<<"$out" || fail "the should about HTTP 200 to be red"
expect_output "cleanup"

echo "red as before, beside that run"
run test new-service --report "$work/same" --baseline "$work/red"
expect_status 0
grep -q '✗.*200.*\[known red\]' <<<"$out" || fail "the should about HTTP 200 to be a known red"
expect_output "baseline 0 new red, "
restore
expect_empty_cluster

echo "and green again, mended"
run test new-service --report "$work/green" --baseline "$work/red"
expect_status 0
grep -q '✓.*200.*\[mended\]' <<<"$out" || fail "the should about HTTP 200 to be mended"
run report diff "$work/green" "$work/red"
expect_status 1
grep -q '^new red   new-service: .*200' <<<"$out" || fail "the should about HTTP 200 to be a new red"
