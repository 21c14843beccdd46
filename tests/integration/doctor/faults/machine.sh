# shellcheck disable=SC2034,SC2154  # shell.sh, faults.sh and these files use each other's variables
# Faults of this machine: folders, environment, files, what a lab needs. Sourced by faults.sh.

plant_runtime_folder() {
  fault "the runtime folder is open to others" 'chmod 700 "$sockets"'
  chmod 755 "$sockets"
  expect_findings runtime-folder -- "mode 0755"
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
