# Takes the shared lab down and looks for anything it may have left on the machine.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/traces.sh"

run tunnels down --inventory "$LABCTL_STATE_DIR/labs/check/client/inventory.yaml"
run lab down --name check
expect_status 0
expect_nothing_left "after lab down" check
