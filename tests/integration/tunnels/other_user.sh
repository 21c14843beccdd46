# Another user of the machine creates a daemon's socket where ours would be: labctl sends nothing to it, and
# says why.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
[ "$(id -u)" = 0 ] || fail "two users are needed, so root"
victim=61201 attacker=61202
# All users may pass through it, as through /tmp on any machine.
chmod 0755 "$work"
cp "$LABCTL" "$work/labctl"
shared=$work/tmp
mkdir -m 1777 "$shared"
mkdir -m 0700 "$work/home"
chown $victim "$work/home"
cat >"$work/inventory.yaml" <<'Y'
version: 1
name: mine
nodes: {core1: {address: 127.0.0.1, user: core}}
consul: {local: "127.0.0.1:18599"}
Y

as() {
  local user=$1
  shift
  setpriv --reuid="$user" --regid="$user" --clear-groups "$@"
}
# labctl as the victim, with its runtime folder at $runtime.
victim_runs() {
  run_command as $victim env -u XDG_RUNTIME_DIR -u SSH_AUTH_SOCK -u LABCTL_INVENTORY HOME="$work/home" \
    LABCTL_RUNTIME_DIR="$runtime" "$work/labctl" --inventory "$work/inventory.yaml" "$@"
}

# A fake daemon: accepts clients, records every byte that it receives, and claims that everything is up.
cat >"$work/fake-daemon.py" <<'P'
import os, socket, sys
path, log = sys.argv[1:]
server = socket.socket(socket.AF_UNIX)
server.bind(path)
os.chmod(path, 0o777)
server.listen()
print("listens", flush=True)
while True:
    client, _ = server.accept()
    got = client.recv(65536)
    if got:
        with open(log, "ab") as file:
            file.write(got)
        client.sendall(b'{"ok":true,"status":{"pid":1,"forwards":[],"nodes":[]}}\n')
    client.close()
P
fake=
trap '[ -z "$fake" ] || kill "$fake" 2>/dev/null; rm -rf "$work"' EXIT
# Starts the fake daemon as the attacker; returns when it listens.
lay_daemon() {
  rm -f "$work/log/bytes"
  coproc FAKE { exec setpriv --reuid=$attacker --regid=$attacker --clear-groups \
    /usr/bin/python3 "$work/fake-daemon.py" "$1/daemon.sock" "$work/log/bytes"; }
  fake=$FAKE_PID
  local said=
  read -r -t 10 -u "${FAKE[0]}" said || fail "the false daemon does not listen"
  expect_equal listens "$said"
}
end_daemon() {
  kill "$fake"
  wait "$fake" 2>/dev/null
  fake=
}
mkdir -m 0777 "$work/log"

expect_refused() {
  for verb in "tunnels status" "tunnels up" "tunnels down" "tunnels restart" env "run -- true"; do
    # shellcheck disable=SC2086  # words of a command
    victim_runs $verb
    [ "$status" -ne 0 ] || fail "$verb succeeds"
    expect_error "$1"
    expect_equal "" "$out" "output of $verb"
    # The request `down` ends a daemon's process; it must never end a process that the attacker has chosen.
    kill -0 "$fake" || fail "$verb ended a process of another user"
  done
  expect_no_file "$work/log/bytes"
}

# Case the_folder_is_the_attackers: the whole folder belongs to the attacker, which a fallback below /tmp allows.
runtime=$shared/labctl-$victim
as $attacker mkdir -m 0755 "$runtime"
as $attacker mkdir -m 0755 "$runtime/mine"
lay_daemon "$runtime/mine"
expect_refused "$runtime: belongs to another user"
end_daemon
as $attacker rm -rf "$runtime"

# Case a_folder_above_can_be_replaced: the folder is the victim's and private, but a folder above it can be replaced.
mkdir -m 0777 "$work/open"
runtime=$work/open/run
as $victim mkdir -m 0700 "$runtime"
victim_runs tunnels status
expect_status 2
expect_error "$work/open: can be written by every user"

# Case the_socket_is_of_another_user: the folders are right, but another user created the socket, while the folder was open.
runtime=$shared/ours
as $victim mkdir -m 0777 "$runtime"
as $victim mkdir -m 0777 "$runtime/mine"
chmod 0777 "$runtime" "$runtime/mine"
lay_daemon "$runtime/mine"
chmod 0700 "$runtime" "$runtime/mine"
for verb in "tunnels status" "tunnels up" "tunnels down"; do
  # shellcheck disable=SC2086  # words of a command
  victim_runs $verb
  [ "$status" -ne 0 ] || fail "$verb succeeds"
  expect_error "belongs to a process of another user (user id $attacker"
done
expect_no_file "$work/log/bytes"
end_daemon
