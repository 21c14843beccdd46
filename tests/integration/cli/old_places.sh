# tunnels up --compat: the forwards also at the places where older suites look for them.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
[ "$(id -u)" = 0 ] || fail "two users are needed, so root"
stranger=61203
places=(/tmp/docker_core1.sock /tmp/docker_core2.sock /tmp/docker_core3.sock /tmp/docker_core4.sock)
for place in "${places[@]}"; do
  ! stat "$place" >/dev/null 2>&1 || fail "$place belongs to somebody; move it away for this test"
done
listener=''
end() {
  "$LABCTL" tunnels down >/dev/null 2>&1
  [ -z "$listener" ] || kill "$listener" 2>/dev/null
  rm -rf "$work" "${places[@]}"
}
trap end EXIT

# The inventory has Consul at a socket, so that port 8500 is only that of --compat.
sed 's|local: "127.0.0.1:[0-9]*"|local: "{runtime}/consul.sock"|' "${LABCTL_INVENTORY:?}" >"$work/private.yaml"
export LABCTL_INVENTORY=$work/private.yaml
as_stranger() { setpriv --reuid=$stranger --regid=$stranger --clear-groups "$@"; }
none_left() { for place in "${places[@]}"; do expect_no_file "$place"; done; }
port_is_free() { ! (: <>/dev/tcp/127.0.0.1/8500) 2>/dev/null; }
port_is_free || fail "port 8500 of this machine is in use; end that program for this test: $(ss -Hltnp 'sport = 8500')"

# Another user listens at PLACE until end_listener.
listen_at() { # PLACE
  rm -f "$work/listens" # of an earlier listener
  python3 -c 'import os, socket, sys
os.setresgid(*[int(sys.argv[2])] * 3)
os.setresuid(*[int(sys.argv[2])] * 3)
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
server.listen()
print("listens", flush=True)
while True:
    server.accept()[0].close()' "$1" "$stranger" >"$work/listens" &
  listener=$!
  await 10 "a listener at $1" grep -qs listens "$work/listens"
}
end_listener() { # leaves the file
  kill "$listener"
  wait "$listener" 2>/dev/null
  listener=''
}

run tunnels up
expect_status 0
none_left
run tunnels up --compat
expect_status 2
expect_error "they do not carry compat_consul, compat_docker_core1"
run tunnels down

# Case the_old_places_are_for_their_owner_only: each leads to its node; sockets have mode 0600 and are root's.
run tunnels up --compat
expect_status 0
expect_error "every user of this machine can reach Consul at 127.0.0.1:8500"
for node in core1 core2 core3 core4; do
  place=/tmp/docker_$node.sock
  expect_equal "600 socket 0" "$(stat -c '%a %F %u' "$place")" "mode, type and owner of $place"
  run_command curl -sf --unix-socket "$place" http://docker/info
  expect_output "\"Name\":\"$node\""
  run_command as_stranger curl -s --unix-socket "$place" http://docker/info
  expect_equal 7 "$status" "what curl says to another user of $place"
done
run_command curl -sf http://127.0.0.1:8500/v1/catalog/nodes
expect_output '"Node":"core4"'
run tunnels status
expect_status 0
expect_output compat_docker_core4
run tunnels up # the usual forwards are up too
expect_status 0
run tunnels up --compat
expect_status 0
expect_error "already up"
run tunnels down
expect_status 0
none_left
port_is_free || fail "port 8500 is free after down"

# Case a_killed_daemon_blocks_no_old_place: its files stay, and the next up or down makes an end of them.
for verb in "up --compat" down; do
  run tunnels up --compat
  expect_status 0
  pid=$("$LABCTL" --json tunnels status | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' | head -1)
  kill -KILL "$pid"
  await 10 "the end of the daemon" port_is_free
  expect_file /tmp/docker_core1.sock
  # shellcheck disable=SC2086  # words of a command
  run tunnels $verb
  expect_status 0
  if [ "$verb" != down ]; then
    run_command curl -sf --unix-socket /tmp/docker_core1.sock http://docker/_ping
    expect_status 0
    run tunnels down
    expect_status 0
  fi
  none_left
done

# Case an_old_place_that_is_not_ours_is_refused_by_name: nothing is replaced, followed or removed, not even by root.
place=/tmp/docker_core2.sock
refused() { # WORDS
  local before
  before=$(stat -c '%i %F %u %a %Y' "$place")
  run --quiet tunnels up --compat
  expect_status 2
  expect_error "$place"
  expect_error "$1"
  run tunnels down
  expect_status 0
  expect_equal "$before" "$(stat -c '%i %F %u %a %Y' "$place")" "what is at $place"
  expect_no_file /tmp/docker_core1.sock
  run tunnels status
  expect_status 1
  rm "$place"
}
listen_at "$place"
refused "is in use by another process"
end_listener
listen_at "$place"
end_listener
refused "is a dead socket of another user"
echo mine >"$work/victim"
as_stranger ln -s "$work/victim" "$place"
refused "exists and is not a socket"
expect_equal mine "$(cat "$work/victim")" "the file that the link names"
as_stranger ln -s "$work/not-there" "$place"
refused "exists and is not a socket"
expect_no_file "$work/not-there"
as_stranger touch "$place"
refused "exists and is not a socket"
as_stranger mkdir "$place"
run --quiet tunnels up --compat
expect_status 2
expect_error "$place"
rmdir "$place"

# Case a_taken_place_stays_taken: another user takes the place of a forward that is down. It is not replaced, and the
# status says so.
run tunnels up --compat
expect_status 0
rm "$place"
listen_at "$place"
run tunnels restart compat_docker_core2
expect_status 2
expect_error "$place: is in use by another process"
run tunnels status
expect_status 1
run_command curl -sf --unix-socket "${place/core2/core1}" http://docker/_ping # the others are not affected
expect_status 0
run tunnels down
expect_status 0
expect_file "$place"
end_listener
rm "$place"

# Port 8500 belongs to another program.
python3 -m http.server --bind 127.0.0.1 --directory "$work" 8500 >/dev/null 2>&1 &
listener=$!
port_is_taken() { ! port_is_free; }
await 10 "a listener at port 8500" port_is_taken
run --quiet tunnels up --compat
expect_status 2
expect_error "127.0.0.1:8500: is in use by another process"
none_left
end_listener
exit 0
