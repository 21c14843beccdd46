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
run test new-service -v
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
run test new-service -v --report "$work/red"
expect_status 1
expect_output "core4"
grep -q '✗.*200' <<<"$out" || fail "the should about HTTP 200 to be red"
expect_output "cleanup"

echo "its post-mortem, read without the cluster"
bundle=$work/red/post-mortem/new-service.tar.gz
expect_output "$bundle"
expect_equal 600 "$(stat -c %a "$bundle")" "mode of the post-mortem"
mkdir "$work/seen"
tar -xzf "$bundle" -C "$work/seen"
for file in kv.json waits.log scenario.txt nodes/core4/{containers.json,Caddyfile,haproxy.cfg,handler.log,events.log} \
  nodes/core1/{schedules.txt,volumes.json,clones.json,logs/cluster_consul_1.log} daemon.log inventory.json; do
  [ -s "$work/seen/$file" ] || fail "$file to be in the post-mortem, with content"
done
[ ! -e "$work/seen/not-seen.txt" ] || fail "everything to be seen: $(cat "$work/seen/not-seen.txt")"
grep -q '"key": "app/' "$work/seen/kv.json" || fail "the app's record to be in kv.json"
grep -q 'we wait for' "$work/seen/waits.log" || fail "the waits to be in waits.log"
grep -q 'handler.s log' "$work/seen/waits.log" || fail "what the waits saw to be in waits.log"
run tunnels up
expect_status 0
run doctor --json
live=$(sed -n '/^  "notes"/q; s/^ *"id": //p' <<<"$out")
run_command env -i HOME="$work" PATH="$PATH" "$LABCTL" doctor --json --bundle "$bundle"
expect_status 1
expect_equal "$live" "$(sed -n '/^  "notes"/q; s/^ *"id": //p' <<<"$out")" "findings"
expect_output "cluster_haproxy_1"
expect_error "answer 200"
run tunnels down
expect_status 0

echo "red as before, beside that run"
run test new-service --report "$work/same" --baseline "$work/red"
expect_status 0
grep -q '✗.*200.*\[known red\]' <<<"$out" || fail "the should about HTTP 200 to be a known red"
expect_output "baseline 0 new red, "
restore
expect_empty_cluster

echo "and green again, mended"
run test new-service -v --report "$work/green" --baseline "$work/red"
expect_status 0
grep -q '✓.*200.*\[mended\]' <<<"$out" || fail "the should about HTTP 200 to be mended"
run report diff "$work/green" "$work/red"
expect_status 1
grep -q '^new red   new-service: .*200' <<<"$out" || fail "the should about HTTP 200 to be a new red"
