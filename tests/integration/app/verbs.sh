# The operator's commands on a real cluster: an app is deployed, inspected, swapped, moved, migrated and
# destroyed with the commands that a user types. What must not happen is refused before an event is fired.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

repo=https://github.com/mlfmonde/cluster_lab_test_service
short=cluster_lab_test_service
lab=$(sed -n 's/^name: //p' "$LABCTL_INVENTORY")
app=${short}_without_caddyfile.89b06
qualif=${short}_qualif.89b06

in_consul() { "$LABCTL" lab exec --name "$lab" "$1" -- docker exec cluster_consul_1 "${@:2}"; }
kv_keys() { in_consul core1 consul kv get -keys ''; }

# The ids of all events that Consul remembers: all that were fired, whichever node accepted them.
consul=
events() { curl -sf "http://$consul/v1/event/list" | grep -o '"ID":"[^"]*"' | sort; }

# Runs labctl on its own terminal, with the user's input on stdin.
run_typing() {
  local answer=$1
  shift
  command="$* (typed: $answer)"
  script -qec "$(printf '%q ' "$LABCTL" "$@")" /dev/null >"$work/out" 2>"$work/err" <<<"$answer"
  status=$?
  out=$(<"$work/out") err=$(<"$work/err")
}

# Checks that a command is refused with status 2, one line and these words, and that no event was fired.
expect_refused() {
  local words=$1 before
  shift
  before=$(events)
  run "$@"
  expect_status 2
  expect_one_line_error
  expect_error "$words"
  expect_equal "$before" "$(events)" "events fired"
}

leave_nothing() {
  for key in "app/$app.foreign" "app/${short}_without_caddyfile.00000"; do
    in_consul core1 consul kv delete "$key" >/dev/null 2>&1
  done
  for branch in qualif without_caddyfile guards; do
    "$LABCTL" app destroy --yes "$repo" "$branch" >/dev/null 2>&1
  done
  in_consul core1 git push -q "$repo" :refs/heads/guards >/dev/null 2>&1
  "$LABCTL" tunnels down >/dev/null 2>&1
  rm -rf "$work"
}
trap leave_nothing EXIT

echo "nothing deployed; tunnels for the command alone"
run app list
expect_status 0
expect_equal "" "$out" "apps before the test"
run tunnels status
expect_status 1
run tunnels up
expect_status 0
consul=$("$LABCTL" --json tunnels status | sed -n 's/.*"local": *"\(127.0.0.1:[0-9]*\)".*/\1/p' | head -1)
run_command curl -sf "http://$consul/v1/event/list"
expect_status 0

echo "refusals"
expect_refused "did you mean \"core1\"" app deploy -y "$repo" without_caddyfile --master coer1
expect_refused "did you mean \"core2\"" app deploy -y "$repo" without_caddyfile --master core1 --slave croe2
expect_refused "same node: core1" app deploy -y "$repo" without_caddyfile --master core1 --slave core1
expect_refused "full URL" app deploy -y "$short" without_caddyfile --master core1
expect_refused "needs --master" app deploy -y "$repo" without_caddyfile
expect_refused "no such app is deployed" app destroy -y "$short" without_caddyfile
expect_refused "no such app is deployed" app migrate -y "$short" without_caddyfile qualif
expect_refused "nothing is migrated to branch prod" app migrate -y "$short" qualif prod
expect_refused "nothing is migrated to branch production" app migrate -y "$short" qualif production
expect_refused "Consul takes 404; " app deploy -y "$repo" "$(printf 'b%.0s' {1..400})" --master core1
expect_error "the repository URL has 52, the branch has 400"
expect_refused "--yes" app deploy "$repo" without_caddyfile --master core1
expect_refused "did you mean \"core3\"" app move-masters -y croe3
expect_refused "did you mean \"destroy\"" app detroy "$short" qualif

echo "the question"
before=$(events)
for answer in no y ""; do
  run_typing "$answer" app deploy "$repo" without_caddyfile --master core1
  expect_status 2
  expect_output "the new app $app"
  expect_output "nothing was sent"
done
expect_equal "$before" "$(events)" "events fired after no"
run_typing YES app deploy "$repo" without_caddyfile --master core1 --slave core2
expect_status 0
expect_output "fired deploy"
expect_output "published: master core1, slave core2"
expect_output "$app is deployed on core1, slave core2"

echo "list and inspect"
run app list
expect_status 0
grep -A 1 -xF "$app" <<<"$out" | grep -Eq "^  core1 +core2 .* off " || fail "app, master and slave"
run --json app list --node core2
expect_status 0
for words in "\"app\": \"$app\"" '"master": "core1"' '"slave": "core2"' '"maintenance": false' '"health": "' \
  '"deploy_date": "20'; do expect_output "$words"; done
