# IPv6 everywhere, in a network namespace of its own: a node at ::1, one at a link-local address with its zone,
# local and remote ends. Where ssh has a word in it, the installed ssh is asked the same.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
. "$LABCTL_TEST_SUPPORT/own_network.sh"

zone=fe80::7%link0
ip link set lo up
ip link add link0 type veth peer name link1 || fail "no veth"
ip link set link0 up && ip link set link1 up
ip address add fe80::7/64 dev link0 nodad || fail "no link-local address"
chmod 0755 "$work"
mkdir -m 700 "$work/.ssh"
ssh-keygen -q -t ed25519 -N "" -f "$work/key"
ssh-keygen -q -t ed25519 -N "" -f "$work/host_ed25519_key"
cp "$work/key.pub" "$work/authorized_keys"
host_key=$(cut -d' ' -f1,2 "$work/host_ed25519_key.pub")

unshare --mount "$here/sshd-node" "$root" "$work" 2222 -o 'ListenAddress=[::1]:2222' \
  -o "ListenAddress=[$zone]:2222" -o 'ListenAddress=[::1]:22' -o "ListenAddress=[$zone]:22" 2>"$work/sshd.log" &
sshd_listens() { [ "$(grep -cs "Server listening on .*::" "$work/sshd.log")" = 4 ]; }
await 20 "sshd" sshd_listens
/usr/bin/python3 "$here/ends.py" "$work/docker.sock" ::1 >"$work/ends.log" 2>&1 &
ends_ready() { grep -qs ready "$work/ends.log"; }
await 20 "the remote ends" ends_ready

export LABCTL_RUNTIME_DIR=$work/run HOME=$work
unset XDG_RUNTIME_DIR SSH_AUTH_SOCK LABCTL_INVENTORY
inventory() {  # DEFAULTS NODES [FORWARDS]
  cat >"$work/inventory.yaml" <<Y
version: 1
name: six
defaults: {user: core$1}
nodes: {$2}
consul: {remote: "[::1]:8500", local: "[::1]:18500"}
docker: {remote: $work/docker.sock}
${3-}
Y
}
tunnels() { run --inventory "$work/inventory.yaml" tunnels "$@"; }
get() { curl --silent --show-error --max-time 10 --noproxy '*' "$@"; }

# Case nodes_ends_and_consul_may_have_ipv6_addresses: known_hosts of the inventory, with a port.
printf '[::1]:2222 %s\n[%s]:2222 %s\n' "$host_key" "$zone" "$host_key" >"$work/known_hosts"
inventory ", identity: $work/key, port: 2222, known_hosts: $work/known_hosts" \
  "core1: {address: '::1'}, core2: {address: '$zone'}" 'forwards:
  - {name: web, via: core2, local: "[::1]:18080", remote: "[::1]:8500"}
  - {name: back, via: core1, listen: "[::1]:18081", to: "[::1]:8500"}'
tunnels up
expect_status 0
expect_equal '"10.0.0.1:8300"' "$(get 'http://[::1]:18500/v1/status/leader')" "Consul's answer"
expect_equal OK "$(get --unix-socket "$work/run/six/docker_core2.sock" http://x/_ping)" "the answer through the link-local node"
expect_equal OK "$(get 'http://[::1]:18080/_ping')" "the answer of a local forward"
expect_equal OK "$(get 'http://[::1]:18081/_ping')" "the answer of a remote forward"
run --inventory "$work/inventory.yaml" env
expect_output "CONSUL_HTTP_ADDR='[::1]:18500'"
tunnels down
expect_status 0

# Case a_zone_is_read_and_looked_up_as_ssh_does: ssh_config and known_hosts, with and without a port. Each line
# is the host that is asked for, and lines of the configuration; all of them log in with ssh too.
both() {  # HOST CONFIG KNOWN_HOSTS...
  local host=$1 line
  printf '%s\n' "$2" "Host *" "IdentityFile $work/key" "IdentitiesOnly yes" "UserKnownHostsFile $work/kh" \
    "GlobalKnownHostsFile none" "StrictHostKeyChecking yes" >"$work/.ssh/config"
  shift 2
  for line; do printf '%s %s\n' "$line" "$host_key"; done >"$work/kh"
  ssh -F "$work/.ssh/config" -o BatchMode=yes -l core "$host" true 2>"$work/ssh.err"
  local theirs=$?
  inventory "" "core1: {address: '$host'}"
  tunnels up
  [ $((theirs == 0)) = $((status == 0)) ] ||
    fail "ssh $host: $theirs ($(cat "$work/ssh.err")), labctl: $status; $(cat "$work/.ssh/config" "$work/kh")"
  tunnels down
  expect_equal "$expected" "$theirs" "ssh's status for $host ($(cat "$work/ssh.err")) with $(cat "$work/.ssh/config" "$work/kh")"
}
expected=0
both "$zone" "Host fe80::7%*" "$zone"
both "$zone" "Port 2222" "[$zone]:2222"
both "$zone" "Port 2222" "$zone"
both FE80::7%link0 "Port 2222" "[$zone]:2222"
both zoned "Host zoned
HostName fe80::7%%link0" "$zone"
both zoned "Host zoned
HostName ::1
Port 2222" "[::1]:2222"
both behind "Host behind
HostName ::1
Port 2222
ProxyJump core@[${zone/\%/%%}]:2222" "[::1]:2222" "[$zone]:2222"
expected=255
both "$zone" "Port 2222" "fe80::7" "[fe80::7]:2222"
both zoned "Host zoned
HostName fe80::7%link0" "$zone"
both fe80::7%nolink "" "fe80::7%nolink"
both behind "Host behind
HostName ::1
Port 2222
ProxyJump core@[$zone]:2222" "[::1]:2222" "[$zone]:2222"
