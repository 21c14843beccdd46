# lab stop and lab start: a node loses its power and gets it back, with its data. On core3 of the shared lab.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
lab=${LABCTL_TEST_LAB:-check}
driver=anybox/buttervolume:latest
trap '"$LABCTL" lab start --name "$lab" core3 >/dev/null 2>&1; "$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT
ok() { # CMD...: on core3
  run_command "$LABCTL" lab exec --name "$lab" core3 -- "$@"
  expect_status 0
}
state_of() { "$LABCTL" lab status --name "$lab" | grep "^$1 "; }

run tunnels up
expect_status 0
"$LABCTL" ssh-config >"$work/ssh_config" || fail "an ssh configuration"
ok sh -c 'echo kept >/deploy/power; echo kept >/root/power'
ok docker volume create --driver $driver power
ok docker run --name power -v power:/data --entrypoint sh lab/stack:latest -c "echo kept | tee /data/file >/file"
ok docker commit power power:1

run lab stop --name "$lab" core3
expect_status 0
expect_error "core3 is off"
run lab stop --name "$lab" core3
expect_status 0
expect_error "core3 was off already"
[[ $(state_of core3) == *DEAD* && $(state_of core1) == *alive* ]] || fail "core3 off, and core1 not"
run lab exec --name "$lab" core3 -- true
expect_status 2
run lab up --name "$lab" # never makes a lab anew because a node is off
expect_status 2
expect_error "powered off are: core3"
expect_error "labctl lab start core3"
run lab stop --name "$lab" core9
expect_status 2
expect_one_line_error
# The others go on, also as a cluster.
run_command "$LABCTL" run -- sh -c 'curl -sf "$CONSUL_HTTP_ADDR/v1/status/leader"'
expect_status 0
expect_output ":8300"

run lab start --name "$lab" core3
expect_status 0
expect_error "core3 is on"
run lab start --name "$lab" core3
expect_status 0
expect_error "core3 was on already"
healthy() {
  run lab status --name "$lab"
  [ "$status" -eq 0 ]
}
await 60 "a healthy lab" healthy
for file in /deploy/power /root/power; do
  ok cat $file
  expect_equal kept "$out" "$file"
done
ok docker run --rm -v power:/data --entrypoint cat lab/stack:latest /data/file
expect_equal kept "$out" "the volume's file"
ok docker run --rm --entrypoint cat power:1 /file
expect_equal kept "$out" "the image's file"
# With the same host key: sessions come back.
run_command ssh -F "$work/ssh_config" -o BatchMode=yes core3 hostname
expect_equal core3 "$out" "host name by ssh"
carried() {
  run tunnels status
  [ "$status" -eq 0 ]
}
await 60 "the tunnels" carried

ok docker rm power
ok docker rmi power:1
ok docker volume rm power
ok rm /deploy/power /root/power
run lab up --name "$lab"
expect_status 0
expect_error "is up already"
exit 0
