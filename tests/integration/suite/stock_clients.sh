# What other tools see through the forwards: the docker client and curl work without labctl.
. "$LABCTL_TEST_SUPPORT/shell.sh"

run tunnels up
expect_status 0
runtime="$LABCTL_RUNTIME_DIR/check"
expect_equal 700 "$(stat -c %a "$runtime")" "mode of the runtime folder"
for node in core1 core2 core3 core4; do
  socket="$runtime/docker_$node.sock"
  expect_equal "600 socket" "$(stat -c '%a %F' "$socket")" "mode and type of $socket"
  run_command curl -sf --unix-socket "$socket" http://docker/v1.41/containers/json
  expect_status 0
  for container in cluster_consul_1 cluster_haproxy_1 cluster_caddy_1; do expect_output "\"/$container\""; done
done

consul=$("$LABCTL" --json tunnels status | sed -n 's/.*"local": *"\(127.0.0.1:[0-9]*\)".*/\1/p' | head -1)
run_command curl -sf "http://$consul/v1/catalog/nodes"
expect_status 0
for node in core1 core2 core3 core4; do expect_output "\"Node\":\"$node\""; done

run tunnels status
expect_status 0
run tunnels up
expect_status 0
expect_error "already up"

run tunnels down
expect_status 0
left=$(find "$runtime" -type s)
expect_equal "" "$left" "sockets left"
run tunnels status
expect_status 1
