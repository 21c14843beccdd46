# Scenarios in parallel on one cluster: each has its own slot, the seed repeats the order, an interrupt cleans
# up everything that runs, and nothing is left.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

number() { sed -n "s/^  \"$1\": \([0-9]*\),\$/\1/p" "$work/report/results.json"; }
# The shoulds of the scenario that was started first, in the order in which they ran.
shoulds() { sed -n '/"number": 1,/,/"number": 2,/s/^ *"text": //p' "$work/report/results.json"; }

trap '"$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT
run tunnels up
expect_status 0

echo "two runs at a time"
run test new-service --repeat 2 --jobs 2 --seed 7 --report "$work/report"
expect_status 0
expect_output "jobs     2: as asked for"
expect_output "2 scenarios"
expect_output "again: labctl test new-service --repeat 2 --jobs 2 --seed 7"
printf '%s\n' "$out" | tail -8
marks=$(sed -n 's/^ *"mark": "\([a-z0-9]\{5\}\)",$/\1/p' "$work/report/results.json" | sort -u | wc -l)
expect_equal 2 "$marks" "marks of five characters"
[ "$(number milliseconds)" -lt "$(number sum_of_scenarios)" ] || fail "the run to be shorter than its scenarios together"
expect_empty_cluster
order=$(shoulds)

echo "the same seed, the same order, whatever the jobs"
run test new-service --jobs 1 --seed 7 --report "$work/report"
expect_status 0
expect_equal "$order" "$(shoulds)" "order of the shoulds"

echo "interrupted while two run"
consul=$("$LABCTL" --json tunnels status | sed -n 's/.*"local": *"\(127.0.0.1:[0-9]*\)".*/\1/p' | head -1)
# Returns when something below app/ has changed since `index`.
app_keys() {
  curl -s -D "$work/head" --max-time 130 "http://$consul/v1/kv/app/?keys&index=$index&wait=120s"
  index=$(sed -n 's/^X-Consul-Index: *\([0-9]*\).*/\1/Ip' "$work/head")
}
index=0
app_keys >"$work/keys"
"$LABCTL" test new-service --repeat 4 --jobs 2 --report "$work/report" >"$work/interrupted" 2>&1 &
pid=$!
# The record exists from the middle of a deployment on.
for ((tries = 0; tries < 20; ++tries)); do
  app_keys >"$work/keys"
  if grep -q app/ "$work/keys"; then break; fi
done
grep -q app/ "$work/keys" || fail "an app to be deployed"
kill -INT "$pid"
wait "$pid"
status=$? out=$(<"$work/interrupted") command="labctl test, interrupted"
expect_status 130
expect_output "interrupted"
outcomes=$(grep -o '"outcome": "[a-z]*"' "$work/report/results.json" | sort | uniq -c)
printf '%s\n' "$outcomes"
grep -q '"outcome": "interrupted"' "$work/report/results.json" || fail "an interrupted scenario in the report"
expect_equal 2 "$(grep -c '"outcome"' "$work/report/results.json")" "scenarios that were started"
expect_empty_cluster
