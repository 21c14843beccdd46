# kill -9 of labctl while it tests: the next command recovers, and lab down leaves nothing.
. "$LABCTL_TEST_SUPPORT/shell.sh"

export LABCTL_STATE_DIR="$work/state" LABCTL_RUNTIME_DIR="$work/run"
mkdir -p "$work/cwd" && cd "$work/cwd" || exit 1
before=$(machine_traces default)

# Waits (inotify through tail) until the line has been printed, then kills.
kill_when() {
  local pattern=$1 log="$work/log" pid
  shift
  : >"$log"
  "$LABCTL" "$@" >>"$log" 2>&1 &
  pid=$!
  timeout 120 tail -n +1 -F --pid="$pid" "$log" 2>/dev/null | grep -qm1 -- "$pattern" || fail "'$pattern' never came: $(cat "$log")"
  kill -9 "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  echo "killed when it said: $pattern"
}

kill_when "no inventory found" test new-service
kill_when "tunnels " test new-service
kill_when "because" test new-service
run test new-service
expect_status 0
run lab down
run tunnels down
expect_equal "$before" "$(machine_traces default)" "traces of labs on the machine"
