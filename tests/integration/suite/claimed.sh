# Another app has the domain. What is seen then may be about that app, so there is no verdict about the app
# under test, and nothing of the other app is changed.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

labctl_exec() { "$LABCTL" lab exec --name check "$@"; }
on_core1() { labctl_exec core1 -- docker exec cluster_consul_1 "$@"; }

key=app/shop.00000
value='{"master":"core1","slave":null,"ip":"10.0.0.1","domains":["service.cluster.lab"],"urls":"http://service.cluster.lab",'
value+='"caddyfile":"http://service.cluster.lab {\n    proxy / http://shop00000_web_1:8080\n}","haproxy":{},"ct":{},'
value+='"volumes":[],"repo_url":"https://example.org/shop","branch":"","deploy_date":"","deploy_id":"1"}'
remove() {
  on_core1 consul kv delete "$key" >/dev/null
  labctl_exec core1 -- docker volume rm shop00000_data >/dev/null 2>&1
}
trap 'remove; rm -rf "$work"' EXIT

on_core1 consul kv put "$key" "$value" >/dev/null || fail "cannot write the entry"
labctl_exec core1 -- docker volume create shop00000_data >/dev/null || fail "cannot make the volume"

run --json test --jobs 1 new-service refuse-duplicate-url
expect_status 2
expect_output '"outcome":"unable"'
expect_output "$key claims domain service.cluster.lab"
[[ $out != *'"verdict":"failed"'* ]] || fail "nothing red expected"
run_command on_core1 consul kv get "$key"
expect_equal "$value" "$out" "the entry of the other app"
run_command labctl_exec core1 -- docker volume ls -q --filter name=shop00000_data
expect_equal shop00000_data "$out" "the other app's volume"
remove
expect_empty_cluster

run test new-service
expect_status 0
