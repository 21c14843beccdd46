# Applies one fault after another to a healthy lab. The doctor must report this fault, and only it, and no
# problem once the fault is undone.
#
#   faults.sh [--short | FAULT...]      all without names; --short: some of each group, for every change. The names
#                                       are at the end, the faults in faults/, by group.
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
# shellcheck disable=SC2034  # for the files of faults/
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

for group in machine tunnels login engine consul cluster; do
  # shellcheck disable=SC1090  # one of the files there
  . "$here/faults/$group.sh"
done

all="daemon-not-running stale-socket message runtime-folder node-unreachable node-swallows sshd-silent key-refused identity-missing
  identity-too-open identity-encrypted agent-empty key-not-tried rsa-refused second-factor
  forwarding-denied key-another host-key-unknown host-key-changed proxy-in-environment docker-variables hosts-entry-stale
  consul-port-shared lab-host inventory-invalid docker-down docker-not-permitted docker-folder docker-silent
  container-not-running container-restarting volume-plugin-off volume-not-managed keys-left haproxy-not-reloaded proxy-not-rendered
  caddyfile-not-rendered caddy-not-reloaded caddy1-not-reloaded
  consul-node-missing node-name-differs handler-watch-missing disk-nearly-full volume-disk-nearly-full clock-skew
  consul-acl consul-too-many consul-no-leader"
short="daemon-not-running stale-socket runtime-folder node-unreachable key-refused agent-empty host-key-changed
  proxy-in-environment hosts-entry-stale docker-down container-not-running volume-plugin-off keys-left
  proxy-not-rendered caddy-not-reloaded handler-watch-missing consul-acl consul-no-leader"
# shellcheck disable=SC2086  # a word for each fault
case ${1-} in
  "") set -- $all ;;
  --short) set -- $short ;;
esac
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
