# What happens to an app when its cluster breaks in the middle of a move: a node is cut off before, during and
# after the transfer, the receiver's disk is full, Consul loses its leader, compose fails. In each case no
# acknowledged record of the last confirmed transfer is lost, one node serves or the state is clear, and the
# next event is handled.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"

repo=https://github.com/mlfmonde/cluster_lab_test_service
branch=master
app=cluster_lab_test_service_$branch.89b06
project=clusterlabtestservice${branch}89b06
domain=service.cluster.lab
lab=$(sed -n 's/^name: //p' "$LABCTL_INVENTORY")
nodes=(core1 core2 core3 core4)

on() { "$LABCTL" lab exec --name "$lab" "$1" -- "${@:2}"; }
in_consul() { on "$1" docker exec cluster_consul_1 "${@:2}"; }
address_of() { sed -n "s/^  $1: {address: \([0-9.]*\)}/\1/p" "$LABCTL_INVENTORY"; }
# Consul and the proxies are read on a node that is never cut off.
witness=core4
kv() { in_consul "$witness" consul kv get "$1" 2>/dev/null; }
deploy_id() { kv "app/$app" | sed -n 's/.*"deploy_id": *"\([^"]*\)".*/\1/p'; }
master() { kv "app/$app" | sed -n 's/.*"master": *"\([^"]*\)".*/\1/p'; }

undo=true
leave_nothing() {
  eval "$undo"
  "$LABCTL" app destroy --yes "$repo" "$branch" >/dev/null 2>&1
  in_consul core1 rm -rf /tmp/broken
  "$LABCTL" tunnels down >/dev/null 2>&1
  rm -rf "$work"
}
trap leave_nothing EXIT

case_begins() { echo "- $1"; }

# Waits for a container event of the witness.
await_event() { on "$witness" timeout 1 docker events --filter type=container >/dev/null; }

