# Two `labctl test` on one cluster: the second reports who runs the first; the lock of a killed run is free
# again.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

trap '"$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT
run tunnels up
expect_status 0
consul=http://$("$LABCTL" --json tunnels status | sed -n 's/.*"local": *"\(127.0.0.1:[0-9]*\)".*/\1/p' | head -1)
lock() { curl -s "$consul/v1/kv/labctl/test?raw"; }
# Returns when the key has changed, or after half a minute.
index=0
await_change() {
  curl -s -D "$work/head" -o /dev/null "$consul/v1/kv/labctl/test?index=$index&wait=30s"
  index=$(sed -n 's/^X-Consul-Index: *\([0-9]*\).*/\1/Ip' "$work/head")
}
cd "$work" || exit 1

expect_equal "" "$(lock)" "the lock, before"
await_change
"$LABCTL" test new-service --report "$work/first" >"$work/one" 2>&1 &
first=$!
deadline=$((SECONDS + 60))
while [ -z "$(lock)" ]; do
  [ "$SECONDS" -lt "$deadline" ] || fail "the first run to hold the lock"
  await_change
done

echo "the second says who runs the first"
run test new-service --report "$work/second"
expect_status 2
expect_error "a test of $(id -un)@$(hostname) (process $first) since 20"
expect_no_file "$work/second"

echo "killed: the next takes over at once"
kill -9 "$first"
wait "$first" 2>/dev/null
[ -n "$(lock)" ] || fail "the lock to outlive the run"
run test new-service --report "$work/third"
expect_status 0
expect_equal "" "$(lock)" "the lock, after"
expect_empty_cluster

echo "killed on another machine: free when Consul ends its session"
session=$(curl -s -X PUT -d '{"TTL": "10s", "Behavior": "delete", "LockDelay": "0s"}' "$consul/v1/session/create" |
  sed -n 's/.*"ID": *"\([^"]*\)".*/\1/p')
owner='{"user":"alice","host":"laptop","machine":"another","pid":7,"start":7,"since":"2026-11-25T10:00:00Z"}'
curl -s -X PUT -d "$owner" "$consul/v1/kv/labctl/test?acquire=$session" >/dev/null
run test new-service
expect_status 2
expect_error "alice@laptop (process 7) since 2026-11-25T10:00:00Z"
expect_error "20 s"
index=0
await_change
deadline=$((SECONDS + 60))
while [ -n "$(lock)" ]; do
  [ "$SECONDS" -lt "$deadline" ] || fail "the lock to be free"
  await_change
done
run test unknown-event-logged --report "$work/fourth"
expect_status 0
