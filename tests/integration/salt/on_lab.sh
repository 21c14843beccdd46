# From nothing to a green scenario without editing a file: a real salt-master on this machine, a real minion in the
# network of each of the lab's nodes, then the three commands that a person types.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
. "$LABCTL_TEST_SUPPORT/salt_on_lab.sh"

client=$(dirname "$LABCTL_INVENTORY")
trap '"$LABCTL" tunnels down --inventory "$work/own.yaml" >/dev/null 2>&1; end_salt; rm -rf "$work"' EXIT
start_salt "$LABCTL_INVENTORY"

PATH=$work/bin:$PATH run inventory from-salt --run --host-keys --identity "$client/id_ed25519" -o "$work/own.yaml"
expect_status 0
run tunnels up --inventory "$work/own.yaml"
expect_status 0
run test new-service --inventory "$work/own.yaml" --report "$work/report"
expect_status 0
