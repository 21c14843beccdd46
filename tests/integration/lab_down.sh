# Takes the shared lab down and looks for anything it may have left on the machine.
. "$LABCTL_TEST_SUPPORT/shell.sh"

run tunnels down --inventory "$LABCTL_STATE_DIR/labs/check/client/inventory.yaml"
run lab down --name check
expect_status 0
expect_no_trace check
