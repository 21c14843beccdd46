# Everything on this machine that the labs of $LABCTL_STATE_DIR could leave; sourced after shell.sh. Other
# labs may start and end meanwhile, so each kind of thing is identified by its relation to that folder.
#
# named_after LAB...: links and cgroups with the name of one of these labs. Long interface names end in a
# digest.
named_after() {
  local lab
  for lab in "$@"; do
    ip -o link show | awk -F': ' '{sub(/@.*/, "", $2); print "link " $2}' | grep -- " lab-${lab:0:5}" || true
    find /sys/fs/cgroup -maxdepth 3 -type d -name "labctl-$lab*" -printf 'cgroup %p\n'
  done
}

# What existed before the test and is in no journal of this state folder: it belongs to other labs with the
# same names, in other state folders.
ours=$(cat "${LABCTL_STATE_DIR:-/var/lib/labctl}"/labs/*/journal 2> /dev/null || true)
foreign=$(named_after "" | while read -r kind name; do
  grep -qx "$kind ${name##*/}" <<< "$ours" || echo "$kind $name"
done)

everything() {
  named_after "$@" | grep -vxF "${foreign:-none}" || true
  awk '{print "mount " $5}' /proc/self/mountinfo | grep -F " $LABCTL_STATE_DIR/" || true
  losetup --list --noheadings --output NAME,BACK-FILE | grep -E "deleted|$LABCTL_STATE_DIR" || true
  find "$LABCTL_STATE_DIR" 2> /dev/null
  # The daemons of a node have its folder in their environment.
  grep -laz "^DIR=$LABCTL_STATE_DIR/labs/" /proc/[0-9]*/environ 2> /dev/null || true
  find "${LABCTL_CACHE_DIR:-/var/cache/labctl}/docker" -maxdepth 1 -name '.new-*' | grep -E "new-($(tr ' ' '|' <<< "$*"))-" || true
}

expect_nothing_left() {
  local when=$1 left
  shift
  left=$(everything "$@")
  [ -z "$left" ] || fail "$when: nothing of the lab expected, seen: $left"
}
