# The disk of the master is full in the middle of a redeployment: the old app continues to serve, its record
# stays, and the same deployment succeeds once there is space.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

on() { "$LABCTL" lab exec --name check "$1" -- "${@:2}"; }
service=https://github.com/mlfmonde/cluster_lab_test_service
address=$(sed -n 's/.*core1: {address: \([0-9.]*\).*/\1/p' "$LABCTL_INVENTORY")

# Runs in the mount namespace of core1's Consul container, whose image has no `mount`: changes the handler's
# folder as the container sees it. The lab's folder on this machine does not change.
in_container() {
  on core1 sh -c 'pid=$(docker inspect --format "{{.State.Pid}}" cluster_consul_1) && exec nsenter --mount --target "$pid" -- "$@"' \
    in-container "$@"
}
make_full() {
  in_container python3 -c '
import ctypes, os, shutil
shutil.copy("/deploy/events.log", "/run/events.log")
libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b"full", b"/deploy", b"tmpfs", 0, b"size=64k,mode=755"):
    raise OSError(ctypes.get_errno(), "mount")
shutil.copy("/run/events.log", "/deploy/events.log")'
}
make_room() {
  in_container python3 -c '
import ctypes, os
disk = os.statvfs("/deploy")
if disk.f_blocks * disk.f_frsize == 65536 and ctypes.CDLL(None, use_errno=True).umount2(b"/deploy", 2):
    raise OSError(ctypes.get_errno(), "umount")'
}
leave_nothing() {
  make_room >/dev/null 2>&1
  "$LABCTL" app destroy --yes "$service" master >/dev/null 2>&1
  "$LABCTL" tunnels down >/dev/null 2>&1
  rm -rf "$work"
}
trap leave_nothing EXIT

# A record is published before the proxies have read it, so the test waits until they serve.
served() { curl -sf --max-time 20 -H "Host: service.cluster.lab" "http://$address/example" >/dev/null; }
ids() { on core1 sh -c 'docker ps -q --no-trunc --filter name=^clusterlabtestservicemaster | sort'; }
key() { on core1 docker exec cluster_consul_1 sh -c 'consul kv get "$(consul kv get -keys app/cluster_lab_test_service_master)"'; }

run tunnels up
expect_status 0
run app deploy --yes "$service" master --master core1 --slave core2
expect_status 0
before_ids=$(ids) before_key=$(key)
{ [ -n "$before_ids" ] && [ -n "$before_key" ]; } || fail "an app on core1"
await 30 "the app to serve" served

make_full || fail "a full /deploy on core1"
run app deploy --yes "$service" master --master core1 --slave core2
expect_status 1
expect_error "core1"
expect_error "No space left on device"
expect_equal "$before_ids" "$(ids)" "the app's containers"
expect_equal "$before_key" "$(key)" "the app's record"
await 30 "the old app to serve" served
run_command on core1 docker exec cluster_consul_1 consul kv get -keys maintenance/
expect_equal "" "$out" "maintenance keys"

make_room || fail "room on core1"
run app deploy --yes "$service" master --master core1 --slave core2
expect_status 0
[ "$(ids)" != "$before_ids" ] || fail "new containers"
await 30 "the new app to serve" served
run app destroy --yes "$service" master
expect_status 0
expect_empty_cluster
