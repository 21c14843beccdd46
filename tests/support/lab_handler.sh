# The deploy handler of a running lab: replaces it, restores it, and injects a defect. Sourced by scripts that
# set $labctl, $lab and their own folder $work.
# shellcheck disable=SC2154  # these three

# A file in a folder of this machine; the nodes' containers see the same folder.
lab_handler=${LABCTL_STATE_DIR:-/var/lib/labctl}/labs/$lab/agent/bin/handler

# use_handler FILE: FILE is the handler from now on. The lab's own handler is kept in $work for
# restore_handler.
use_handler() {
  [ -f "$lab_handler" ] || return 1
  [ -f "$work/own-handler" ] || cp "$lab_handler" "$work/own-handler" || return 1
  cp "$1" "$lab_handler"
}
restore_handler() { [ ! -f "$work/own-handler" ] || cp "$work/own-handler" "$lab_handler"; }

# plant ID NODE...: from now on labctl-agent-mutants has this defect on these nodes, for every app; an empty
# ID removes it.
plant() {
  local id=$1 node
  shift
  for node in "$@"; do
    "$labctl" lab exec --name "$lab" "$node" -- sh -c \
      'mkdir -p /deploy/.mutants && if [ -n "$1" ]; then echo "$1" > /deploy/.mutants/all; else rm -rf /deploy/.mutants; fi' \
      plant "$id" || return 1
  done
}
