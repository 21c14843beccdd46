# The master has sent a snapshot completely, but the slave has not received it yet when the app is cleaned up.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

repo=https://github.com/mlfmonde/cluster_lab_test_service
volume=clusterlabtestservicemaster89b06_anyblok_data
snapshots=/var/lib/buttervolume/snapshots
ssh=/var/lib/buttervolume/ssh # of the plugin, which sees it as /root/.ssh
slave_address=$(sed -n 's/.*core2: {address: \([0-9.]*\).*/\1/p' "$LABCTL_INVENTORY")

on() { "$LABCTL" lab exec --name check "$1" -- "${@:2}"; }
plugin() { on core1 docker exec cluster_consul_1 buttervolume "$@"; }
gone_from() { on "$1" test ! -e "$snapshots/$2"; }

# Every connection to core2's plugin waits until the file `open` exists.
close_gate() {
  on core2 sed -i 's|^ssh-|command="touch .ssh/arrived; until [ -e .ssh/open ]; do sleep 0.05; done; eval \\"$SSH_ORIGINAL_COMMAND\\"" ssh-|' \
    "$ssh/authorized_keys"
}
open_gate() { on core2 touch "$ssh/open"; }
remove_gate() {
  open_gate
  on core2 sed -i 's/^command=.* ssh-/ssh-/' "$ssh/authorized_keys"
  on core2 rm -f "$ssh/open" "$ssh/arrived"
}
trap 'remove_gate; rm -rf "$work"' EXIT

run app deploy --yes "$repo" master --master core1 --slave core2
expect_status 0
close_gate
name=$(plugin snapshot "$volume") || fail "no snapshot of $volume"
plugin send "$slave_address" "$name" >"$work/sent" 2>&1 &
await 60 "the send to come to core2" on core2 test -e "$ssh/arrived"

"$LABCTL" test unknown-event-logged >"$work/test" 2>&1 &
sweep=$!
await 60 "$name to be removed from core1" gone_from core1 "$name"
open_gate
wait "$sweep" || fail "the run to be green: $(<"$work/test")"
wait
expect_empty_cluster
for node in core1 core2; do
  run_command "$LABCTL" lab exec --name check "$node" -- sh -c "ls $snapshots | grep ^clusterlabtestservice"
  expect_equal "" "$out" "snapshots on $node"
done
