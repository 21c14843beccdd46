# Applies one fault after another to a healthy lab. The doctor must report this fault, and only it, and no
# problem once the fault is undone.
#
#   faults.sh [FAULT...]      all without names; the names are at the end
#
# By hand, on a lab that is up as "default":
#   LABCTL_TEST_LAB=default bash tests/integration/doctor/faults.sh runtime-folder
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab=${LABCTL_TEST_LAB:-check}
export LABCTL=${LABCTL:-$here/../../../build/release/bin/labctl}
export LABCTL_INVENTORY=${LABCTL_INVENTORY:-${LABCTL_STATE_DIR:-/var/lib/labctl}/labs/$lab/client/inventory.yaml}
. "${LABCTL_TEST_SUPPORT:-$here/../../support}/shell.sh"
export LABCTL_RUNTIME_DIR=${LABCTL_RUNTIME_DIR:-$work/run}

client=$(dirname "$LABCTL_INVENTORY")
sockets=$LABCTL_RUNTIME_DIR/$lab
# The command that undoes the current fault: set before the fault is applied, and run by mend or, if the test
# ends early, at its end.
undo=true
trap 'eval "$undo" >/dev/null 2>&1; "$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT

on() { # NODE CMD...: in a node, as root
  local node=$1
  shift
  run_command "$LABCTL" lab exec --name "$lab" "$node" -- "$@"
  expect_status 0
}
in_node() { "$LABCTL" lab exec --name "$lab" "$@"; }
healthy() {
  run doctor --strict
  [ "$status" -eq 0 ] && [[ $out == *"nothing wrong: 4 nodes, 5 forwards"* ]]
}
# Undoes the fault and checks that it is gone: sessions and forwards need a moment to recover.
mend() {
  eval "$undo" >/dev/null || fail "the fault is undone by: $undo"
  undo=true
  await 60 "a healthy cluster after: $planted" healthy
}
# expect_findings ID... -- WORD...: the doctor reports these findings and no others, with these words in the
# evidence or subjects.
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
# fault WORDS UNDO: describes the fault that is about to be applied, and the command that undoes it.
fault() {
  planted=$1
  undo=$2
  printf '%s\n' "- $planted"
}

# Faults on this machine: the test damages a copy of the client's files. The fault is undone by not using the
# copy any more.
spoilt=$work/client
copy_client() {
  rm -rf "$spoilt"
  cp -a "$client" "$spoilt"
  sed -i "s#$client#$spoilt#" "$spoilt/inventory.yaml"
  doctor_options=(--inventory "$spoilt/inventory.yaml")
}

core3_address() { sed -n 's/.*core3: {address: \([0-9.]*\)}.*/\1/p' "$spoilt/inventory.yaml"; }

start_all() {
  local node
  for node in core1 core2 core3 core4; do in_node "$node" -- docker start "$1" >/dev/null || return 1; done
}

plant_daemon_not_running() {
  fault "the daemon is stopped" '"$LABCTL" tunnels up'
  run tunnels down
  expect_status 0
  expect_findings daemon-not-running -- "labctl tunnels up"
  expect_status 1
}

plant_stale_socket() {
  fault "the daemon is killed and leaves its sockets" '"$LABCTL" tunnels up'
  pid=$("$LABCTL" --json tunnels status | sed -n 's/^ *"pid": *\([0-9]*\).*/\1/p')
  kill -9 "$pid" || fail "the daemon is process '$pid'"
  tail --pid="$pid" -f /dev/null
  expect_file "$sockets/docker_core3.sock"
  expect_findings stale-socket -- docker_core3.sock "without a listener"
  expect_status 1
  run doctor
  expect_output "✗ stale-socket"
  expect_output "remedy"
  run doctor --fix
  expect_error "removed $sockets/docker_core3.sock"
  expect_no_file "$sockets/docker_core3.sock"
  expect_findings daemon-not-running
}

plant_runtime_folder() {
  fault "the runtime folder is open to others" 'chmod 700 "$sockets"'
  chmod 755 "$sockets"
  expect_findings runtime-folder -- "mode 0755"
}

plant_node_unreachable() {
  fault "sshd of core3 is stopped (its session goes on)" "in_node core3 -- /usr/sbin/sshd"
  on core3 sh -c 'pid=$(cat /run/sshd.pid); kill "$pid"; tail --pid="$pid" -f /dev/null'
  expect_findings node-unreachable -- '"core3"'
}

# The fault breaks core3's session, so the tunnels are opened again.
plant_node_swallows() {
  fault "core3 swallows what goes to its SSH port" 'in_node core3 -- iptables -D INPUT -p tcp --dport 22 -j DROP &&
    "$LABCTL" tunnels down && "$LABCTL" tunnels up'
  on core3 iptables -I INPUT -p tcp --dport 22 -j DROP
  expect_findings node-unreachable -- '"core3"' "within 5 s"
}

plant_key_refused() {
  fault "core3 forgets our key" "in_node core3 -- mv /home/core/.ssh/away /home/core/.ssh/authorized_keys"
  on core3 mv /home/core/.ssh/authorized_keys /home/core/.ssh/away
  expect_findings key-refused -- '"core3"'
}

plant_identity_missing() {
  fault "the key file is missing" "doctor_options=()"
  copy_client
  rm "$spoilt/id_ed25519"
  expect_findings identity-missing -- "$spoilt/id_ed25519"
}

