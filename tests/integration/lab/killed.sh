# kill -9 of `labctl lab up` at several moments: `lab down` leaves nothing, and so does the next `lab up`.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$(dirname "${BASH_SOURCE[0]}")/traces.sh"

# Not below /tmp: the nodes' folders want a file system that overlays can stand on.
export LABCTL_STATE_DIR=/var/lib/labctl-test-killed
trap '"$LABCTL" lab down --name killed > /dev/null 2>&1; rm -rf "$work" "$LABCTL_STATE_DIR"' EXIT
lab_dir=$LABCTL_STATE_DIR/labs/killed
before=$(everything)

# Starts `lab up` and kills it at once when its journal has got the given number of lines (an event of inotify, through
# tail), that is before the thing in the last of them is made, or while it is.
kill_at_line() {
  local count=$1 pid
  mkdir -p "$lab_dir"  # so that tail can watch it
  "$LABCTL" lab up --name killed --nodes 2 > "$work/log" 2>&1 &
  pid=$!
  tail --pid="$pid" -n +1 -F "$lab_dir/journal" 2> /dev/null | grep -m "$count" -c '' > /dev/null
  kill -9 "$pid" 2> /dev/null || fail "it ended before journal line $count: $(cat "$work/log")"
  wait "$pid" 2> /dev/null
}

lines_of_a_start() {
  run lab up --name killed --nodes 2
  expect_status 0
  grep -c '' "$lab_dir/journal"
}
last=$(lines_of_a_start)
run lab down --name killed
expect_status 0
expect_as_before "after a whole start"

for line in $(seq 1 3 "$last") "$last"; do
  kill_at_line "$line"
  run lab down --name killed
  expect_status 0
  expect_as_before "killed at journal line $line, then lab down"
done

# The later moments have no line of their own: by what the nodes say and do.
kill_when() {
  local file=$1 pattern=$2 pid
  "$LABCTL" lab up --name killed --nodes 2 > "$work/log" 2>&1 &
  pid=$!
  tail --pid="$pid" -n +1 -F "$file" 2> /dev/null | grep -qm1 -- "$pattern"
  kill -9 "$pid" 2> /dev/null || fail "it ended before '$pattern': $(cat "$work/log")"
  wait "$pid" 2> /dev/null
}
kill_when "$lab_dir/logs/core1/dockerd.log" 'API listen'
run lab down --name killed
expect_status 0
expect_as_before "killed when dockerd answered, then lab down"

kill_when "$lab_dir/logs/core2/dockerd.log" 'starting signal loop'
run lab status --name killed
expect_status 3
run lab up --name killed --nodes 2
expect_status 0
expect_error "removing what an earlier labctl left"
run lab status --name killed
expect_status 0

# A `lab down` that is killed is gone on with by the next.
inside=$("$LABCTL" lab exec --name killed core1 -- readlink /proc/self/ns/pid)
first=$(lsns --noheadings --output PID,NS --type pid | awk -v ns="${inside//[!0-9]/}" '$2 == ns {print $1}')
"$LABCTL" lab down --name killed > /dev/null 2>&1 &
pid=$!
tail --pid="$first" -f /dev/null
kill -9 "$pid" 2> /dev/null || fail "lab down ended before the kill"
wait "$pid" 2> /dev/null
expect_file "$lab_dir/journal"
run lab down --name killed
expect_status 0
expect_as_before "after a killed lab down and another"
