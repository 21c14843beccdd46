# kill -9 of `labctl lab up` at several moments: `lab down` leaves nothing, and so does the next `lab up`.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
. "$LABCTL_TEST_SUPPORT/traces.sh"

# Not below /tmp: the nodes' folders need a file system that overlays can use.
export LABCTL_STATE_DIR=/var/lib/labctl-test-killed
trap '"$LABCTL" lab down --name killed > /dev/null 2>&1; rm -rf "$work" "$LABCTL_STATE_DIR"' EXIT
lab_dir=$LABCTL_STATE_DIR/labs/killed

# Kills `lab up` when its journal has the given number of lines: before the thing in the last line is created,
# or while it is being created.
kill_at_line() {
  mkdir -p "$lab_dir"
  "$LABCTL_KILL_AT" "$lab_dir/journal" "$1" "$LABCTL" lab up --name killed --nodes 2 > "$work/log" 2>&1 ||
    fail "it ended before journal line $1: $(cat "$work/log")"
}

lines_of_a_start() {
  run lab up --name killed --nodes 2
  expect_status 0
  grep -c '' "$lab_dir/journal"
}
last=$(lines_of_a_start)
run lab down --name killed
expect_status 0
expect_nothing_left "after a whole start" killed

for line in $(seq 1 3 "$last") "$last"; do
  kill_at_line "$line"
  run lab down --name killed
  expect_status 0
  expect_nothing_left "killed at journal line $line, then lab down" killed
done

# Later moments have no journal line: they are recognised in the nodes' logs. (A process substitution: a
# pipeline would wait until tail writes once more.)
kill_when() {
  local file=$1 pattern=$2 pid
  "$LABCTL" lab up --name killed --nodes 2 > "$work/log" 2>&1 &
  pid=$!
  grep -qm1 -- "$pattern" < <(tail --pid="$pid" -n +1 -F "$file" 2> /dev/null)
  kill -9 "$pid" 2> /dev/null || fail "it ended before '$pattern': $(cat "$work/log")"
  wait "$pid" 2> /dev/null
}
kill_when "$lab_dir/logs/core1/dockerd.log" 'API listen'
run lab down --name killed
expect_status 0
expect_nothing_left "killed when dockerd answered, then lab down" killed

kill_when "$lab_dir/logs/core2/dockerd.log" 'starting signal loop'
run lab status --name killed
expect_status 3
run lab up --name killed --nodes 2
expect_status 0
expect_error "removing what an earlier labctl left"
run lab status --name killed
expect_status 0

# A user has removed the journal.
rm "$lab_dir/journal"
run lab down --name killed
expect_status 0
expect_error "its journal is missing"
expect_nothing_left "lab down without a journal" killed
kill_when "$lab_dir/logs/core2/dockerd.log" 'starting signal loop'
rm "$lab_dir/journal"
run lab up --name killed --nodes 2
expect_status 0
expect_error "removing what an earlier labctl left"

# The next `lab down` continues one that was killed.
"$LABCTL_KILL_AT" "$lab_dir/netns/core2" gone "$LABCTL" lab down --name killed 2> /dev/null ||
  fail "lab down ended before the kill"
expect_file "$lab_dir/journal"
run lab down --name killed
expect_status 0
expect_nothing_left "after a killed lab down and another" killed
