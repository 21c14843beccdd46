# Another deploy handler, with the weaknesses that its contract allows: it is judged by what becomes of the cluster, not by
# what it logs, and its report is a baseline for the lab's own handler. --all: every scenario that its table of expected reds has.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

trap '"$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT
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
expect_empty_cluster
