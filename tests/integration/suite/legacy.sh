# Another deploy handler, with the weaknesses that its contract allows: it is judged by the state of the
# cluster, not by its log. Its report is the baseline for the lab's own handler, with which an injected defect
# is then the only new red. --all: every scenario, with its table of expected reds.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

labctl=$LABCTL
lab=check
. "$LABCTL_TEST_SUPPORT/lab_handler.sh"
nodes="core1 core2 core3 core4"
end() {
  restore_handler
  # shellcheck disable=SC2086  # a word for each node
  plant "" $nodes
  "$LABCTL" tunnels down >/dev/null 2>&1
  rm -rf "$work"
}
trap end EXIT
cd "$work" || exit 1

run tunnels up
expect_status 0
export KEEP_REPORT=$work/legacy
run_command "$LABCTL_TEST_SUPPORT/legacy-handler/run" --lab check "$@"
expect_status 0
unset KEEP_REPORT

echo "the lab's handler beside it"
run test new-service unknown-event-logged --baseline "$work/legacy"
expect_status 0
expect_output "baseline 0 new red, "

echo "the same with a clone on another commit"
use_handler "$(dirname "$LABCTL")/labctl-agent-mutants" || fail "build the target labctl-agent-mutants"
# shellcheck disable=SC2086  # a word for each node
plant wrong-commit $nodes || fail "cannot plant a defect"
run test new-service unknown-event-logged --baseline "$work/legacy"
expect_status 1
expect_output "baseline 1 new red, "
expect_output "have both clones on the branch's commit"
expect_empty_cluster
