# shellcheck disable=SC2034,SC2154  # shell.sh, faults.sh and these files use each other's variables
# Faults of Consul. They include a second Consul with other settings. Sourced by faults.sh.

plant_consul_node_missing() {
  fault "Consul's catalog forgets core4" \
    'in_node core1 -- docker exec cluster_consul_1 curl -sf -X PUT -d "$entry" localhost:8500/v1/catalog/register'
  # shellcheck disable=SC2034  # for the undo
  entry=$(in_node core1 -- docker exec cluster_consul_1 curl -sf localhost:8500/v1/catalog/node/core4 |
    python3 -c 'import json, sys
node = json.load(sys.stdin)["Node"]
print(json.dumps({name: node[name] for name in ("ID", "Node", "Address", "TaggedAddresses")}))')
  on core1 docker exec cluster_consul_1 curl -sf -X PUT -d '{"Node": "core4"}' localhost:8500/v1/catalog/deregister
  expect_findings consul-node-missing -- '"core4"' "core1, core2, core3"
}
plant_node_name_differs() {
  fault "the host of core3 has another name" "in_node core3 -- hostname core3"
  on core3 hostname node-c
  expect_findings node-name-differs -- '"core3"' node-c
}

# A second Consul in the container of core1 with other settings, and tunnels of their own to it.
other_consul() { # SETTINGS
  copy_client
  sed -i 's/^name: .*/name: doctor-other/; s#^consul: .*#consul: {via: [core1], remote: "localhost:18500", local: "{runtime}/c.sock"}#' \
    "$spoilt/inventory.yaml"
  undo='"$LABCTL" --inventory "$spoilt/inventory.yaml" tunnels down
    in_node core1 -- docker exec cluster_consul_1 sh -c "kill \$(cat /tmp/other.pid)"; doctor_options=()'
  in_node core1 -- docker exec -d cluster_consul_1 consul agent -dev -bind 127.0.0.1 -pid-file /tmp/other.pid \
    -http-port 18500 -dns-port -1 -grpc-port -1 -grpc-tls-port -1 -serf-lan-port 18301 -serf-wan-port 18302 -server-port 18303 -hcl "$1"
  await 20 "the other Consul" other_leads
}
other_leads() {
  [[ $(in_node core1 -- docker exec cluster_consul_1 curl -s localhost:18500/v1/status/leader) == *:18303* ]]
}
plant_consul_acl() {
  fault "Consul's ACLs deny everything" true
  local token=6b1d4b6e-0c51-4b0e-9f5e-000000000001
  other_consul "acl { enabled = true default_policy = \"deny\" tokens { initial_management = \"$token\" } }"
  run --inventory "$spoilt/inventory.yaml" tunnels up
  expect_status 0
  expect_findings consul-acl -- "403" "Permission denied" "set CONSUL_HTTP_TOKEN"

  # labctl's own calls: without a token, with one that Consul does not know, and with the right one.
  run --inventory "$spoilt/inventory.yaml" app list
  expect_status 2
  expect_one_line_error
  expect_error "needs key:read on app/: set CONSUL_HTTP_TOKEN"
  CONSUL_HTTP_TOKEN=${token%1}2 run --inventory "$spoilt/inventory.yaml" app list
  expect_status 2
  expect_error "set CONSUL_HTTP_TOKEN to a token that Consul knows"
  CONSUL_HTTP_TOKEN=$token run --inventory "$spoilt/inventory.yaml" app list
  expect_status 0
  echo "$token" >"$work/token"
  CONSUL_HTTP_TOKEN_FILE=$work/token run --inventory "$spoilt/inventory.yaml" app list
  expect_status 0

  # With the token the doctor can look, and writes it nowhere.
  CONSUL_HTTP_TOKEN=$token run --inventory "$spoilt/inventory.yaml" doctor --save "$work/bundle.tgz"
  [[ $out == *consul-node-missing* && $out != *consul-acl* ]] || fail "a look at the catalog of the other Consul"
  mkdir "$work/bundle"
  tar -xzf "$work/bundle.tgz" -C "$work/bundle" || fail "a bundle"
  ! grep -rq "${token%1}" "$work/bundle" "$work/out" "$work/err" || fail "no token in the bundle or in what is said"
}
plant_consul_too_many() {
  fault "Consul takes one connection more than there are" true
  other_consul 'limits { http_max_conns_per_client = 2 }'
  run --inventory "$spoilt/inventory.yaml" tunnels up
  expect_status 0
  for _ in 1 2; do
    in_node core1 -- docker exec -d cluster_consul_1 curl -s "localhost:18500/v1/kv/app?index=99999999&wait=60s"
  done
  await 10 "two connections" refused_for_many
  expect_findings consul-too-many -- "429"
}
refused_for_many() {
  [[ $(in_node core1 -- docker exec cluster_consul_1 curl -s -o /dev/null -w '%{http_code}' localhost:18500/v1/status/leader) == 429 ]]
}

plant_consul_no_leader() {
  fault "two of four Consul servers are stopped" 'start_all cluster_consul_1 && "$LABCTL" tunnels restart consul'
  since=$(date +%s)
  # Both at once: otherwise the remaining servers could elect a leader in between and remove the first one
  # from their list of servers.
  on core3 docker kill cluster_consul_1 &
  on core4 docker kill cluster_consul_1
  wait $!
  # The other servers keep their leader until it steps down or they miss it.
  for node in core1 core2; do
    on "$node" timeout 60 bash -c "grep -qm1 -e 'stepping down' -e 'starting election' < <(docker logs -f --since $since cluster_consul_1 2>&1)"
  done
  expect_findings consul-no-leader -- "cluster_consul_1 on core3 is exited" "cluster_consul_1 on core4 is exited"

  # The first fault is not undone in between: the other two servers are stopped too.
  fault "all Consul servers are stopped" "$undo"
  for node in core1 core2; do on "$node" docker kill cluster_consul_1; done
  expect_findings consul-forward-down -- "start cluster_consul_1"
}
