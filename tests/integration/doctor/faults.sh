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
looked() { # WANTED
  run_command "${doctor_wrap[@]}" "$LABCTL" doctor --json --save "$work/seen.tar.gz" "${doctor_options[@]}"
  [[ $1 == *consul-no-leader* || $out != *'"id": "consul-no-leader"'* ]]
}
# expect_findings ID... -- WORD...: the doctor reports these findings and no others, with these words in the
# evidence or subjects.
expect_findings() {
  local wanted=
  while [ $# -gt 0 ] && [ "$1" != -- ]; do wanted+="$1 " && shift; done
  [ $# -gt 0 ] && shift
  # On a busy machine Consul may elect a leader just now. The doctor then says so, and rightly.
  await 60 "an elected leader, or the doctor's look" looked "$wanted"
  expect_equal "$wanted" "$(sed -n '/^  "notes"/q; s/^ *"id": "\(.*\)",$/\1/p' <<<"$out" | tr '\n' ' ')" "findings"
  for word in "$@"; do expect_output "$word"; done
  [ -z "$wanted" ] || expect_output '"remedy": "'
  # Read later from its bundle, without the cluster, the same is said.
  local live=$out live_status=$status
  run_command env -i HOME="$work" PATH="$PATH" "$LABCTL" doctor --json --bundle "$work/seen.tar.gz"
  expect_status "$live_status"
  expect_equal "$(grep -v '^  "seconds"' <<<"$live")" "$(grep -v '^  "seconds"' <<<"$out")" "findings from the bundle"
}
doctor_options=()
doctor_wrap=() # a command that runs the doctor
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

plant_message() {
  fault "the daemon is killed, and a client's message is pasted" '"$LABCTL" tunnels up'
  pid=$("$LABCTL" --json tunnels status | sed -n 's/^ *"pid": *\([0-9]*\).*/\1/p')
  kill -9 "$pid" || fail "the daemon is process '$pid'"
  tail --pid="$pid" -f /dev/null
  run doctor "requests.exceptions.ConnectionError: ConnectionRefusedError(111, 'Connection refused') docker_core3.sock"
  expect_status 1
  expect_output "nobody listens at the engine's socket"
  expect_output "✗ stale-socket"
  run doctor "Host key verification failed."
  expect_status 0
  expect_output "nothing that explains it is there now"
  # It looks again until all is well.
  "$LABCTL" doctor --wait 60 >"$work/waiting" 2>&1 &
  waiting=$!
  await 30 "a doctor that waits" grep -q '^waiting  stale-socket' "$work/waiting"
  run tunnels up
  wait "$waiting" || fail "the doctor ends well: $(<"$work/waiting")"
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
  expect_findings node-no-answer -- '"core3"' "within 5 s"
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

plant_identity_encrypted() {
  fault "the key file needs a passphrase" "doctor_options=()"
  copy_client
  ssh-keygen -q -p -P '' -N secret -f "$spoilt/id_ed25519"
  expect_findings identity-encrypted -- "$spoilt/id_ed25519" "ssh-add"
}

# agent [KEY...]: starts an ssh-agent with these keys, which are removed from the copy of the client's files.
agent() {
  copy_client
  sed -i '/^  identity:/d' "$spoilt/inventory.yaml"
  ssh-agent -a "$work/agent" >"$work/agent.env"
  undo='doctor_options=(); unset SSH_AUTH_SOCK; HOME=$home; kill "$(sed -n "s/.*Agent pid \([0-9]*\).*/\1/p" "$work/agent.env")"; rm -f "$work/agent"'
  # shellcheck disable=SC2034  # for the undo
  home=$HOME
  export SSH_AUTH_SOCK=$work/agent HOME=$work
  [ $# -eq 0 ] || ssh-add -q "$@"
}
plant_agent_empty() {
  fault "the agent has no keys" true
  agent
  expect_findings agent-empty -- "$work/agent answers, and lists no key" "ssh-add"
}
plant_key_not_tried() {
  fault "the agent's right key is the seventh" true
  for n in 1 2 3 4 5 6; do
    [ -e "$work/key$n" ] || ssh-keygen -q -t ed25519 -N '' -f "$work/key$n"
  done
  agent "$work"/key[1-6] "$client/id_ed25519"
  expect_findings key-not-tried -- '"core1"' '"core4"' "1 of the agent's 7 keys were not tried"
}

# A new sshd listens when the command returns; the old one's sessions go on.
restart_sshd() { # NODE
  in_node "$1" -- sh -c 'pid=$(cat /run/sshd.pid); kill "$pid"; tail --pid="$pid" -f /dev/null; /usr/sbin/sshd'
}
# sshd_says NODE LINE...: further lines for sshd_config, which sshd reads.
sshd_says() {
  local node=$1
  shift
  on "$node" sh -c 'printf "%s\n" "$@" >/etc/ssh/sshd_config.d/0.conf' sh "$@"
  restart_sshd "$node" || fail "sshd of $node starts"
}
sshd_again="in_node core3 -- rm -f /etc/ssh/sshd_config.d/0.conf && restart_sshd core3"
plant_rsa_refused() {
  # The sshd of Debian 12 lists every algorithm that it knows, not those that it takes, so the doctor cannot tell.
  fault "sshd of core3 takes no RSA, and the key is an RSA key" "$sshd_again;
    in_node core3 -- sed -i '/doctor-rsa/d' /home/core/.ssh/authorized_keys; doctor_options=()"
  copy_client
  rm "$spoilt"/id_ed25519*
  ssh-keygen -q -t rsa -b 2048 -N '' -C doctor-rsa -f "$spoilt/id_ed25519"
  for node in core1 core2 core3 core4; do
    on "$node" sh -c 'echo "$1" >>/home/core/.ssh/authorized_keys' sh "$(cat "$spoilt/id_ed25519.pub")"
  done
  undo+=';for node in core1 core2 core4; do in_node "$node" -- sed -i "/doctor-rsa/d" /home/core/.ssh/authorized_keys; done'
  sshd_says core3 "PubkeyAcceptedAlgorithms ssh-ed25519,ecdsa-sha2-nistp256"
  expect_findings key-refused -- '"core3"' "whether sshd takes RSA keys cannot be told from here"
}
plant_second_factor() {
  fault "sshd of core3 wants a second factor" "$sshd_again"
  sshd_says core3 "AuthenticationMethods publickey,password" "PasswordAuthentication yes"
  expect_findings second-factor -- '"core3"' "password"
}
plant_forwarding_denied() {
  fault "authorized_keys of core3 restricts the key" \
    "in_node core3 -- sed -i 's/^restrict //' /home/core/.ssh/authorized_keys; \"\$LABCTL\" tunnels restart docker_core3"
  on core3 sed -i '1s/^/restrict /' /home/core/.ssh/authorized_keys
  expect_findings forwarding-denied -- '"core3"' "authorized_keys"
}

# with VARIABLE=VALUE...: the doctor runs with these variables.
with() {
  undo='unset $(cut -d= -f1 "$work/variables")'
  printf '%s\n' "$@" >"$work/variables"
  export "${@?}"
}
plant_proxy_in_environment() {
  fault "a proxy is set" true
  with http_proxy=http://me:secret@127.0.0.1:9
  expect_findings proxy-in-environment -- "http_proxy is http://127.0.0.1:9" "service.cluster.lab"
  eval "$undo"
  with http_proxy=http://127.0.0.1:9 no_proxy=localhost,127.0.0.1,cluster.lab
  expect_findings
}
plant_docker_variables() {
  fault "variables of another engine are set" true
  with DOCKER_TLS_VERIFY=1
  expect_findings tls-in-environment -- "DOCKER_TLS_VERIFY is set to 1"
  eval "$undo"
  with DOCKER_HOST=tcp://127.0.0.1:2375
  expect_findings docker-host-elsewhere -- "DOCKER_HOST is tcp://127.0.0.1:2375"
  eval "$undo"
  with CONSUL_HTTP_ADDR=127.0.0.1:1
  expect_findings consul-address-elsewhere -- "CONSUL_HTTP_ADDR is 127.0.0.1:1"
}

# hidden FILE: the doctor sees this file instead of the machine's /etc/NAME, in a mount namespace of its own.
hidden() {
  undo='doctor_wrap=()'
  doctor_wrap=(unshare -m sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh "$work/$1" "/etc/$1")
}
plant_hosts_entry_stale() {
  fault "/etc/hosts has an old address of a service" true
  { cat /etc/hosts; echo "192.0.2.1 service.cluster.lab"; } >"$work/hosts"
  hidden hosts
  expect_findings hosts-entry-stale -- "192.0.2.1 service.cluster.lab"
}
# over FILE TARGET: the doctor sees FILE instead of TARGET, and no kernel modules.
over() {
  undo='doctor_wrap=()'
  doctor_wrap=(unshare -m sh -c 'mount --bind "$1" "$2" && shift 2 &&
    if [ -d /lib/modules ]; then mount -t tmpfs tmpfs /lib/modules; fi && exec "$@"' sh "$1" "$2")
}
plant_lab_host() {
  fault "the kernel has no btrfs" true
  sed '/btrfs/d' /proc/filesystems >"$work/filesystems"
  over "$work/filesystems" /proc/filesystems
  expect_findings lab-kernel -- "the kernel has no btrfs"
  eval "$undo"

  fault "root has no inotify instance left" true
  python3 -c 'import ctypes, signal; ctypes.CDLL(None).inotify_init(); print("ready", flush=True); signal.pause()' \
    >"$work/inotify" &
  # shellcheck disable=SC2034  # for the undo
  watcher=$!
  await 20 "a program with an inotify instance" grep -q ready "$work/inotify"
  echo 1 >"$work/most"
  over "$work/most" /proc/sys/fs/inotify/max_user_instances
  undo='doctor_wrap=(); kill "$watcher"'
  expect_findings lab-inotify -- "fs.inotify.max_user_instances is 1"
  eval "$undo"

  fault "another network has the address of core3" 'ip route del "$(core3_address)/32" dev lo; doctor_options=()'
  copy_client
  doctor_options=()
  run_command ip route add "$(core3_address)/32" dev lo
  expect_status 0
  expect_findings lab-route -- core3 "is reached through lo"
}

plant_consul_port_shared() {
  fault "another person may log in to this machine" true
  { cat /etc/passwd; echo "doctor-test:x:4242:4242::/:/bin/sh"; } >"$work/passwd"
  hidden passwd
  expect_findings
  expect_output '"id": "consul-port-shared"'
  expect_output doctor-test
  expect_status 0
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

plant_docker_not_permitted() {
  fault "the user is not in the group of the socket of core3" 'in_node core3 -- chgrp docker /run/docker.sock &&
    "$LABCTL" tunnels restart docker_core3'
  on core3 chgrp root /run/docker.sock
  "$LABCTL" tunnels restart docker_core3 >/dev/null 2>&1
  expect_findings docker-not-permitted -- '"core3"' "permission denied"
}

plant_docker_folder() {
  fault "a folder is where the socket of core3 belongs" 'in_node core3 -- rmdir /run/docker.sock &&
    in_node core3 -- mv /run/docker.sock.away /run/docker.sock && "$LABCTL" tunnels restart docker_core3'
  on core3 mv /run/docker.sock /run/docker.sock.away
  on core3 mkdir /run/docker.sock
  expect_findings docker-down -- '"core3"' "it is a directory"
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

# On a node of the lab, the plugin's root is a mount, which Docker takes away with the plugin.
plant_volume_plugin_off() {
  fault "the volume plugin of core2 is disabled" 'in_node core2 -- sh -c "for root in /var/lib/docker/plugins/*/rootfs; do
    mount --bind /run/plugin-root \$root && docker plugin enable anybox/buttervolume:latest && umount /run/plugin-root; done"'
  on core2 sh -c 'mkdir -p /run/plugin-root && mount --bind /var/lib/docker/plugins/*/rootfs /run/plugin-root'
  on core2 docker plugin disable -f anybox/buttervolume:latest
  expect_findings volume-plugin-off -- '"core2"' "the plugin is disabled"
}

# kv put KEY VALUE, kv delete KEY: by the Consul of core1.
kv() { in_node core1 -- docker exec cluster_consul_1 consul kv "$@"; }
record() { # MASTER DOMAINS VOLUMES: a record of an app that nobody has deployed
  printf '{"haproxy": {}, "caddyfile": "", "repo_url": "x", "branch": "y", "deploy_date": "", "deploy_id": "",
    "previous_deploy_id": null, "domains": [%s], "urls": "", "ip": "192.0.2.1", "master": "%s", "slave": null,
    "ct": {}, "volumes": [%s]}' "$2" "$1" "$3"
}
plant_volume_not_managed() {
  fault "a volume of an app was made local" \
    'kv delete app/doctor-test; in_node core2 -- docker volume rm doctortest_data'
  on core2 docker volume create doctortest_data
  kv put app/doctor-test "$(record core2 '' '"doctortest_data"')" >/dev/null
  expect_findings volume-not-managed -- "doctortest_data of doctor-test on core2 has driver local"
}
plant_keys_left() {
  fault "a maintenance key is left" "kv delete maintenance/doctor-test"
  kv put maintenance/doctor-test '' >/dev/null
  expect_findings maintenance-left -- maintenance/doctor-test
  run doctor
  expect_status 0
  run doctor --strict
  expect_status 1
  kv delete maintenance/doctor-test >/dev/null
  fault "a mark of a transfer is left" "kv delete migrate/doctor-test/success"
  kv put migrate/doctor-test/success '' >/dev/null
  expect_findings mark-left -- migrate/doctor-test/success
}
plant_proxy_not_rendered() {
  fault "consul-template of core2 hangs while an app is published" \
    'kv delete app/doctor-test; in_node core2 -- docker exec cluster_consul_1 pkill -CONT consul-template'
  on core2 docker exec cluster_consul_1 pkill -STOP consul-template
  kv put app/doctor-test "$(record core2 '"doctor.lab"' '')" >/dev/null
  expect_findings proxy-not-rendered -- '"core2"' doctor.lab
}
plant_haproxy_not_reloaded() {
  fault "haproxy.cfg of core2 is newer than HAProxy" "in_node core2 -- docker kill -s HUP cluster_haproxy_1"
  on core2 docker exec cluster_consul_1 touch -d "-11 seconds" /haproxy/haproxy.cfg
  expect_findings haproxy-not-reloaded -- '"core2"'
}

plant_consul_node_missing() {
  fault "Consul's catalog forgets core4" \
    'in_node core1 -- docker exec cluster_consul_1 curl -sf -X PUT -d "$entry" localhost:8500/v1/catalog/register'
  # shellcheck disable=SC2034  # for the undo
  entry=$(in_node core1 -- docker exec cluster_consul_1 curl -sf localhost:8500/v1/catalog/node/core4 |
    python3 -c 'import json, sys
node = json.load(sys.stdin)["Node"]
print(json.dumps({name: node[name] for name in ("ID", "Node", "Address", "TaggedAddresses")}))')
  on core1 docker exec cluster_consul_1 curl -sf -X PUT -d '{"Node": "core4"}' localhost:8500/v1/catalog/deregister
  expect_findings consul-node-missing -- '"core4"' "core1, core2, core3"
}
plant_node_name_differs() {
  fault "the host of core3 has another name" "in_node core3 -- hostname core3"
  on core3 hostname node-c
  expect_findings node-name-differs -- '"core3"' node-c
}

# in_consul NODE CMD...: as root, with the files of its Consul container.
in_consul() {
  local node=$1
  shift
  in_node "$node" -- sh -c 'exec nsenter -m -t "$(docker inspect -f "{{.State.Pid}}" cluster_consul_1)" "$@"' sh "$@"
}
# Mounts, or with one argument unmounts, in the Consul container's mount namespace; the container has no mount(8).
mount_in_consul() { # NODE SOURCE TARGET TYPE FLAGS OPTIONS, or NODE TARGET
  in_consul "$1" python3 -c 'import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
words = [word.encode() for word in sys.argv[1:]]
if len(words) == 1:
    sys.exit(libc.umount2(words[0], 2))
sys.exit(libc.mount(words[0], words[1], words[2], ctypes.c_ulong(int(words[3])), words[4]))' "${@:2}"
}
plant_handler_watch_missing() {
  fault "the watch is missing in the configuration of the Consul of core2" \
    'mount_in_consul core2 /opt/labctl/stack/consul/agent.json; in_node core2 -- docker exec cluster_consul_1 consul reload'
  in_consul core2 python3 -c 'import json
agent = json.load(open("/opt/labctl/stack/consul/agent.json"))
agent["watches"] = []
json.dump(agent, open("/tmp/agent.json", "w"))' || fail "another configuration"
  mount_in_consul core2 /tmp/agent.json /opt/labctl/stack/consul/agent.json none 4096 "" || fail "a mount"
  on core2 docker exec cluster_consul_1 consul reload
  expect_findings handler-watch-missing -- '"core2"'
}
plant_disk_nearly_full() {
  fault "the file system of the clones on core2 is full" 'mount_in_consul core2 /deploy'
  mount_in_consul core2 tmpfs /deploy tmpfs 0 size=1m || fail "a mount"
  in_consul core2 sh -c 'head -c 1040000 /dev/zero >/deploy/full' || fail "a full file system"
  expect_findings disk-nearly-full -- '"core2"' /deploy
}

# A second Consul in the container of core1 with other settings, and tunnels of their own to it.
other_consul() { # SETTINGS
  copy_client
  sed -i 's/^name: .*/name: doctor-other/; s#^consul: .*#consul: {via: [core1], remote: "localhost:18500", local: "{runtime}/c.sock"}#' \
    "$spoilt/inventory.yaml"
  undo='"$LABCTL" --inventory "$spoilt/inventory.yaml" tunnels down
    in_node core1 -- docker exec cluster_consul_1 sh -c "kill \$(cat /tmp/other.pid)"; doctor_options=()'
  in_node core1 -- docker exec -d cluster_consul_1 consul agent -dev -bind 127.0.0.1 -pid-file /tmp/other.pid \
    -http-port 18500 -dns-port -1 -grpc-port -1 -grpc-tls-port -1 -serf-lan-port 18301 -serf-wan-port 18302 -server-port 18303 -hcl "$1"
  await 20 "the other Consul" other_leads
}
other_leads() {
  [[ $(in_node core1 -- docker exec cluster_consul_1 curl -s localhost:18500/v1/status/leader) == *:18303* ]]
}
plant_consul_acl() {
  fault "Consul's ACLs deny everything" true
  local token=6b1d4b6e-0c51-4b0e-9f5e-000000000001
  other_consul "acl { enabled = true default_policy = \"deny\" tokens { initial_management = \"$token\" } }"
  run --inventory "$spoilt/inventory.yaml" tunnels up
  expect_status 0
  expect_findings consul-acl -- "403" "Permission denied" "set CONSUL_HTTP_TOKEN"

  # labctl's own calls: without a token, with one that Consul does not know, and with the right one.
  run --inventory "$spoilt/inventory.yaml" app list
  expect_status 2
  expect_one_line_error
  expect_error "needs key:read on app/: set CONSUL_HTTP_TOKEN"
  CONSUL_HTTP_TOKEN=${token%1}2 run --inventory "$spoilt/inventory.yaml" app list
  expect_status 2
  expect_error "set CONSUL_HTTP_TOKEN to a token that Consul knows"
  CONSUL_HTTP_TOKEN=$token run --inventory "$spoilt/inventory.yaml" app list
  expect_status 0
  echo "$token" >"$work/token"
  CONSUL_HTTP_TOKEN_FILE=$work/token run --inventory "$spoilt/inventory.yaml" app list
  expect_status 0

  # With the token the doctor can look, and writes it nowhere.
  CONSUL_HTTP_TOKEN=$token run --inventory "$spoilt/inventory.yaml" doctor --save "$work/bundle.tgz"
  [[ $out == *consul-node-missing* && $out != *consul-acl* ]] || fail "a look at the catalog of the other Consul"
  mkdir "$work/bundle"
  tar -xzf "$work/bundle.tgz" -C "$work/bundle" || fail "a bundle"
  ! grep -rq "${token%1}" "$work/bundle" "$work/out" "$work/err" || fail "no token in the bundle or in what is said"
}
plant_consul_too_many() {
  fault "Consul takes one connection more than there are" true
  other_consul 'limits { http_max_conns_per_client = 2 }'
  run --inventory "$spoilt/inventory.yaml" tunnels up
  expect_status 0
  for _ in 1 2; do
    in_node core1 -- docker exec -d cluster_consul_1 curl -s "localhost:18500/v1/kv/app?index=99999999&wait=60s"
  done
  await 10 "two connections" refused_for_many
  expect_findings consul-too-many -- "429"
}
refused_for_many() {
  [[ $(in_node core1 -- docker exec cluster_consul_1 curl -s -o /dev/null -w '%{http_code}' localhost:18500/v1/status/leader) == 429 ]]
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

all="daemon-not-running stale-socket message runtime-folder node-unreachable node-swallows key-refused identity-missing
  identity-too-open identity-encrypted agent-empty key-not-tried rsa-refused second-factor
  forwarding-denied key-another host-key-unknown host-key-changed proxy-in-environment docker-variables hosts-entry-stale
  consul-port-shared lab-host inventory-invalid docker-down docker-not-permitted docker-folder docker-silent
  container-not-running container-restarting volume-plugin-off volume-not-managed keys-left haproxy-not-reloaded proxy-not-rendered
  consul-node-missing node-name-differs handler-watch-missing disk-nearly-full consul-acl consul-too-many
  consul-no-leader"
# shellcheck disable=SC2086  # a word for each fault
[ $# -gt 0 ] || set -- $all
for name in "$@"; do
  declare -F "plant_${name//-/_}" >/dev/null || fail "one of the faults $all, seen: $name"
done

run tunnels up
expect_status 0
await 60 "a healthy cluster to begin with" healthy
for name in "$@"; do
  "plant_${name//-/_}"
  mend
done
run tunnels down
expect_status 0
exit 0
