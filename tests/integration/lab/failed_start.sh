# A start that fails keeps its logs, prints where they are, and leaves nothing else. An interrupted start
# leaves nothing.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
. "$LABCTL_TEST_SUPPORT/traces.sh"

export LABCTL_STATE_DIR=/var/lib/labctl-test-failed
trap '"$LABCTL" lab down --name failed > /dev/null 2>&1; rm -rf "$work" "$LABCTL_STATE_DIR"' EXIT

# A node init that fails on core2: a copy of the files that come with labctl, with one line added.
share=$("$LABCTL" --version > /dev/null && dirname "$(dirname "$LABCTL_TEST_SUPPORT")")/tools
mkdir -p "$work/share"
cp -r "$share/lab" "$work/share/lab"
sed -i '/^start() {/a [ "$NODE" != core2 ] || fail "planted: no disk"' "$work/share/lab/node/core"
LABCTL_SHARE_DIR=$work/share run lab up --name failed --nodes 2
expect_status 3
expect_error "planted: no disk"
expect_error "core2"
expect_error "$LABCTL_STATE_DIR/labs/failed/logs"
expect_file "$LABCTL_STATE_DIR/labs/failed/logs/core2/init.log"
expect_equal logs "$(ls "$LABCTL_STATE_DIR/labs/failed")" "what is left in the lab's folder"
run lab logs --name failed core2
expect_status 0
run lab down --name failed
expect_status 0
expect_nothing_left "after a failed start and lab down" failed

# SIGINT during the start.
"$LABCTL" lab up --name failed --nodes 2 > "$work/log" 2>&1 &
pid=$!
grep -qm1 'API listen' < <(tail --pid="$pid" -n +1 -F "$LABCTL_STATE_DIR/labs/failed/logs/core1/dockerd.log" 2> /dev/null)
kill -INT "$pid"
wait "$pid"
expect_equal 130 "$?" "exit status after SIGINT"
expect_nothing_left "after SIGINT" failed
