# From nothing to a green scenario without editing a file: a real salt-master on this machine, a real minion in the
# network of each of the lab's nodes, then the three commands that a person types.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"

salt=${LABCTL_CACHE_DIR:-/var/cache/labctl}/salt/current
[ -x "$salt/bin/python" ] || fail "Salt at $salt expected: run tools/setup salt"
lab=$(sed -n 's/^name: //p' "$LABCTL_INVENTORY")
client=$(dirname "$LABCTL_INVENTORY")
nodes=(core1 core2 core3 core4)
processes=()
end() {
  "$LABCTL" tunnels down --inventory "$work/own.yaml" >/dev/null 2>&1
  [ ${#processes[@]} -eq 0 ] || kill -KILL "${processes[@]}" 2>/dev/null
  wait 2>/dev/null
  rm -rf "$work"
}
trap end EXIT

first=$(sed -n 's/.*core1: {address: \([0-9.]*\).*/\1/p' "$LABCTL_INVENTORY")
master=$(ip -4 -o route get "$first" | sed -n 's/.* src \([0-9.]*\).*/\1/p')
[ -n "$master" ] || fail "an address of this machine in the network of $first"
mkdir "$work/master"
cat >"$work/master/master" <<CONFIG
interface: $master
root_dir: $work/master/root
auto_accept: true
worker_threads: 2
user: root
CONFIG
# Salt's processes end with the first of their own.
alone=(unshare --pid --fork --kill-child --mount-proc)
"${alone[@]}" "$salt/bin/python" "$salt/bin/salt-master" -c "$work/master" -l warning >"$work/master.log" 2>&1 &
processes+=($!)

for node in "${nodes[@]}"; do
  mkdir -p "$work/$node/ssh"
  # The node's own host keys. The minion runs in the node's network, with these in /etc/ssh.
  "$LABCTL" lab exec --name "$lab" "$node" -- sh -c 'cd /etc/ssh && tar -c ssh_host_*_key.pub' | tar -C "$work/$node/ssh" -x ||
    fail "the host keys of $node"
  cat >"$work/$node/minion" <<CONFIG
id: $node
master: $master
root_dir: $work/$node/root
user: root
acceptance_wait_time: 1
random_reauth_delay: 1
CONFIG
  nsenter --net="$LABCTL_STATE_DIR/labs/$lab/netns/$node" "${alone[@]}" --mount sh -c 'mount --bind "$1" /etc/ssh; shift; exec "$@"' \
    minion "$work/$node/ssh" "$salt/bin/python" "$salt/bin/salt-minion" -c "$work/$node" -l warning >"$work/$node.log" 2>&1 &
  processes+=($!)
done

mkdir "$work/bin"
printf '#!/bin/sh\nexec "%s" "%s" -c "%s" --timeout=15 "$@"\n' "$salt/bin/python" "$salt/bin/salt" "$work/master" >"$work/bin/salt"
chmod +x "$work/bin/salt"
all_answer() {
  [ "$("$work/bin/salt" --static --out=json -L core1,core2,core3,core4 test.ping 2>/dev/null | grep -c ': true')" = 4 ]
}
await 120 "four minions that answer; $(tail -qn 3 "$work"/*.log)" all_answer

PATH=$work/bin:$PATH run inventory from-salt --run --host-keys --identity "$client/id_ed25519" -o "$work/own.yaml"
expect_status 0
run tunnels up --inventory "$work/own.yaml"
expect_status 0
run test new-service --inventory "$work/own.yaml" --report "$work/report"
expect_status 0
