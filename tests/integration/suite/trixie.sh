# A scenario on nodes of the next Debian release, with its newer Docker and OpenSSH, in a mixed cluster.
. "$LABCTL_TEST_SUPPORT/shell.sh"
export LABCTL_STATE_DIR="$work/state" LABCTL_RUNTIME_DIR="$work/run"
. "$LABCTL_TEST_SUPPORT/traces.sh"
trap '"$LABCTL" lab down --name trixie >/dev/null 2>&1; rm -rf "$work"' EXIT
run lab up --name trixie --os trixie --os core2=bookworm
expect_status 0
for node in core1 core3 core4; do
  run lab exec --name trixie "$node" -- cat /etc/os-release
  expect_output "trixie"
done
run lab exec --name trixie core2 -- cat /etc/os-release
expect_output "bookworm"

run test new-service --inventory "$LABCTL_STATE_DIR/labs/trixie/client/inventory.yaml"
expect_status 0
run lab down --name trixie
expect_status 0
expect_nothing_left "after lab down" trixie
