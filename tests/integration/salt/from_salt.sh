# A real salt-master and four real minions: what `salt '*' grains.get ip4_interfaces:eth0` prints becomes an inventory.
#
# Each minion has a network of its own with an eth0; the master sits on the bridge between them. All of it lives in one
# private tree of namespaces whose end, however it comes, ends everything in it.
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
  mkdir "$work/$node"
  cat > "$work/$node/minion" <<CONFIG
id: $node
master: 192.168.122.1
root_dir: $work/$node/root
user: root
acceptance_wait_time: 1
random_reauth_delay: 1
CONFIG
  nsenter --net="/run/netns/$node" \
    "$salt/bin/python" "$salt/bin/salt-minion" -c "$work/$node" -l warning > "$work/$node.log" 2>&1 &
  minion[$node]=$!
done

# Salt waits for answers itself, five seconds each time.
all_answer() {
  local attempt answers
  for attempt in {1..24}; do
    answers=$(salt_program salt --timeout=5 --static --out=json -L core1,core2,core3,core4 test.ping 2> /dev/null |
      grep -c ': true')
    [ "$answers" != 4 ] || return 0
  done
  return 1
}
all_answer || fail "four minions expected to answer; see: $(tail -n 5 "$work"/*.log)"

grains() { salt_program salt --timeout=5 "$@" '*' grains.get ip4_interfaces:eth0 > "$work/grains" 2>&1; }

# The nodes and addresses that `labctl inventory from-salt -` makes of $work/grains.
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

for form in nested json yaml; do
  option="--out=$form"
  [ "$form" != nested ] || option=--no-color  # the form salt prints by itself
  grains "$option" || fail "salt $option failed: $(cat "$work/grains")"
  from_salt
  expect_equal "$four" "$(< "$work/nodes")" "nodes from the $form form"
  expect_equal "" "$err" "stderr for the $form form"
  run inventory check --inventory "$work/inventory.yaml"
  expect_status 0
done

# One minion that does not answer is named, and left out.
mapfile -t processes < <(pgrep -P "${minion[core3]}")
kill -9 "${minion[core3]}" "${processes[@]}"
three=$(grep -v core3 <<< "$four")
for form in nested json yaml; do
  option="--out=$form"
  [ "$form" != nested ] || option=--force-color
  grains "$option"
  from_salt
  expect_equal "$three" "$(< "$work/nodes")" "nodes from the $form form without core3"
  expect_error core3
done
echo "nodes from salt $(salt_program salt --version): nested, json and yaml, with and without a silent minion"
