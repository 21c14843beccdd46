# shellcheck disable=SC2034,SC2154  # shell.sh, faults.sh and these files use each other's variables
# Faults of the tunnels on this machine. Sourced by faults.sh.

plant_daemon_not_running() {
  fault "the daemon is stopped" '"$LABCTL" tunnels up'
  run tunnels down
  expect_status 0
  expect_findings daemon-not-running -- "labctl tunnels up"
  expect_status 1
}

plant_stale_socket() {
  fault "the daemon is killed and leaves its sockets" '"$LABCTL" tunnels up'
  pid=$("$LABCTL" --json tunnels status | sed -n 's/^ *"pid": *\([0-9]*\).*/\1/p')
  kill -9 "$pid" || fail "the daemon is process '$pid'"
  tail --pid="$pid" -f /dev/null
  expect_file "$sockets/docker_core3.sock"
  expect_findings stale-socket -- docker_core3.sock "without a listener"
  expect_status 1
  run doctor
  expect_output "✗ stale-socket"
  expect_output "remedy"
  run doctor --fix
  expect_error "removed $sockets/docker_core3.sock"
  expect_no_file "$sockets/docker_core3.sock"
  expect_findings daemon-not-running
}

plant_message() {
  fault "the daemon is killed, and a client's message is pasted" '"$LABCTL" tunnels up'
  pid=$("$LABCTL" --json tunnels status | sed -n 's/^ *"pid": *\([0-9]*\).*/\1/p')
  kill -9 "$pid" || fail "the daemon is process '$pid'"
  tail --pid="$pid" -f /dev/null
  run doctor "requests.exceptions.ConnectionError: ConnectionRefusedError(111, 'Connection refused') docker_core3.sock"
  expect_status 1
  expect_output "nobody listens at the engine's socket"
  expect_output "✗ stale-socket"
  run doctor "Host key verification failed."
  expect_status 0
  expect_output "nothing that explains it is there now"
  # Without a daemon nobody has asked Consul.
  run doctor "Unexpected response code: 500 (No cluster leader)"
  expect_status 1
  expect_output "✗ stale-socket"
  expect_output "Consul could not be asked"
  expect_output "nothing that explains it was seen, but not everything could be looked at"
  # It looks again until all is well.
  "$LABCTL" doctor --wait 60 >"$work/waiting" 2>&1 &
  waiting=$!
  await 30 "a doctor that waits" grep -q '^waiting  stale-socket' "$work/waiting"
  run tunnels up
  wait "$waiting" || fail "the doctor ends well: $(<"$work/waiting")"
}
