# Bad input gives one clear line and exit status 2, and changes nothing.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"

export LABCTL_STATE_DIR="$work/state"
refused() {
  local words=$1
  shift
  run lab "$@"
  expect_status 2
  expect_one_line_error
  expect_error "$words"
  expect_no_file "$LABCTL_STATE_DIR"
}
refused "not a lab's name" up --name ../x
refused "not a lab's name" down --name ../x
refused "bookworm" up --name bad --os bookwrom
refused "core1 core2" up --name bad --nodes 2 --os core3=trixie
refused "1 to 16" up --name bad --nodes 0
refused "no such file" up --name bad --handler "$work/nothing"
refused "there is no lab 'bad'" status --name bad
refused "there is no lab 'bad'" exec --name bad core1 -- true
refused "there is no lab 'bad'" logs --name bad
refused "there is no lab 'bad'" inventory --name bad

run lab down --name bad
expect_status 0
expect_error "there is no lab"

# Without root, labctl reports that it needs root, and why. The program is copied to a folder that every user
# may enter, because the program itself may be in one that only root may enter.
chmod 0755 "$work"
cp "$LABCTL" "$work/labctl"
status=$(cd "$work" && setpriv --reuid=65534 --regid=65534 --clear-groups ./labctl lab up --name bad 2> "$work/err"; echo $?)
err=$(<"$work/err")
expect_equal 2 "$status" "exit status without root"
expect_one_line_error
expect_error "need root"
expect_no_file "$LABCTL_STATE_DIR"

# What this machine does not have is named before anything is made, in namespaces that have less.
lacks() { # WORDS UNSHARE-OPTIONS... -- PREPARATION
  local words=$1 preparation=${*: -1}
  run_command unshare "${@:2:$#-3}" sh -c "$preparation && exec \"\$LABCTL\" lab up --name bad --nodes 2"
  expect_status 3
  expect_error "$words"
  expect_no_file "$LABCTL_STATE_DIR/labs/bad/journal"
  run lab status --name bad
  expect_status 2
}
sed '/btrfs/d' /proc/filesystems >"$work/filesystems"
lacks "the kernel has no btrfs (/proc/filesystems)" --mount -- "mount --bind '$work/filesystems' /proc/filesystems"
lacks "a lab of 2 nodes needs 2" --user --map-root-user -- "echo 1 >/proc/sys/user/max_inotify_instances"
lacks "in the way are 10.0.0.0/8, 198.18.0.0/15" --net -- \
  "ip link set lo up && ip route add 10.0.0.0/8 dev lo && ip route add 198.18.0.0/15 dev lo"
