# "A week in an hour": stock docker and consul clients in loops over the tunnels to the lab's four nodes, while
# random faults hit the nodes. No byte may be wrong, no client may hang, every outage must be in the status or
# the log with its cause, and the daemon's memory and descriptors must not grow.
#
#   soak.sh [MINUTES [SEED [PAUSE]]]    default: 60 minutes, a seed from the clock, no pause
#
# PAUSE: seconds that a client rests after its calls. Without it the clients use all of a small machine.
. "$LABCTL_TEST_SUPPORT/shell.sh"

minutes=${1:-60}
seed=${2:-$(date +%s)}
pause=${3:-0}
RANDOM=$seed
nodes=(core1 core2 core3 core4)
lab=$(sed -n 's/^name: //p' "$LABCTL_INVENTORY")
cache=${LABCTL_CACHE_DIR:-/var/cache/labctl}
# The stock clients, of the versions that the nodes have.
docker=$cache/roots/node-bookworm/usr/bin/docker
consul=$cache/bin/consul
for program in "$docker" "$consul"; do [ -x "$program" ] || fail "no program $program: run tools/setup --os bookworm"; done
# A fault lasts until the log names it: at most 60 s, and some seconds until its undoing.
patience=90

on() { "$LABCTL" lab exec --name "$lab" "$1" -- "${@:2}"; }
runtime=$LABCTL_RUNTIME_DIR/$lab
log=$runtime/daemon.log

