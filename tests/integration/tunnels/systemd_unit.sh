# systemd accepts the user unit. (The unit names labctl without a folder; here it is the program under test.)
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
command -v systemd-analyze >/dev/null || { echo "skipped: needs systemd-analyze"; exit 77; }
unit=$LABCTL_TEST_SUPPORT/../../packaging/systemd/labctl-tunnels@.service
sed "s|^ExecStart=labctl |ExecStart=$LABCTL |" "$unit" >"$work/labctl-tunnels@shop.service"
grep -q "^ExecStart=$LABCTL " "$work/labctl-tunnels@shop.service" || fail "the unit has no ExecStart=labctl"
mkdir -m 700 "$work/run"
run_command env XDG_RUNTIME_DIR="$work/run" HOME="$work" systemd-analyze --user verify "$work/labctl-tunnels@shop.service"
expect_status 0
expect_no_error "labctl-tunnels"

# What it starts is a command line that labctl knows.
run tunnels up --help
expect_output --foreground
