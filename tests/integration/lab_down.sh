# Removes the shared lab and looks for anything that it left on the machine.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/traces.sh"

run tunnels down --inventory "$LABCTL_STATE_DIR/labs/check/client/inventory.yaml"
run lab down --name check
expect_status 0
expect_nothing_left "after lab down" check
