# kill -9 in every fault, at every step: the next `doctor` names the fault, `doctor --fix` undoes it, and so
# does the next `test`, which then passes.
#
#   faults.sh --short         each kind of fault once, and no scenario: seconds
#   faults.sh [SCENARIO...]   each kind at each step, and scenarios that break something (default: two of them)
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

nodes="core1 core2 core3 core4"
faults=$LABCTL_STATE_DIR/faults
on() { "$LABCTL" lab exec --name check "$1" -- "${@:2}"; }

trap '"$LABCTL" doctor --fix >/dev/null 2>&1; "$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT
run tunnels up
expect_status 0

expect_whole() {
  for node in $nodes; do
    run_command on "$node" sh -c 'docker inspect --format "{{.Name}} {{.State.Status}}" cluster_caddy_1
      docker exec cluster_consul_1 git config --system --get-regexp insteadof | grep -v github.com
      ls /var/lib/buttervolume/ssh | grep authorized_keys
      docker ps -aq --filter name=labctl-host-folder'
    expect_equal $'/cluster_caddy_1 running\nauthorized_keys' "$out" "what scenarios break, on $node"
  done
  run_command on core1 docker exec cluster_consul_1 consul kv get -keys maintenance/
  expect_equal "" "$out" "maintenance keys"
  expect_no_file "$faults"
}

expect_named() {
  run doctor
  expect_status 1
  expect_output "✗ fault-left"
  expect_output "by a test of $(id -un)@"
  expect_output "labctl doctor --fix undoes it"
  [[ $out != *container-not-running* ]] || fail "no second finding about what is stopped on purpose"
}

expect_healed_by_doctor() {
  run doctor --fix
  expect_status 0
  expect_error "undoing "
  expect_whole
}

steps="entered applied undone"
[ "${1-}" = --short ] && steps=applied
echo "each kind of fault, killed when $steps"
while read -r fault; do
  for step in $steps; do
    run_command "$LABCTL_DIE_IN_FAULT" "$LABCTL_INVENTORY" "$fault" "$step"
    expect_status 137
    expect_named
    expect_healed_by_doctor
    echo "healed: killed when $step: $fault"
  done
done <<'END'
{"kind": "stopped-container", "node": "core2", "container": "cluster_caddy_1"}
{"kind": "git-setting", "node": "core3", "key": "url.git://127.0.0.1:1/nowhere.insteadOf", "value": "https://example.com/x"}
{"kind": "renamed-file", "node": "core4", "folder": "/var/lib/buttervolume/ssh", "name": "authorized_keys", "away": "authorized_keys.away"}
{"kind": "written-key", "key": "maintenance/nobody.00000", "value": ""}
END

# Kills a run when its journal has this many lines: 2 when the fault is entered, 3 when it is known to be
# applied.
kill_at_line() {
  # shellcheck disable=SC2174  # the folder above it is there since the lab is up
  mkdir -p -m 700 "$faults"
  "$LABCTL_KILL_AT" "$faults/check.journal" "$2" "$LABCTL" test "$1" --report "$work/report" >"$work/killed" 2>&1 ||
    fail "$1 ended before line $2 of its journal: $(<"$work/killed")"
}

[ "${1-}" = --short ] && exit
[ $# -gt 0 ] || set -- bypass-caddy refuse-failed-send
for scenario in "$@"; do
  kill_at_line "$scenario" 2
  expect_named
  expect_healed_by_doctor
  kill_at_line "$scenario" 3
  run test "$scenario" --report "$work/report"
  expect_status 0
  expect_error "undo     "
  expect_whole
  expect_empty_cluster
  echo "healed: $scenario"
done
