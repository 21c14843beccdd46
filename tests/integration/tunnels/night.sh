# A daemon that nobody looks after for ten minutes, with a node whose host key has changed and one that does not
# take the key any more: it must give up before an sshd that counts failed logins bans this machine
# (PerSourcePenalties of OpenSSH 9.8, on by default).
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
. "$LABCTL_TEST_SUPPORT/own_network.sh"
root=${LABCTL_CACHE_DIR:-/var/cache/labctl}/roots/node-trixie
[ -x "$root/usr/sbin/sshd" ] || fail "no sshd in $root: run tools/setup --os trixie"

minutes=10
# The tries of a login that only a person can repair (Backoff::Policy), and one that was under way.
most=7

ip link set lo up
chmod 0755 "$work"
ssh-keygen -q -t ed25519 -N "" -f "$work/key"
ssh-keygen -q -t ed25519 -N "" -f "$work/other"
# start NODE ADDRESS: the sshd of a node, with the files in $work/NODE. It copies them at its start, so both
# nodes can have one folder, with the engine's socket.
mkdir "$work/shared"
start() {
  rm -f "$work/$1.log"
  cp "$work/$1/"* "$work/shared/"
  unshare --mount --pid --fork --kill-child "$here/sshd-node" "$root" "$work/shared" 22 -o "ListenAddress=$2" \
    -o LogLevel=VERBOSE 2>"$work/$1.log" &
  sshds[$1]=$!
  await 20 "sshd of $1" grep -qs "Server listening on $2" "$work/$1.log"
}
restart() {
  kill -KILL "${sshds[$1]}"
  wait "${sshds[$1]}" 2>/dev/null
  start "$1" "$2"
}
trust() { echo "$1 $(cut -d' ' -f1,2 "$2")"; }

declare -A sshds=() addresses=([core1]=127.0.0.11 [core2]=127.0.0.12)
for node in core1 core2; do
  mkdir "$work/$node"
  ssh-keygen -q -t ed25519 -N "" -f "$work/$node/host_ed25519_key"
  cat "$work/key.pub" "$work/other.pub" >"$work/$node/authorized_keys"
  trust "${addresses[$node]}" "$work/$node/host_ed25519_key.pub" >>"$work/known_hosts"
  start $node "${addresses[$node]}"
done
/usr/bin/python3 "$here/ends.py" "$work/shared/docker.sock" 127.0.0.1 >"$work/ends.log" 2>&1 &
await 20 "the remote ends" grep -qs ready "$work/ends.log"

export LABCTL_RUNTIME_DIR=$work/run HOME=$work
unset XDG_RUNTIME_DIR SSH_AUTH_SOCK LABCTL_INVENTORY
cat >"$work/inventory.yaml" <<Y
version: 1
name: night
defaults: {user: core, identity: $work/key, known_hosts: $work/known_hosts}
nodes: {core1: {address: ${addresses[core1]}}, core2: {address: ${addresses[core2]}}}
consul: {remote: "127.0.0.1:8500", local: "127.0.0.1:18500"}
docker: {remote: $work/shared/docker.sock}
Y
run --inventory "$work/inventory.yaml" tunnels up
expect_status 0

# Case a_key_that_nobody_repairs_is_tried_a_few_times
rm "$work/core1/host_ed25519_key"*
ssh-keygen -q -t ed25519 -N "" -f "$work/core1/host_ed25519_key"
cp "$work/other.pub" "$work/core2/authorized_keys"
for node in core1 core2; do restart $node "${addresses[$node]}"; done
begun=$SECONDS
says() {
  run --inventory "$work/inventory.yaml" tunnels status
  [[ $out == *"$1"*"$2"* ]]
}
await 60 "core1 to say when it tries again" says core1 "no session, next try at"
await 60 "core2 to say when it tries again" says core2 "no session, next try at"
given_up() { says "core1  no session, given up" "core2  no session, given up"; }
await_event() { sleep 1; }
await $((minutes * 60)) "both nodes to be given up" given_up
echo "given up after $((SECONDS - begun)) s"
# The sshds hear nothing more from it.
while [ "$SECONDS" -lt $((begun + minutes * 60)) ]; do sleep 1; done
for node in core1 core2; do
  count=$(grep -c "Connection from" "$work/$node.log")
  echo "$node: $count connections in $minutes minutes"
  if [ "$count" -lt 2 ] || [ "$count" -gt $most ]; then
    fail "2 to $most connections to $node: $(cat "$work/$node.log")"
  fi
  # Each failed login counts ("deferred penalty"); only many in a short time become a ban.
  ! grep -E "active penalty|drop connection" "$work/$node.log" || fail "$node banned this machine"
  grep -q "deferred penalty" "$work/$node.log" || fail "an sshd that counts failed logins"
done

# Case who_repairs_it_is_let_in: no sshd banned this machine, and the daemon sees the repair.
for node in core1 core2; do trust "${addresses[$node]}" "$work/$node/host_ed25519_key.pub"; done >"$work/known_hosts"
cp "$work/other" "$work/key"
cp "$work/other.pub" "$work/key.pub"
await 60 "both nodes to be logged in" "$LABCTL" --inventory "$work/inventory.yaml" tunnels status
run --inventory "$work/inventory.yaml" tunnels down
expect_status 0
