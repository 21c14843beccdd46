# The doctor names what a killed `lab up` left behind, and the command that removes it.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"

export LABCTL_STATE_DIR=/var/lib/labctl-test-doctor XDG_CONFIG_HOME=$work HOME=$work
unset LABCTL_INVENTORY
cd "$work" || exit 1
trap '"$LABCTL" lab down --name leftover >/dev/null 2>&1; rm -rf "$work" "$LABCTL_STATE_DIR"' EXIT

mkdir -p "$LABCTL_STATE_DIR/labs/leftover"
"$LABCTL_KILL_AT" "$LABCTL_STATE_DIR/labs/leftover/journal" 8 "$LABCTL" lab up --name leftover --nodes 1 >"$work/log" 2>&1 ||
  fail "lab up is killed: $(cat "$work/log")"

run doctor
expect_status 1
expect_output "✗ lab-leftovers  leftover"
expect_output "sudo labctl lab down --name leftover"
run lab down --name leftover
expect_status 0
run doctor
[[ $out != *lab-leftovers* ]] || fail "no leftovers after lab down"
exit 0
