# kill -9 of labctl during a test run: the next command recovers, and lab down leaves nothing.
. "$LABCTL_TEST_SUPPORT/shell.sh"
export LABCTL_STATE_DIR="$work/state" LABCTL_RUNTIME_DIR="$work/run"
. "$LABCTL_TEST_SUPPORT/traces.sh"
mkdir -p "$work/cwd" && cd "$work/cwd" || exit 1

# Kills labctl when it has printed a line with the pattern: its output comes through a pipe, line by line.
kill_when() {
  local pattern=$1 line seen='' pid
  shift
  exec 3< <(exec "$LABCTL" "$@" 2>&1)
  pid=$!
  while read -r line <&3; do
    printf '  %s\n' "$line"
    if [[ $line == *"$pattern"* ]]; then
      kill -9 "$pid"
      seen=yes
      break
    fi
  done
  exec 3<&-
  [ -n "$seen" ] || fail "'$pattern' never came"
  echo "killed when it said: $pattern"
}

kill_when "no inventory found" test new-service
kill_when "tunnels " test new-service
kill_when "because" test new-service -v
run test new-service
expect_status 0
run tunnels down
expect_status 0
run lab down
expect_status 0
expect_nothing_left "after lab down" default
