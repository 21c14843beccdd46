# Another deploy handler, with the weaknesses that its contract allows: it is judged by what becomes of the
# cluster, not by what it logs, and its report is a baseline for the lab's own handler, with which a planted
# defect is the one new red. --all: every scenario that its table of expected reds has.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

# The handler of a running lab is a file in a folder of the host, the same one that the containers see.
handler=${LABCTL_STATE_DIR:-/var/lib/labctl}/labs/check/agent/bin/handler
# The defect that the handler of mutants has from now on; none with an empty id.
plant() {
  for node in core1 core2 core3 core4; do
    "$LABCTL" lab exec --name check "$node" -- sh -c \
      'mkdir -p /deploy/.mutants && if [ -n "$1" ]; then echo "$1" > /deploy/.mutants/all; else rm -rf /deploy/.mutants; fi' \
      plant "$1" || fail "cannot plant '$1' on $node"
  done
}
end() {
  if [ -f "$work/original" ]; then
    cp "$work/original" "$handler"
    plant ""
  fi
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
cp "$handler" "$work/original"
cp "$(dirname "$LABCTL")/labctl-agent-mutants" "$handler" || fail "build the target labctl-agent-mutants"
plant wrong-commit
run test new-service unknown-event-logged --baseline "$work/legacy"
expect_status 1
expect_output "baseline 1 new red, "
expect_output "have both clones on the branch's commit"
expect_empty_cluster
