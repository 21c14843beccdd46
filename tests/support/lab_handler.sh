# The deploy handler of a lab that runs: exchanged, put back, and given a defect. Sourced by scripts that have
# $labctl, $lab and a folder $work of their own.
# shellcheck disable=SC2154  # these three

# A file in a folder of the host, the same one that the nodes' containers see.
lab_handler=${LABCTL_STATE_DIR:-/var/lib/labctl}/labs/$lab/agent/bin/handler

# use_handler FILE: from now on. The lab's own is kept in $work for restore_handler.
use_handler() {
  [ -f "$lab_handler" ] || return 1
  [ -f "$work/own-handler" ] || cp "$lab_handler" "$work/own-handler" || return 1
  cp "$1" "$lab_handler"
}
restore_handler() { [ ! -f "$work/own-handler" ] || cp "$work/own-handler" "$lab_handler"; }

# plant ID NODE...: the defect that labctl-agent-mutants has on these nodes from now on, for every app; none
# with an empty id.
plant() {
  local id=$1 node
  shift
  for node in "$@"; do
    "$labctl" lab exec --name "$lab" "$node" -- sh -c \
      'mkdir -p /deploy/.mutants && if [ -n "$1" ]; then echo "$1" > /deploy/.mutants/all; else rm -rf /deploy/.mutants; fi' \
      plant "$id" || return 1
  done
}