clients=()
undo=
end() {
  : >"$work/stop"
  [ -z "$undo" ] || eval "$undo" >/dev/null 2>&1
  [ ${#clients[@]} -eq 0 ] || wait "${clients[@]}"
  "$LABCTL" tunnels down >/dev/null 2>&1
  rm -rf "$work"
}
trap end EXIT

run tunnels up
expect_status 0
address=$("$LABCTL" --json tunnels status | sed -n 's/.*"local": *"\(127.0.0.1:[0-9]*\)".*/\1/p' | head -1)
pid=$(sed -n 's/.*info tunnels of inventory .* start, pid \([0-9]*\)$/\1/p' "$log" | tail -n 1)
[ -d "/proc/$pid" ] || fail "the daemon's process id in $log"
memory() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status"; }
descriptors() { find "/proc/$pid/fd" -mindepth 1 | wc -l; }

# Each call is noted: "NAME ok" or "NAME failed"; a wrong result and a hang go to $work/wrong.
call() {  # NAME COMMAND...: its output is in $seen
  local name=$1 begun=$SECONDS status
  shift
  seen=$(set -o pipefail; timeout "$patience" "$@" 2>/dev/null | if [[ $name == download* ]]; then sha256sum; else cat; fi)
  status=$?
  if [ "$status" -eq 124 ]; then
    echo "$name: no end within $patience s, since second $begun; $("$LABCTL" tunnels status 2>&1)" >>"$work/wrong"
  elif [ "$status" -eq 0 ]; then
    echo "$name ok" >>"$work/calls"
  else
    echo "$name failed" >>"$work/calls"
  fi
  return "$status"
}
expect_seen() { [ "$seen" = "$2" ] || echo "$1: $seen, not $2" >>"$work/wrong"; }

# A large file of a container, compared with the sum that the node itself computes, and one sent to the node.
# (`docker cp` would do for neither: the engine locks the container until a client that vanished is known to be gone.)
file="cluster_caddy_1 cat /usr/bin/caddy"
containers() {  # NODE SUM
  local node=$1 sum=$2 random=$work/random.$1 engine=("$docker" -H "unix://$runtime/docker_$1.sock")
  local random_sum
  head -c 8000000 /dev/urandom >"$random"
  random_sum=$(sha256sum <"$random")
  while [ ! -e "$work/stop" ]; do
    call "version $node" "${engine[@]}" version || true
    # shellcheck disable=SC2086  # a container and a command
    call "download $node" "${engine[@]}" exec $file && expect_seen "download $node" "$sum"
    call "upload $node" "${engine[@]}" exec -i cluster_consul_1 sha256sum <"$random" && expect_seen "upload $node" "$random_sum"
    sleep "$pause"
  done
}
# A value that was written must be read again: Consul confirms a write only when most servers have it.
key_value() {  # ADDRESS
  local number=0 seen
  export CONSUL_HTTP_ADDR=$1
  while [ ! -e "$work/stop" ]; do
    number=$((number + 1))
    call "kv put" "$consul" kv put soak "$number" || continue
    call "kv get" "$consul" kv get soak && expect_seen "kv get" "$number"
    sleep "$pause"
  done
}

# The faults, and how they are undone, as shell commands on a node.
# sshd's process of the session; its title is "sshd: core" until the first session channel, then "sshd: core@notty".
sessions_of() { printf 'pkill -%s -f "^sshd: core(@|$)"' "$1"; }
declare -A make=(
  [session-killed]="$(sessions_of KILL)"
  [session-stopped]="$(sessions_of STOP)"
  [packets-dropped]="iptables -I INPUT -p tcp --dport 22 -j DROP"
  [engine-stopped]="pkill -STOP -x dockerd"
)
declare -A mend=(
  [session-killed]=true
  [session-stopped]="$(sessions_of CONT)"
  [packets-dropped]="iptables -D INPUT -p tcp --dport 22 -j DROP"
  [engine-stopped]="pkill -CONT -x dockerd"
)
kinds=(session-killed session-stopped packets-dropped engine-stopped)

all_up() { "$LABCTL" tunnels status >"$work/status" 2>&1; }
idle() { ! "$LABCTL" --json tunnels status | grep '"connections": [^0]' >/dev/null; }
# A line of the log, from byte $1 on, that names the node and why something of it is down.
told() { tail -c "+$1" "$log" | grep -qE " (warning|error) .*$2"; }

warm=''
rounds=0
deadline=$((SECONDS + minutes * 60))
echo "seed $seed, $minutes minutes; $(memory) kB, $(descriptors) descriptors before"
declare -A happened=()
while [ "$SECONDS" -lt "$deadline" ]; do
  # Rounds with clients; between two of them everything is idle, and memory and descriptors are comparable.
  rm -f "$work/stop"
  clients=()
  for node in "${nodes[@]}"; do
    # shellcheck disable=SC2086  # a container and a command
    sum=$(set -o pipefail; on "$node" docker exec $file | sha256sum) ||
      fail "the file of $node"
    containers "$node" "$sum" & clients+=($!)
  done
  key_value "$address" & clients+=($!)

  for _ in 1 2 3 4 5 6; do
    kind=${kinds[RANDOM % ${#kinds[@]}]}
    node=${nodes[RANDOM % ${#nodes[@]}]}
    begun=$(($(stat -c %s "$log") + 1))
    undo="on $node sh -c '${mend[$kind]}'"
    on "$node" sh -c "${make[$kind]}" || fail "$kind on $node"
    echo "second $SECONDS: $kind on $node"
    await 60 "the log to say what is wrong with $node ($kind)" told "$begun" "$node"
    eval "$undo" || fail "undo of $kind on $node"
    undo=
    await 120 "all forwards up again after $kind on $node: $(cat "$work/status" 2>/dev/null)" all_up
    happened[$kind]=$((${happened[$kind]:-0} + 1))
    [ ! -s "$work/wrong" ] || fail "$(cat "$work/wrong")"
  done
  : >"$work/stop"
  wait "${clients[@]}"
  clients=()
  rounds=$((rounds + 1))
  [ ! -s "$work/wrong" ] || fail "$(cat "$work/wrong")"
  await 30 "all connections closed" idle
  now="$(memory) kB, $(descriptors) descriptors"
  echo "round $rounds: $now"
  [ -n "$warm" ] || { warm=$now; warm_memory=$(memory); warm_descriptors=$(descriptors); }
done
for kind in "${kinds[@]}"; do echo "$kind: ${happened[$kind]:-0}"; done
sort "$work/calls" | sed 's/ core[0-9]//' | sort | uniq -c
[ "$(descriptors)" -le "$((warm_descriptors + 4))" ] || fail "$(descriptors) descriptors, $warm_descriptors after the first round"
[ "$(memory)" -le "$((warm_memory + 16384))" ] || fail "$(memory) kB, $warm_memory kB after the first round"
