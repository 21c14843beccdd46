# The main job as a new user types it: no inventory, no lab, one command. Afterwards nothing is left.
. "$LABCTL_TEST_SUPPORT/shell.sh"
export LABCTL_STATE_DIR="$work/state" LABCTL_RUNTIME_DIR="$work/run"
. "$LABCTL_TEST_SUPPORT/traces.sh"
cd "$work" || exit 1

# Kept: it says why a run was red.
report=$(dirname "$(dirname "$LABCTL")")/tests/suite.all
rm -rf "$report"
run test --all --report "$report"
expect_status 0
first_line=$(head -1 <<<"$err$out")
[[ $first_line == *"no inventory found: bringing up the embedded lab"* ]] || fail "the first line to say that a lab is brought up"
expect_output "new-service"
expect_output "0 failed"
expect_output "jobs"
[[ $out != *"✗"* ]] || fail "no should to be red"
expect_file "$report/junit.xml"

expect_nothing_left "after the run" default
left=$(find "$work/run" -type s 2>/dev/null)
expect_equal "" "$left" "sockets left in the runtime folder"
printf '%s\n' "$out"
