# A real Salt master on this machine and a real minion in the network of each node of the shared lab. Source it
# after shell.sh, call start_salt, and end_salt at the end.
# shellcheck disable=SC2154  # work is set by shell.sh
salt=${LABCTL_CACHE_DIR:-/var/cache/labctl}/salt/current
salt_processes=()

end_salt() {
  [ ${#salt_processes[@]} -eq 0 ] || kill -KILL "${salt_processes[@]}" 2>/dev/null
  wait "${salt_processes[@]}" 2>/dev/null
}

all_minions_answer() {
  [ "$("$work/bin/salt" --static --out=json -L core1,core2,core3,core4 test.ping 2>/dev/null | grep -c ': true')" = 4 ]
}

# start_salt INVENTORY: returns when every minion answers $work/bin/salt.
start_salt() {
  local inventory=$1 lab first master node
  # Salt's processes end with the first of their own.
  local alone=(unshare --pid --fork --kill-child --mount-proc)
  [ -x "$salt/bin/python" ] || fail "Salt at $salt expected: run tools/setup salt"
  lab=$(sed -n 's/^name: //p' "$inventory")
  first=$(sed -n 's/.*core1: {address: \([0-9.]*\).*/\1/p' "$inventory")
  master=$(ip -4 -o route get "$first" | sed -n 's/.* src \([0-9.]*\).*/\1/p')
  [ -n "$master" ] || fail "an address of this machine in the network of $first"
  mkdir -p "$work/master" "$work/bin"
  cat >"$work/master/master" <<CONFIG
interface: $master
root_dir: $work/master/root
auto_accept: true
worker_threads: 2
user: root
CONFIG
  "${alone[@]}" "$salt/bin/python" "$salt/bin/salt-master" -c "$work/master" -l warning >"$work/master.log" 2>&1 &
  salt_processes+=($!)
  for node in core1 core2 core3 core4; do
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
    salt_processes+=($!)
  done
  printf '#!/bin/sh\nexec "%s" "%s" -c "%s" --timeout=15 "$@"\n' "$salt/bin/python" "$salt/bin/salt" "$work/master" >"$work/bin/salt"
  chmod +x "$work/bin/salt"
  await 120 "four minions that answer; $(tail -qn 3 "$work"/*.log)" all_minions_answer
}
