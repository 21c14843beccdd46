# A real salt-master and four real minions: the output of `salt '*' grains.get ip4_interfaces:eth0` becomes an
# inventory.
#
#   from_salt.sh         the forms that people use most
#   from_salt.sh --all   every outputter that salt has, and every option that prints more around the answers
#
# Each minion has its own network with an eth0; the master is on the bridge between them. Everything runs in
# one private tree of namespaces: when it ends, for whatever reason, everything in it ends.
if [ -z "${SALT_TEST_INSIDE:-}" ]; then
  export SALT_TEST_INSIDE=yes
  exec unshare --net --mount --uts --pid --fork --kill-child --mount-proc bash "$0" "$@"
fi

. "$LABCTL_TEST_SUPPORT/shell.sh"

salt=${LABCTL_CACHE_DIR:-/var/cache/labctl}/salt/current
[ -x "$salt/bin/python" ] || fail "Salt at $salt expected: run tools/setup salt"
nodes="core1 core2 core3 core4"
salt_program() {
  local name=$1
  shift
  "$salt/bin/python" "$salt/bin/$name" -c "$work/master" "$@"
}

mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir /run/netns

ip link set lo up
ip link add salt type bridge
ip address add 192.168.122.1/24 dev salt
ip link set salt up

mkdir "$work/master"
cat > "$work/master/master" <<CONFIG
interface: 192.168.122.1
root_dir: $work/master/root
auto_accept: true
worker_threads: 2
user: root
CONFIG
"$salt/bin/python" "$salt/bin/salt-master" -c "$work/master" -l warning > "$work/master.log" 2>&1 &

declare -A minion
number=0
for node in $nodes; do
  number=$((number + 1))
  ip netns add "$node"
  ip link add "$node" type veth peer name eth0 netns "$node"
  ip link set "$node" master salt up
  ip -n "$node" link set lo up
  ip -n "$node" address add "192.168.122.$((90 + number))/24" dev eth0
  ip -n "$node" link set eth0 up
  mkdir -p "$work/$node/ssh"
  ssh-keygen -q -t ed25519 -N '' -C "root@$node" -f "$work/$node/ssh/ssh_host_ed25519_key"
  ssh-keygen -q -t ecdsa -N '' -C "root@$node" -f "$work/$node/ssh/ssh_host_ecdsa_key"
  cat > "$work/$node/minion" <<CONFIG
id: $node
master: 192.168.122.1
root_dir: $work/$node/root
user: root
acceptance_wait_time: 1
random_reauth_delay: 1
CONFIG
  # Each minion has its own host keys, as machines do.
  nsenter --net="/run/netns/$node" unshare --mount sh -c 'mount --bind "$1" /etc/ssh; shift; exec "$@"' minion \
    "$work/$node/ssh" "$salt/bin/python" "$salt/bin/salt-minion" -c "$work/$node" -l warning > "$work/$node.log" 2>&1 &
  minion[$node]=$!
done

# Salt itself waits for the answers, five seconds each time.
all_answer() {
  local answers
  for _ in {1..24}; do
    answers=$(salt_program salt --timeout=5 --static --out=json -L core1,core2,core3,core4 test.ping 2> /dev/null |
      grep -c ': true')
    [ "$answers" != 4 ] || return 0
  done
  return 1
}
all_answer || fail "four minions expected to answer; see: $(tail -n 5 "$work"/*.log)"

grains() { salt_program salt --timeout=5 "$@" '*' grains.get ip4_interfaces:eth0 > "$work/grains" 2>&1; }

# The nodes and addresses that `labctl inventory from-salt -` reads from $work/grains.
from_salt() {
  command="labctl inventory from-salt -   (of: $(cat "$work/grains"))"
  "$LABCTL" inventory from-salt - < "$work/grains" > "$work/inventory.yaml" 2> "$work/err"
  status=$?
  out=$(< "$work/inventory.yaml") err=$(< "$work/err")
  expect_status 0
  "$salt/bin/python" - "$work/inventory.yaml" > "$work/nodes" <<'PYTHON' || fail "an inventory expected"
import sys, yaml
for name, node in sorted(yaml.safe_load(open(sys.argv[1]))["nodes"].items()):
    print(name, node["address"])
PYTHON
}

