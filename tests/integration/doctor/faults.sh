# Plants one fault after the other on a healthy lab: the doctor names it, and only it, and finds nothing wrong again when it
# is undone.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"

lab=${LABCTL_TEST_LAB:-check}
client=$(dirname "${LABCTL_INVENTORY:?}")
sockets=${LABCTL_RUNTIME_DIR:?}/$lab
# What undoes the fault that is planted, should the test end early.
undo=true
trap '$undo >/dev/null 2>&1; "$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT

on() { # NODE CMD...: in a node, as root
  local node=$1
  shift
  run_command "$LABCTL" lab exec --name "$lab" "$node" -- "$@"
  expect_status 0
}
expect_healthy() {
  run doctor --strict
  expect_status 0
  expect_output "nothing wrong: 4 nodes, 5 forwards"
}
# expect_findings ID... -- WORD...: these findings and no others, with these words in the evidence or subjects.
expect_findings() {
  local wanted=
  while [ $# -gt 0 ] && [ "$1" != -- ]; do wanted+="$1 " && shift; done
  [ $# -gt 0 ] && shift
  run doctor --json "${doctor_options[@]}"
  expect_equal "$wanted" "$(sed -n 's/^ *"id": "\(.*\)",$/\1/p' <<<"$out" | tr '\n' ' ')" "findings"
  for word in "$@"; do expect_output "$word"; done
  expect_output '"remedy": "'
}
doctor_options=()
fault() { printf '%s\n' "- $1"; }

run tunnels up
expect_status 0
expect_healthy

fault "the daemon is stopped"
run tunnels down
expect_status 0
expect_findings daemon-not-running -- "labctl tunnels up"
expect_status 1

fault "the daemon is killed and leaves its sockets"
run tunnels up
expect_status 0
pid=$("$LABCTL" --json tunnels status | sed -n 's/^ *"pid": *\([0-9]*\).*/\1/p')
kill -9 "$pid" || fail "the daemon is process '$pid'"
tail --pid="$pid" -f /dev/null
expect_file "$sockets/docker_core3.sock"
expect_findings stale-socket -- docker_core3.sock "nobody listens"
expect_status 1
run doctor
expect_output "✗ stale-socket"
expect_output "remedy"
run doctor --fix
expect_error "removed $sockets/docker_core3.sock"
expect_no_file "$sockets/docker_core3.sock"
expect_findings daemon-not-running

run tunnels up
expect_status 0
expect_healthy

fault "the runtime folder is open to others"
undo="chmod 700 $sockets"
chmod 755 "$sockets"
expect_findings runtime-folder -- "mode 0755"
chmod 700 "$sockets"

fault "sshd of core3 is stopped (its session goes on)"
undo="'$LABCTL' lab exec --name $lab core3 -- /usr/sbin/sshd"
on core3 sh -c 'pid=$(cat /run/sshd.pid); kill "$pid"; tail --pid="$pid" -f /dev/null'
expect_findings node-unreachable -- '"core3"'
on core3 /usr/sbin/sshd
undo=true
expect_healthy

fault "core3 swallows what goes to its SSH port"
undo="'$LABCTL' lab exec --name $lab core3 -- iptables -D INPUT -p tcp --dport 22 -j DROP"
on core3 iptables -I INPUT -p tcp --dport 22 -j DROP
expect_findings node-unreachable -- '"core3"' "within 5 s"
on core3 iptables -D INPUT -p tcp --dport 22 -j DROP
undo=true
run tunnels down
expect_status 0
run tunnels up
expect_status 0
expect_healthy

fault "core3 forgets our key"
on core3 mv /home/core/.ssh/authorized_keys /home/core/.ssh/away
expect_findings key-refused -- '"core3"'
on core3 mv /home/core/.ssh/away /home/core/.ssh/authorized_keys

# Faults on our side: a copy of the client's files, to be spoilt.
spoilt=$work/client
copy_client() {
  rm -rf "$spoilt"
  cp -a "$client" "$spoilt"
  sed -i "s#$client#$spoilt#" "$spoilt/inventory.yaml"
  doctor_options=(--inventory "$spoilt/inventory.yaml")
}

fault "the key file is missing"
copy_client
rm "$spoilt/id_ed25519"
expect_findings identity-missing -- "$spoilt/id_ed25519"

fault "the key file is readable by others"
copy_client
chmod 644 "$spoilt/id_ed25519"
expect_findings identity-too-open -- "$spoilt/id_ed25519"

fault "the key is another one"
copy_client
rm "$spoilt/id_ed25519"*
ssh-keygen -q -t ed25519 -N '' -f "$spoilt/id_ed25519"
expect_findings key-refused -- '"core1"' '"core4"'

fault "known_hosts has lost core3"
copy_client
address=$(sed -n 's/.*core3: {address: \([0-9.]*\)}.*/\1/p' "$spoilt/inventory.yaml")
sed -i "/^$address[, ]/d; /core3/d" "$spoilt/known_hosts"
expect_findings host-key-unknown -- '"core3"'

fault "known_hosts has another key for core3"
copy_client
ssh-keygen -q -t ed25519 -N '' -f "$work/other"
sed -i "/^$address[, ]/d; /core3/d" "$spoilt/known_hosts"
echo "$address $(cut -d' ' -f1,2 "$work/other.pub")" >>"$spoilt/known_hosts"
expect_findings host-key-changed -- '"core3"'

fault "the inventory does not read"
copy_client
echo "nodez: 1" >>"$spoilt/inventory.yaml"
expect_findings inventory-invalid -- 'unknown key \"nodez\"'
doctor_options=()

fault "the engine of core3 is gone"
on core3 mv /run/docker.sock /run/docker.sock.away
undo="'$LABCTL' lab exec --name $lab core3 -- mv /run/docker.sock.away /run/docker.sock"
expect_findings docker-down -- '"core3"'
on core3 mv /run/docker.sock.away /run/docker.sock
undo=true
run tunnels restart docker_core3
expect_status 0

fault "the engine of core3 does not answer"
undo="'$LABCTL' lab exec --name $lab core3 -- pkill -CONT dockerd"
on core3 pkill -STOP -x dockerd
expect_findings docker-down -- '"core3"'
on core3 pkill -CONT -x dockerd
undo=true
run tunnels restart docker_core3
expect_status 0
expect_healthy

start_all() {
  local node
  for node in core1 core2 core3 core4; do "$LABCTL" lab exec --name "$lab" "$node" -- docker start "$1" >/dev/null || return 1; done
}

fault "Caddy of core2 is stopped"
undo="start_all cluster_caddy_1"
on core2 docker stop -t 1 cluster_caddy_1
expect_findings container-not-running -- "cluster_caddy_1 on core2 is exited"
on core2 docker start cluster_caddy_1
undo=true

fault "two of four Consul servers are stopped"
undo="start_all cluster_consul_1"
since=$(date +%s)
# Both at once: between one and the other the rest could elect a leader and strike the first off its list of servers.
on core3 docker kill cluster_consul_1 &
on core4 docker kill cluster_consul_1
wait $!
# The others believe in their leader until it gives up or is missed.
for node in core1 core2; do
  on "$node" timeout 60 bash -c "grep -qm1 -e 'stepping down' -e 'starting election' < <(docker logs -f --since $since cluster_consul_1 2>&1)"
done
expect_findings consul-no-leader -- "cluster_consul_1 on core3 is exited" "cluster_consul_1 on core4 is exited"

fault "all Consul servers are stopped"
for node in core1 core2; do on "$node" docker kill cluster_consul_1; done
expect_findings consul-forward-down -- "start cluster_consul_1"
start_all cluster_consul_1 || fail "the Consul containers start again"
run tunnels restart consul
expect_status 0
undo=true

run doctor
expect_status 0
run tunnels down
expect_status 0
exit 0