record_id='' record_name=''
post_record() {
  record_name=record-$RANDOM$RANDOM
  record_id=$(curl -sf --max-time 10 --resolve "$domain:80:$(address_of "$1")" -X POST \
    "http://$domain/example?name=$record_name&content=c" | sed -n 's/.*"id": *\([0-9]*\).*/\1/p')
  [ -n "$record_id" ] || fail "a record can be posted through $1"
}
serves_record() {
  [ "$(curl -s --max-time 5 --resolve "$domain:80:$(address_of "$witness")" "http://$domain/example/$record_id")" = "$record_name" ]
}
runs_on() { [ -n "$(on "$1" docker ps -q --filter "name=${project}_")" ]; }
empty() {
  [ -z "$(on "$1" docker ps -aq --filter "name=${project}_")" ] && [ -z "$(on "$1" docker volume ls -q --filter "name=${project}_")" ]
}
no_maintenance() { ! kv "maintenance/$app" >/dev/null; }
is_master() { [ "$(master)" = "$1" ]; }
logged() { in_consul "$1" grep -q "$2" /deploy/handler.log; }

# Deploys the service on one node, without a slave, with a record that the service has acknowledged.
given_on() {
  run app deploy --yes --master "$1" --no-slave "$repo" "$branch"
  expect_status 0
  await 20 "the service through $witness" record_list
  post_record "$witness"
}
record_list() { curl -sf --max-time 5 --resolve "$domain:80:$(address_of "$witness")" "http://$domain/example" | grep -q '"name"'; }

# Fires the event and continues. If a node has just been cut off, the forward to Consul must first move to
# another node.
fire_deploy() {
  await 60 "the event, through another way to Consul" \
    "$LABCTL" app deploy --yes --no-wait --master "$1" --no-slave "$repo" "$branch" >/dev/null 2>&1
}

# What must be true in the end, whichever node serves: one node runs the service, with the record and without
# maintenance, and nothing is left on the other nodes.
settled_on() {
  await 60 "the end of maintenance" no_maintenance
  await 60 "the record through $witness" serves_record
  is_master "$1" || fail "master $1 expected, $(master) seen"
  runs_on "$1" || fail "the service runs on $1"
  for node in "${nodes[@]}"; do
    [ "$node" = "$1" ] || await 60 "nothing of the service on $node" empty "$node"
  done
}

# The next event is handled as usual.
moves_to() {
  local before
  before=$(deploy_id)
  fire_deploy "$1"
  await 120 "the next deployment" another_deployment_than "$before"
  settled_on "$1"
}
another_deployment_than() { [ -n "$(deploy_id)" ] && [ "$(deploy_id)" != "$1" ]; }

cut_off() {
  undo="on $1 ip link set eth0 up"
  on "$1" ip link set eth0 down
}
join_again() {
  on "$1" ip link set eth0 up
  undo=true
  # Each of the other nodes contacts a failed member every 30 s, with probability 1/3. Not `consul join`: it
  # makes the node ignore the events that it missed.
  await 180 "$1 among the living" alive "$1"
}
alive() { in_consul "$witness" consul members | grep -q "^$1 .*alive"; }

run tunnels up
expect_status 0

case_begins "the master's node is cut off before the transfer"
given_on core1
before=$(deploy_id)
cut_off core1
fire_deploy core3
await 60 "an error line of core3 that names the dead sender" logged core3 "ERROR.*$app.*core1"
expect_equal "$before" "$(deploy_id)" "deploy_id in KV"
empty core3 || fail "nothing was started on core3"
join_again core1
await 60 "core1 hears that the move is off" logged core1 "ERROR.*$app.*called the move off"
settled_on core1
moves_to core3

case_begins "the master's node is cut off during the transfer"
post_record "$witness"
fire_deploy core1
await 30 "maintenance" kv "maintenance/$app" >/dev/null
cut_off core3
join_again core3
await 90 "the end of maintenance" no_maintenance
# Milliseconds decide whether core1 had received everything before the cut: then it serves, otherwise core3
# continues.
settled_on "$(master)"

case_begins "the master's node is cut off after the transfer"
moves_to core1
post_record "$witness"
fire_deploy core3
await 60 "the new master in KV" is_master core3
cut_off core1
await 60 "the record through $witness while core1 is away" serves_record
join_again core1
settled_on core3

case_begins "the receiver's disk is full"
post_record "$witness"
undo="on core1 sh -c 'rm -f /var/lib/buttervolume/fill.*'"
on core1 sh -c 'for size in 4096 1024 256 64 16 4 1; do while fallocate -l ${size}M /var/lib/buttervolume/fill.$size.$(date +%N) 2>/dev/null; do :; done; done; true'
run app deploy --yes --master core1 --no-slave "$repo" "$branch"
expect_status 1
expect_error "core3"
settled_on core3
on core1 sh -c 'rm -f /var/lib/buttervolume/fill.*; btrfs filesystem sync /var/lib/buttervolume'
undo=true
moves_to core1

case_begins "Consul loses its leader in the middle of a move"
post_record "$witness"
since=$(date +%s)
fire_deploy core3
await 30 "maintenance" kv "maintenance/$app" >/dev/null
undo='for node in core1 core2 core3; do on $node pkill -CONT -x consul; done'
for node in core1 core2 core3; do on "$node" pkill -STOP -x consul & done
wait
on core4 timeout 60 bash -c "grep -qm1 -e 'stepping down' -e 'starting election' < <(docker logs -f --since $since cluster_consul_1 2>&1)" ||
  fail "core4 misses its leader"
for node in core1 core2 core3; do on "$node" pkill -CONT -x consul; done
undo=true
await 90 "a leader" kv "app/$app" >/dev/null
await 90 "the end of maintenance" no_maintenance
settled_on "$(master)"
moves_to core2

case_begins "compose fails on the new master"
post_record "$witness"
in_consul core1 sh -ec "
  rm -rf /tmp/broken && git clone -q --depth 1 -b $branch $repo /tmp/broken && cd /tmp/broken
  git rev-parse HEAD > /tmp/broken.head
  sed -i 's#image: panubo/sshd#image: nobody/has-this#' docker-compose.yml
  git -c user.name=test -c user.email=test@localhost commit -qam 'an image that nobody has'
  git push -q --force origin HEAD:refs/heads/$branch"
undo="in_consul core1 sh -c 'cd /tmp/broken && git push -q --force origin \$(cat /tmp/broken.head):refs/heads/$branch'"
run app deploy --yes --master core3 --no-slave "$repo" "$branch"
expect_status 1
expect_error "core3"
settled_on core2
eval "$undo"
undo=true
moves_to core3

run app destroy --yes "$repo" "$branch"
expect_status 0
for node in "${nodes[@]}"; do empty "$node" || fail "destroy leaves nothing on $node"; done
exit 0