four="core1 192.168.122.91
core2 192.168.122.92
core3 192.168.122.93
core4 192.168.122.94"

# The forms after the line "all" are only for --all.
while read -r -a options; do
  if [ "${options[0]}" = all ]; then
    [ "${1-}" = --all ] && continue
    break
  fi
  grains "${options[@]}" || fail "salt ${options[*]} failed: $(cat "$work/grains")"
  from_salt
  expect_equal "$four" "$(< "$work/nodes")" "nodes from salt ${options[*]}"
  run inventory check --inventory "$work/inventory.yaml"
  expect_status 0
done << 'OPTIONS'
--force-color
--out=json
--out=json --static
--out=yaml
--out=txt
--out=table
--summary
-b 2
all
--no-color
--out=json --out-indent=-1
--out=yaml --out-indent=-1
--out=raw
--out=pprint
--out=pprint --static
--out=highstate
--out=newline_values_only
--out=quiet
--show-jid
--verbose
-b 2 --out=json
-b 2 --out=yaml
-b 2 --out=txt
OPTIONS

# The mapping of all interfaces; labctl takes eth0 from it.
forms="nested json table"
[ "${1-}" != --all ] || forms="nested json yaml txt raw pprint table highstate"
for form in ${forms% highstate}; do
  salt_program salt --timeout=5 "--out=$form" '*' grains.get ip4_interfaces > "$work/grains" 2>&1
  from_salt
  expect_equal "$four" "$(< "$work/nodes")" "nodes from all interfaces, --out=$form"
done

# Output without the names of minions is refused, with the name of that output.
salt_program salt --timeout=5 --out=key '*' grains.get ip4_interfaces:eth0 > "$work/grains" 2>&1
run inventory from-salt "$work/grains"
expect_status 2
expect_error "--out=key is for salt-key"
nsenter --net=/run/netns/core1 "$salt/bin/python" "$salt/bin/salt-call" -c "$work/core1" grains.get ip4_interfaces:eth0 \
  > "$work/grains" 2>&1
run inventory from-salt "$work/grains"
expect_status 2
expect_error "this is what salt-call prints"

# labctl runs salt itself and collects the host keys of the minions.
mkdir "$work/bin"
printf '#!/bin/sh\nexec "%s" "%s" -c "%s" "$@"\n' "$salt/bin/python" "$salt/bin/salt" "$work/master" > "$work/bin/salt"
chmod +x "$work/bin/salt"
PATH=$work/bin:$PATH run inventory from-salt --run --host-keys -o "$work/own.yaml"
expect_status 0
expect_equal 600 "$(stat -c %a "$work/own.known_hosts")" "mode of known_hosts"
for number in 1 2 3 4; do
  for type in ed25519 ecdsa; do
    read -r kind key _ < "$work/core$number/ssh/ssh_host_${type}_key.pub"
    grep -qxF "192.168.122.$((90 + number)) $kind $key" "$work/own.known_hosts" || fail "$type key of core$number expected"
  done
done
! grep -q PRIVATE "$work/own.known_hosts" || fail "no private key expected"
run inventory show --json --inventory "$work/own.yaml"
expect_output "\"known_hosts\": \"$work/own.known_hosts\""

# A minion that does not answer is named and left out.
mapfile -t processes < <(pgrep -P "${minion[core3]}")
disown "${minion[core3]}"  # bash would tell of its end, into the next answers
kill -9 "${minion[core3]}" "${processes[@]}"
three=$(grep -v core3 <<< "$four")
for form in $forms; do
  grains --force-color "--out=$form"
  from_salt
  expect_equal "$three" "$(< "$work/nodes")" "nodes from the $form form without core3"
  expect_error core3
done
echo "nodes from salt $(salt_program salt --version): ${1-} with and without a silent minion; host keys"
