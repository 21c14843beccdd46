# A lab of sixteen nodes: all come up, every engine answers through its own tunnel, a scenario passes, and
# nothing is left afterwards.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
. "$LABCTL_TEST_SUPPORT/traces.sh"
export LABCTL_STATE_DIR=/var/lib/labctl-test-sixteen
unset LABCTL_INVENTORY
name=sixteen
trap '"$LABCTL" tunnels down --inventory "$inventory" >/dev/null 2>&1; "$LABCTL" lab down --name $name >/dev/null 2>&1; rm -rf "$work" "$LABCTL_STATE_DIR"' EXIT
inventory=$LABCTL_STATE_DIR/labs/$name/client/inventory.yaml

run lab up --name $name --nodes 16
expect_status 0
run lab status --name $name
expect_status 0
for number in $(seq 16); do expect_output "core$number "; done
run --inventory "$inventory" tunnels up
expect_status 0
expect_error "17 forwards ok"
for number in $(seq 16); do
  run_command curl -sf --unix-socket "$LABCTL_RUNTIME_DIR/$name/docker_core$number.sock" http://docker/info
  expect_status 0
  expect_output "\"Name\":\"core$number\""
done
run_command "$LABCTL" --inventory "$inventory" run -- sh -c 'curl -sf "$CONSUL_HTTP_ADDR/v1/catalog/nodes"'
expect_status 0
for number in $(seq 16); do expect_output "\"core$number\""; done
run --inventory "$inventory" doctor --strict
expect_status 0
cd "$work" || exit 1
run --inventory "$inventory" test new-service
expect_status 0
run --inventory "$inventory" tunnels down
expect_status 0
run lab down --name $name
expect_status 0
rm -rf "$LABCTL_STATE_DIR"
expect_equal "" "$(everything $name)" "what is left"