plant_identity_too_open() {
  fault "the key file is readable by others" "doctor_options=()"
  copy_client
  chmod 644 "$spoilt/id_ed25519"
  expect_findings identity-too-open -- "$spoilt/id_ed25519"
}

plant_key_another() {
  fault "the key is another one" "doctor_options=()"
  copy_client
  rm "$spoilt/id_ed25519"*
  ssh-keygen -q -t ed25519 -N '' -f "$spoilt/id_ed25519"
  expect_findings key-refused -- '"core1"' '"core4"'
}

plant_host_key_unknown() {
  fault "known_hosts has lost core3" "doctor_options=()"
  copy_client
  address=$(core3_address)
  sed -i "/^${address}[, ]/d; /core3/d" "$spoilt/known_hosts"
  expect_findings host-key-unknown -- '"core3"'
}

plant_host_key_changed() {
  fault "known_hosts has another key for core3" "doctor_options=()"
  copy_client
  address=$(core3_address)
  ssh-keygen -q -t ed25519 -N '' -f "$work/other"
  sed -i "/^${address}[, ]/d; /core3/d" "$spoilt/known_hosts"
  echo "$address $(cut -d' ' -f1,2 "$work/other.pub")" >>"$spoilt/known_hosts"
  expect_findings host-key-changed -- '"core3"'
}

plant_inventory_invalid() {
  fault "the inventory is not valid" "doctor_options=()"
  copy_client
  echo "nodez: 1" >>"$spoilt/inventory.yaml"
  expect_findings inventory-invalid -- 'unknown key \"nodez\"'
}

plant_docker_down() {
  fault "the engine of core3 is gone" 'in_node core3 -- mv /run/docker.sock.away /run/docker.sock &&
    "$LABCTL" tunnels restart docker_core3'
  on core3 mv /run/docker.sock /run/docker.sock.away
  expect_findings docker-down -- '"core3"'
}

plant_docker_silent() {
  fault "the engine of core3 does not answer" 'in_node core3 -- pkill -CONT -x dockerd &&
    "$LABCTL" tunnels restart docker_core3'
  on core3 pkill -STOP -x dockerd
  expect_findings docker-down -- '"core3"'
}

plant_container_not_running() {
  fault "Caddy of core2 is stopped" "start_all cluster_caddy_1"
  on core2 docker stop -t 1 cluster_caddy_1
  expect_findings container-not-running -- "cluster_caddy_1 on core2 is exited"
}

caddy_back() {
  if in_node core2 -- docker container inspect caddy >/dev/null 2>&1; then
    in_node core2 -- docker rm -f cluster_caddy_1
    in_node core2 -- docker rename caddy cluster_caddy_1 || return 1
  fi
  start_all cluster_caddy_1
}
# The pauses between restarts double: after seven restarts a pause is longer than a look.
restarted_seven_times() {
  [[ $(in_node core2 -- docker inspect -f '{{.State.Status}} {{.RestartCount}}' cluster_caddy_1) =~ \
    ^restarting\ ([7-9]|[1-9][0-9])$ ]]
}
plant_container_restarting() {
  fault "Caddy of core2 ends each time that it is started" caddy_back
  on core2 docker stop -t 1 cluster_caddy_1
  on core2 docker rename cluster_caddy_1 caddy
  on core2 docker run -d --name cluster_caddy_1 --restart always --entrypoint false lab/stack
  await 60 "the seventh restart of cluster_caddy_1" restarted_seven_times
  expect_findings container-restarting -- "cluster_caddy_1 on core2 is restarting"
}

plant_consul_no_leader() {
  fault "two of four Consul servers are stopped" 'start_all cluster_consul_1 && "$LABCTL" tunnels restart consul'
  since=$(date +%s)
  # Both at once: otherwise the remaining servers could elect a leader in between and remove the first one
  # from their list of servers.
  on core3 docker kill cluster_consul_1 &
  on core4 docker kill cluster_consul_1
  wait $!
  # The other servers keep their leader until it steps down or they miss it.
  for node in core1 core2; do
    on "$node" timeout 60 bash -c "grep -qm1 -e 'stepping down' -e 'starting election' < <(docker logs -f --since $since cluster_consul_1 2>&1)"
  done
  expect_findings consul-no-leader -- "cluster_consul_1 on core3 is exited" "cluster_consul_1 on core4 is exited"

  # The first fault is not undone in between: the other two servers are stopped too.
  fault "all Consul servers are stopped" "$undo"
  for node in core1 core2; do on "$node" docker kill cluster_consul_1; done
  expect_findings consul-forward-down -- "start cluster_consul_1"
}

all="daemon-not-running stale-socket runtime-folder node-unreachable node-swallows key-refused identity-missing
  identity-too-open key-another host-key-unknown host-key-changed inventory-invalid docker-down docker-silent
  container-not-running container-restarting consul-no-leader"
# shellcheck disable=SC2086  # a word for each fault
[ $# -gt 0 ] || set -- $all
for name in "$@"; do
  declare -F "plant_${name//-/_}" >/dev/null || fail "one of the faults $all, seen: $name"
done

run tunnels up
expect_status 0
healthy || fail "a healthy cluster to begin with"
for name in "$@"; do
  "plant_${name//-/_}"
  mend
done
run tunnels down
expect_status 0
exit 0
