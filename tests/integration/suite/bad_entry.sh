# An entry below app/ that cannot be parsed: each node's Consul stays up, and everything works again once the
# entry is removed.
. "$LABCTL_TEST_SUPPORT/shell.sh"

nodes="core1 core2 core3 core4"
labctl_exec() { "$LABCTL" lab exec --name check "$@"; }
on_core1() { labctl_exec core1 -- docker exec cluster_consul_1 "$@"; }
mend() { on_core1 consul kv delete app/broken.00000 >/dev/null; }
trap 'mend; rm -rf "$work"' EXIT

started() {
  for node in $nodes; do
    labctl_exec "$node" -- docker inspect --format '{{.Name}} {{.State.Status}} {{.State.StartedAt}}' cluster_consul_1
  done
}

before=$(started)
on_core1 consul kv put app/broken.00000 '{"master": core1}' >/dev/null || fail "cannot write the entry"
for node in $nodes; do
  # Only new log lines count; this line is repeated every second.
  labctl_exec "$node" -- timeout 30 sh -c \
    'docker logs --follow --tail 0 cluster_consul_1 2>&1 | grep --max-count=1 "consul-template ended"' ||
    fail "consul-template on $node to have met the entry"
done
expect_equal "$before" "$(started)" "cluster_consul_1 of every node"
mend

run test new-service
expect_status 0
