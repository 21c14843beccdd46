# systemd accepts the user unit. systemd-analyze is the one of a node's root, so this machine needs none. (The
# unit names labctl without a folder; here it is a program inside that root.)
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
root=${LABCTL_CACHE_DIR:-/var/cache/labctl}/roots/node-trixie
[ "$(id -u)" = 0 ] || { echo "skipped: needs root, for chroot"; exit 77; }
[ -x "$root/usr/bin/systemd-analyze" ] || fail "no systemd-analyze in $root: run tools/setup --os trixie"
unit=$LABCTL_TEST_SUPPORT/../../packaging/systemd/labctl-tunnels@.service
sed "s|^ExecStart=labctl |ExecStart=/mnt/labctl |" "$unit" >"$work/labctl-tunnels@shop.service"
grep -q "^ExecStart=/mnt/labctl " "$work/labctl-tunnels@shop.service" || fail "the unit has no ExecStart=labctl"
mkdir -m 700 "$work/run"
install -m 755 /bin/true "$work/labctl"
verify() {
  # shellcheck disable=SC2016  # expanded by the inner shell
  run_command unshare --mount --propagation private sh -c '
    mount --bind "$1" "$2/mnt" && mount -t proc proc "$2/proc" &&
      exec chroot "$2" env XDG_RUNTIME_DIR=/mnt/run HOME=/mnt \
        systemd-analyze --user verify /mnt/labctl-tunnels@shop.service' verify "$work" "$root"
}
verify
expect_status 0
expect_no_error "labctl-tunnels"
# The check can fail.
sed -i 's|^Type=|Tipe=|' "$work/labctl-tunnels@shop.service"
verify
expect_error "Tipe"

# What it starts is a command line that labctl knows.
run tunnels up --help
expect_output --foreground