run app list --node core3
expect_equal "" "$out" "apps on core3"
run app inspect core1
expect_status 0
expect_equal "app/$app" "$out" "masters on core1"
run app inspect core2
expect_equal "" "$out" "masters on core2"
project=clusterlabtestservicewithoutcaddyfile89b06
# A deployment is done when the containers run; they become healthy a moment later.
await_event() { "$LABCTL" lab exec --name "$lab" core1 -- timeout 1 docker events --filter event=health_status >/dev/null; }
healthy_on_core1() {
  run app inspect "${short}_without_caddyfile"
  expect_status 0
  master=$(sed -n '/^core1/,/^core2/p' <<<"$out")
  slave=$(sed -n '/^core2/,/^core3/p' <<<"$out")
  grep -q "container  ${project}_anyblok_1  running healthy" <<<"$master"
}
await 60 "the container running on core1" healthy_on_core1
grep -q "volume     ${project}_dbdata  anybox" <<<"$master" || fail "the volume on core1"
grep -q "schedule   replicate:.*${project}_dbdata" <<<"$master" || fail "the replication on core1"
grep -q "clone      $app-" <<<"$slave" || fail "the clone on core2"
grep -q "container" <<<"$slave" && fail "no container on core2"

echo "strangers' entries"
in_consul core1 consul kv put "app/$app.foreign" '{"master": "elsewhere", "volumes": "none"}' >/dev/null
in_consul core1 consul kv put "app/${short}_without_caddyfile.00000" \
  '{"repo_url": "https://example.com/fork", "branch": "without_caddyfile", "master": "core4"}' >/dev/null
run app list
expect_status 0
expect_output "$app.foreign  malformed entry: field 'volumes' is not a list"
run app inspect "$app.foreign"
expect_status 0
expect_output "field 'volumes' is not a list"
run app inspect "${short}_without_caddyfile.00000"
expect_status 0
expect_output "https://example.com/fork"
expect_error "name another app"
expect_refused "2 apps have this name" app deploy -y "$short" without_caddyfile
expect_error "$app of $repo"
expect_error "${short}_without_caddyfile.00000 of https://example.com/fork"
for key in "app/$app.foreign" "app/${short}_without_caddyfile.00000"; do
  in_consul core1 consul kv delete "$key" >/dev/null
done

echo "a deployment that fails on the cluster"
run app deploy -y "$repo" no_such_branch --master core4
expect_status 1
expect_error "core4 logged: "
expect_error "deploy of ${short}_no_such_branch.89b06 failed"

echo "what the handler warns of"
# A branch of one container, whose site has a guard that Caddy 2 does not know.
printf '%s\n' 'version: "2.4"' 'services:' '  web:' '    image: alpine' '    command: sleep infinity' \
  '    container_name: shop' '    environment:' '      CADDYFILE: |' '        http://guards.cluster.lab {' \
  '          ipfilter /admin {' '            rule allow' '            ip 10.20.0.0/16' '          }' \
  '          proxy / http://$CONTAINER:8080' '        }' '    networks: [cluster_default]' \
  'networks: {cluster_default: {external: true}}' >"$work/docker-compose.yml"
# shellcheck disable=SC2016  # expanded there
"$LABCTL" lab exec --name "$lab" core1 -- docker exec -i cluster_consul_1 sh -ec '
  f=$(mktemp -d) && cd "$f" && git init -q && cat >docker-compose.yml && git add .
  git -c user.name=test -c user.email=test@localhost commit -qm guards
  git push -q --force "$1" HEAD:refs/heads/guards && rm -rf "$f"' sh "$repo" <"$work/docker-compose.yml" ||
  fail "the branch guards"
run app deploy -y "$repo" guards --master core1
expect_status 0
closed="'ipfilter' is not known and may guard the site: /admin is closed (403)"
expect_error "core1 logged: "
expect_error "${short}_guards.89b06: for Caddy 2, http://guards.cluster.lab: $closed"
expect_error "${short}_guards.89b06: service web: container_name is set"
run app inspect "${short}_guards"
expect_status 0
expect_output "warning      service web: container_name is set"
run app destroy -y "$repo" guards
expect_status 0

echo "migrate"
run --json app deploy -y "$repo" qualif --master core3
expect_status 0
expect_output '"result":"done"'
run app migrate -y "$short" without_caddyfile qualif
expect_status 0
expect_error "maintenance on"
expect_error "maintenance off"
expect_error "$qualif has the data of $app in"
run_command "$LABCTL" lab exec --name "$lab" core3 -- \
  docker exec clusterlabtestservicequalif89b06_anyblok_1 cat /var/test_service/migrate
expect_output "migrate data from $repo branch: without_caddyfile to $repo branch: qualif"
expect_refused "no slave can take over $qualif" app move-masters-from -y core3

echo "fired and not waited for"
run --json app destroy -y --no-wait "$short" qualif
expect_status 0
expect_output '"result":"fired"'
id=$(sed -n 's/.*"event":"\([^"]*\)".*/\1/p' <<<"$out")
grep -q "\"$id\"" <<<"$(events)" || fail "event $id to be fired"

echo "swap, by nothing but the app's name"
run app deploy -y "$short" without_caddyfile
expect_status 0
expect_error "master core1 -> core2"
expect_error "maintenance on"
expect_error "$app is deployed on core2, slave core1"

echo "move-masters"
run --json app move-masters -y core2
expect_status 0
expect_output "\"app\":\"$app\""
expect_output '"master":"core1","slave":"core2"'
run app inspect core2
expect_equal "" "$out" "masters on core2"
run app move-masters -y core2
expect_status 0
expect_error "no app has its master on core2"

echo "destroy"
run app destroy -y "$short" without_caddyfile
expect_status 0
expect_error "$app is destroyed in"
run app list
expect_equal "" "$out" "apps after the test"
expect_equal "" "$(kv_keys)" "keys in the KV store"
expect_empty_cluster
remove_snapshots clusterlabtestservice
