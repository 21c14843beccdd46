# A name with two addresses, in a network namespace of its own: the IPv6 one, which comes first, swallows every
# packet; sshd listens at the IPv4 one.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
. "$LABCTL_TEST_SUPPORT/own_network.sh"

ip link set lo up
ip address add 192.0.2.1/32 dev lo
# Nobody at the other end has this address, and nobody is asked for it: what is sent there is gone.
ip link add hole type veth peer name nobody || fail "no veth"
ip link set nobody up && ip link set hole up
ip address add 2001:db8::2/64 dev hole nodad
ip neighbour add 2001:db8::1 lladdr 02:00:00:00:00:01 dev hole || fail "no neighbour"
printf '%s\n' "2001:db8::1 core1" "192.0.2.1 core1" >"$work/hosts"
mount --bind "$work/hosts" /etc/hosts || fail "no /etc/hosts of our own"
case $(getent ahosts core1) in
  2001:db8::1*192.0.2.1*) ;;
  *) fail "the IPv6 address of core1 must come first: $(getent ahosts core1)" ;;
esac

chmod 0755 "$work"
mkdir "$work/node"
ssh-keygen -q -t ed25519 -N "" -f "$work/key"
ssh-keygen -q -t ed25519 -N "" -f "$work/node/host_ed25519_key"
cp "$work/key.pub" "$work/node/authorized_keys"
echo "[core1]:2222 $(cut -d' ' -f1,2 "$work/node/host_ed25519_key.pub")" >"$work/known_hosts"
unshare --mount "$here/sshd-node" "$root" "$work/node" 2222 -o ListenAddress=192.0.2.1 2>"$work/sshd.log" &
sshd_listens() { grep -qs "Server listening on 192.0.2.1" "$work/sshd.log"; }
await 20 "sshd" sshd_listens
/usr/bin/python3 "$here/ends.py" "$work/node/docker.sock" 127.0.0.1 >"$work/ends.log" 2>&1 &
ends_ready() { grep -qs ready "$work/ends.log"; }
await 20 "the remote ends" ends_ready
# A line for each TCP packet that goes into the hole (IPv6 header at 14, its next header at 20, port at 56).
/usr/bin/python3 -u -c '
import socket
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
link.bind(("hole", 0))
print("ready")
while True:
    packet = link.recv(2048)
    if packet[12:14] == b"\x86\xdd" and packet[20] == 6: print("swallowed", int.from_bytes(packet[56:58], "big"))
' >"$work/hole.log" 2>&1 &
hole_ready() { grep -qs ready "$work/hole.log"; }
await 20 "the eyes on the hole" hole_ready

export LABCTL_RUNTIME_DIR=$work/run HOME=$work
unset XDG_RUNTIME_DIR SSH_AUTH_SOCK LABCTL_INVENTORY
cat >"$work/inventory.yaml" <<Y
version: 1
name: two
defaults: {user: core, port: 2222, identity: $work/key, known_hosts: $work/known_hosts}
nodes: {core1: {address: core1}}
consul: {remote: "127.0.0.1:8500", local: "127.0.0.1:18500"}
docker: {remote: $work/node/docker.sock}
Y
swallowed() { grep -c "swallowed 2222" "$work/hole.log"; }

# Case a_login_falls_back_to_the_address_that_answers: the login has a deadline of 8 s for all addresses together.
run --inventory "$work/inventory.yaml" tunnels up
expect_status 0
[ "$(swallowed)" -gt 0 ] || fail "the IPv6 address was not tried"
expect_equal OK "$(curl --silent --max-time 10 --unix-socket "$work/run/two/docker_core1.sock" http://x/_ping)" "the answer of docker"
run --inventory "$work/inventory.yaml" tunnels down
expect_status 0

# Case the_hole_alone_is_no_answer: without the IPv4 address it is the hole that ends the login.
mkdir -m 700 "$work/.ssh"
printf '%s\n' "Host core1" "AddressFamily inet6" >"$work/.ssh/config"
run --inventory "$work/inventory.yaml" tunnels up
expect_status 2
expect_error "no answer from core1 port 2222"
