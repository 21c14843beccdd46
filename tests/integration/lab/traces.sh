# Everything on this machine that a lab could leave, whoever made it; sourced after shell.sh. A test compares it before
# and after, so it needs to know nothing of how labs name things.
everything() {
  ip -o link show | awk -F': ' '{print "link " $2}'
  lsns --noheadings --output NS,TYPE,COMMAND --type net | awk '{print "netns " $1}'
  losetup --list --noheadings --output NAME
  awk '{print "mount " $5}' /proc/self/mountinfo | grep -v "$work"
  find /sys/fs/cgroup -maxdepth 3 -type d -name 'labctl-*'
  find "$LABCTL_STATE_DIR" 2> /dev/null
  ps -eo args= | grep -E '[l]ab/node/init|[d]ockerd|[c]onsul agent' | sort
}
expect_as_before() {
  local now
  now=$(everything)
  [ "$now" = "$before" ] || fail "$1: the machine as before expected, but: $(diff <(echo "$before") <(echo "$now"))"
}
