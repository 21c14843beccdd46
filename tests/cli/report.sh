# `report diff` and reading a baseline: both work on files, without a cluster.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
export LABCTL_STATE_DIR=$work/state HOME=$work XDG_CONFIG_HOME=$work/config
unset LABCTL_INVENTORY
cd "$work" || exit 1

# A results.json with one should that has this verdict.
report() {
  cat <<JSON
{"format": 1, "labctl": "0.1.0", "started": "2026-11-24T10:11:12Z", "milliseconds": 30000, "jobs": 1, "seed": 41,
 "again": "", "environment": [], "interrupted": false, "left_out": [], "leaked": [],
 "scenarios": [{"name": "new-service", "summary": "", "tags": [], "attempt": 1, "number": 1, "mark": "",
   "outcome": "$1", "milliseconds": 30000,
   "steps": [{"phase": "should", "text": "have a key", "verdict": "$1", "milliseconds": 3}]}]}
JSON
}
mkdir green red
report passed >green/results.json
report failed >red/results.json

run report diff green red
expect_status 1
expect_output "new red   new-service: have a key"
run report diff red green/results.json
expect_status 0
expect_output "mended    new-service: have a key"
run report diff red red
expect_status 0
expect_output "0 new red, 1 known red, 0 mended, 0 new"
run report diff green red --json
expect_status 1
expect_output '"new_red": 1'

run report diff green
expect_status 2
expect_one_line_error
run report diff green missing
expect_status 2
expect_one_line_error
expect_error "missing: no such file"

# A baseline that cannot be read is reported before anything is started.
report broken >bad.json
run test new-service --baseline bad.json
expect_status 2
expect_one_line_error
expect_error 'bad.json: not a report of labctl: /scenarios/0/outcome: expected one of passed, '
printf '{"format": 1,\n oops' >bad.json
run test new-service --baseline bad.json
expect_status 2
expect_one_line_error
expect_error 'bad.json: not a report of labctl, not JSON: line 2, column '
run test new-service --baseline missing
expect_status 2
expect_error "missing: no such file"

# Shells can complete the command and the option.
run completion bash
expect_output "['labctl report']='diff "
expect_output "['labctl report diff']="
[[ $out == *"['labctl test']="*--baseline* ]] || fail "--baseline among the completions of labctl test"

# Minutes of a run are not for nothing: where no report can be written, none begins.
run test --all --report green/results.json
expect_status 2
expect_one_line_error
expect_error "green/results.json is no folder"
expect_no_file "$work/state"
