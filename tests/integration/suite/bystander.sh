# A cluster that other people need: no scenario that breaks shared parts runs, leftover test apps are removed
# only with --yes, and another app on the cluster does not change. The arguments choose what runs beside that
# app; --all takes long.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

on() { "$LABCTL" lab exec --name check "$1" -- "${@:2}"; }
in_consul() { on "$1" docker exec cluster_consul_1 "${@:2}"; }
service=https://github.com/mlfmonde/cluster_lab_test_service
bystander=https://github.com/neighbour/bystander
domain=bystander.cluster.lab
address=$(sed -n 's/.*core4: {address: \([0-9.]*\).*/\1/p' "$LABCTL_INVENTORY")
cd "$work" || exit 1

leave_nothing() {
  for app in "$bystander qualif" "$service without_caddyfile"; do
    # shellcheck disable=SC2086  # a repository and a branch
    "$LABCTL" app destroy --yes $app >/dev/null 2>&1
  done
  on hub rm -rf /srv/git/neighbour
  remove_snapshots bystander
  "$LABCTL" tunnels down >/dev/null 2>&1
  rm -rf "$work"
}
trap leave_nothing EXIT

# The same cluster, with an inventory that does not say that it is disposable.
grep -v disposable "$LABCTL_INVENTORY" >others.yaml
cmp -s others.yaml "$LABCTL_INVENTORY" && fail "the lab's inventory to say that the lab is disposable"
export LABCTL_INVENTORY=$work/others.yaml

run tunnels up
expect_status 0
on hub sh -c 'set -e; work=$(mktemp -d); cd "$work"
  git clone --quiet --branch qualif /srv/git/mlfmonde/cluster_lab_test_service .
  sed -i "s/service.qualif.cluster.lab/'$domain'/" docker-compose.yml
  git -c user.name=neighbour -c user.email=neighbour@localhost commit --quiet --all -m "An app of its own"
  mkdir -p /srv/git/neighbour; git clone --quiet --bare . /srv/git/neighbour/bystander; rm -rf "$work"' ||
  fail "a repository for the app"
run app deploy --yes "$bystander" qualif --master core1 --slave core2
expect_status 0

# Everything of the app that must not change: records, placement, service, containers and their start times,
# volumes, schedules, clones, answers.
state() {
  in_consul core1 sh -c 'for key in $(consul kv get -keys app/bystander); do consul kv get "$key"; done; consul catalog services | grep bystander'
  for node in core1 core2 core3 core4; do
    echo "$node"
    on "$node" sh -c 'docker ps -aq --filter name=^bystander | xargs -r docker inspect --format "{{.Id}} {{.Name}} {{.State.StartedAt}}" | sort
      docker volume ls -q | grep ^bystander; docker network ls --format "{{.ID}} {{.Name}}" | grep bystander; ls /deploy | grep ^bystander'
    in_consul "$node" buttervolume scheduled | grep bystander
  done
  curl -sf --max-time 20 -H "Host: $domain" "http://$address/example"
}
deadline=$((SECONDS + 60))
until curl -sf -X POST -H "Host: $domain" "http://$address/example?name=mine&content=stays" >"$work/posted"; do
  [ "$SECONDS" -lt "$deadline" ] || fail "the app to take a record"
  on core1 timeout 1 docker events --filter event=health_status >/dev/null
done
state >before
for words in '"master":"core1"' /bystanderqualif stays; do
  grep -q -- "$words" before || fail "the state of the app to have '$words', seen: $(<before)"
done

echo "what would break its proxies is left out, and refused by name"
run test bypass-caddy
expect_status 2
expect_error "bypass-caddy cannot run here"
expect_error "cluster: {disposable: true}"
run test "${@:---tag=failure}" --report "$work/report"
expect_status 0
expect_output "left out "
for scenario in refuse-git-unreachable-new-master refuse-git-unreachable-old-master refuse-failed-send; do
  grep -q "^left out .*$scenario.*cluster: {disposable: true}" <<<"$out" || fail "$scenario to be left out"
done
grep -q "✗" <<<"$out" && fail "no should to be red"
state >after
diff before after >difference || fail "the app as it was: $(<difference)"

echo "apps of the service repository are removed only when asked for"
run app deploy --yes "$service" without_caddyfile --master core3
expect_status 0
run test unknown-event-logged --report "$work/report"
expect_status 2
expect_error "cluster_lab_test_service_without_caddyfile.89b06"
expect_error "-y"
run app list
expect_output "cluster_lab_test_service_without_caddyfile.89b06"
run test --yes unknown-event-logged --report "$work/report"
expect_status 0
run app list
[[ $out != *cluster_lab_test_service* ]] || fail "the test app to be removed"
state >after
diff before after >difference || fail "the app as it was: $(<difference)"
run app destroy --yes "$bystander" qualif
expect_status 0
expect_empty_cluster
