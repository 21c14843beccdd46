# Checks that the shared lab has nothing of the test service, as later tests require. Sourced after shell.sh.
# shellcheck disable=SC2154  # shell.sh sets $out

expect_empty_cluster() {
  run_command "$LABCTL" lab exec --name check core1 -- docker exec cluster_consul_1 consul kv get -keys app/
  expect_status 0
  expect_equal "" "$out" "keys of apps in the KV store"
  for node in core1 core2 core3 core4; do
    run_command "$LABCTL" lab exec --name check "$node" -- docker ps -aq --filter name=clusterlabtestservice
    expect_equal "" "$out" "containers of the service on $node"
    run_command "$LABCTL" lab exec --name check "$node" -- find /deploy -mindepth 1 -maxdepth 1 -name 'cluster_lab_test_service_*'
    expect_equal "" "$out" "clones on $node"
  done
}

# Destroying an app leaves its snapshots: this removes those whose names begin with $1, on every node.
remove_snapshots() {
  local node
  for node in core1 core2 core3 core4; do
    "$LABCTL" lab exec --name check "$node" -- sh -c \
      'cd /var/lib/buttervolume/snapshots && for one in "$1"*; do
        [ ! -e "$one" ] || docker exec cluster_consul_1 buttervolume rm "$one"
      done' remove-snapshots "$1" >/dev/null
  done
}
