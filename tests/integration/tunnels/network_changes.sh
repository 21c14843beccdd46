# Changes of a real network, in a network namespace of its own: a daemon that waits for its next login tries at
# once, and a session whose address is gone is lost soon.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
root=${LABCTL_CACHE_DIR:-/var/cache/labctl}/roots/node-bookworm
if [ "$(id -u)" != 0 ] || [ ! -x "$root/usr/sbin/sshd" ]; then
  echo "skipped: needs root and the node root (tools/setup)"
  exit 77
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Everything ends with the first process of the namespace.
if [ "${1-}" != inside ]; then
  rm -rf "$work"
  exec unshare --net --mount --pid --fork --kill-child --mount-proc bash "$here/network_changes.sh" inside
fi

address=10.99.0.2  # of the node, in a namespace of its own
ours=10.99.0.1
chmod 0755 "$work"
ssh-keygen -q -t ed25519 -N "" -f "$work/key"
ssh-keygen -q -t ed25519 -N "" -f "$work/host_ed25519_key"
cp "$work/key.pub" "$work/authorized_keys"
echo "[$address]:2222 $(cut -d' ' -f1,2 "$work/host_ed25519_key.pub")" >"$work/known_hosts"

# The node waits for its end of the link.
coproc NODE {
  exec unshare --net --mount sh -c 'echo here && read -r go && ip link set lo up &&
    ip address add "$1/24" dev test1 && ip link set test1 up && shift &&
    exec sh "$@" 2>"$3/sshd.log"' sh $address "$here/sshd-node" "$root" "$work" 2222 -o ListenAddress=$address
}
read -r -t 20 -u "${NODE[0]}" _ || fail "the node does not start"
ip link set lo up
ip link add test0 type veth peer name test1 || fail "no veth"
ip address add $ours/24 dev test0
ip link set test0 up
# shellcheck disable=SC2153  # coproc sets it
ip link set test1 netns "$NODE_PID" || fail "the link does not reach the node"
node_pid=$NODE_PID
echo go >&"${NODE[1]}"
sshd_listens() { grep -qs "Server listening on $address" "$work/sshd.log"; }
await 20 "sshd" sshd_listens
nsenter --net="/proc/$node_pid/ns/net" /usr/bin/python3 "$here/ends.py" "$work/docker.sock" 127.0.0.1 >"$work/ends.log" 2>&1 &
ends_ready() { grep -qs ready "$work/ends.log"; }
await 20 "the remote ends" ends_ready

export LABCTL_RUNTIME_DIR=$work/run HOME=$work
unset XDG_RUNTIME_DIR SSH_AUTH_SOCK LABCTL_INVENTORY
cat >"$work/inventory.yaml" <<Y
version: 1
name: net
defaults: {user: core, port: 2222, identity: $work/key, known_hosts: $work/known_hosts}
nodes: {core1: {address: $address}}
consul: {remote: "127.0.0.1:8500", local: "127.0.0.1:18500"}
docker: {remote: $work/docker.sock}
Y
log=$LABCTL_RUNTIME_DIR/net/daemon.log
# Prints a value of the status: an expression over the node n.
node() {
  "$LABCTL" --inventory "$work/inventory.yaml" --json tunnels status |
    python3 -c "import json, sys, time; s = json.load(sys.stdin); n = s['nodes'][0]; print($1)"
}
is_up() { "$LABCTL" --inventory "$work/inventory.yaml" tunnels status >/dev/null; }
logged() { grep -q "$1" "$log"; }

run --inventory "$work/inventory.yaml" tunnels up
expect_status 0

# Case a_link_that_goes_down_is_noticed: the session is lost by the short deadline after a change, not by the long one of silence.
ip link set test0 down
await 40 "the loss of the session" logged "core1: connection lost: no answer since the network has changed"

# Case a_daemon_that_waits_tries_at_once: the wait grows. When it is long, the link comes back: the session is up before the next try was due.
long_wait() { [ "$(node "int((n['next_attempt'] or 0) - time.time() > 12)")" = 1 ]; }
await 90 "a long wait of the backoff" long_wait
due=$(node "n['next_attempt']")
ip link set test0 up
await 60 "the session after the link" is_up
expect_equal 1 "$(node "int(n['since'] < $due - 3)")" "the session is up before the next try was due"
logged "the network has changed: looking at the sessions" || fail "the change is not in the log"

# The address goes and comes.
lost_before=$(grep -c "core1: connection lost" "$log")
ip address del $ours/24 dev test0
lost_again() { [ "$(grep -c "core1: connection lost" "$log")" -gt "$lost_before" ] || ! is_up; }
await 40 "the loss after the address" lost_again
ip address add $ours/24 dev test0
await 60 "the session after the address" is_up

run --inventory "$work/inventory.yaml" tunnels down
expect_status 0
