# shellcheck disable=SC2034,SC2154  # shell.sh, faults.sh and these files use each other's variables
# Faults of what the cluster promises to its apps. Sourced by faults.sh.

# kv put KEY VALUE, kv delete KEY: by the Consul of core1.
kv() { in_node core1 -- docker exec cluster_consul_1 consul kv "$@"; }
record() { # MASTER DOMAINS VOLUMES [KEY]: a record of an app that nobody has deployed; KEY is that of its site
  printf '{"haproxy": {}, "caddyfile": "%s", "repo_url": "x", "branch": "y", "deploy_date": "", "deploy_id": "",
    "previous_deploy_id": null, "domains": [%s], "urls": "%s", "ip": "192.0.2.1", "master": "%s", "slave": null,
    "ct": {}, "volumes": [%s]}' "${4:+$4 {\\n    status 204 /\\n\}}" "$2" "${4-}" "$1" "$3"
}
plant_volume_not_managed() {
  fault "a volume of an app was made local" \
    'kv delete app/doctor-test; in_node core2 -- docker volume rm doctortest_data'
  on core2 docker volume create doctortest_data
  kv put app/doctor-test "$(record core2 '' '"doctortest_data"')" >/dev/null
  expect_findings volume-not-managed -- "doctortest_data of doctor-test on core2 has driver local"
}
plant_keys_left() {
  fault "a maintenance key is left" "kv delete maintenance/doctor-test"
  kv put maintenance/doctor-test '' >/dev/null
  expect_findings maintenance-left -- maintenance/doctor-test
  run doctor
  expect_status 0
  run doctor --strict
  expect_status 1
  kv delete maintenance/doctor-test >/dev/null
  fault "a mark of a transfer is left" "kv delete migrate/doctor-test/success"
  kv put migrate/doctor-test/success '' >/dev/null
  expect_findings mark-left -- migrate/doctor-test/success
}
plant_proxy_not_rendered() {
  fault "consul-template of core2 hangs while an app is published" \
    'kv delete app/doctor-test; in_node core2 -- docker exec cluster_consul_1 pkill -CONT consul-template'
  on core2 docker exec cluster_consul_1 pkill -STOP consul-template
  kv put app/doctor-test "$(record core2 '"doctor.lab"' '')" >/dev/null
  expect_findings proxy-not-rendered -- '"core2"' doctor.lab
}
plant_haproxy_not_reloaded() {
  fault "haproxy.cfg of core2 is newer than HAProxy" "in_node core2 -- docker kill -s HUP cluster_haproxy_1"
  on core2 docker exec cluster_consul_1 touch -d "-11 seconds" /haproxy/haproxy.cfg
  expect_findings haproxy-not-reloaded -- '"core2"'
}
plant_caddyfile_not_rendered() {
  fault "consul-template of core2 hangs while a site is published" \
    'kv delete app/doctor-test; in_node core2 -- docker exec cluster_consul_1 pkill -CONT consul-template'
  on core2 docker exec cluster_consul_1 pkill -STOP consul-template
  kv put app/doctor-test "$(record core2 '' '' http://doctor.lab)" >/dev/null
  expect_findings proxy-not-rendered -- '"core2"' "the Caddyfile has no site for http://doctor.lab"
}
is_rendered() { in_node core2 -- docker exec cluster_consul_1 grep -q doctor.lab /caddy/Caddyfile; }
# The agent writes Caddy 2's file after the Caddyfile.
is_rendered_without_site() {
  in_node core2 -- docker exec cluster_consul_1 sh -c \
    '! grep -q doctor.lab /caddy/Caddyfile && [ /caddy/Caddyfile.v2 -nt /caddy/Caddyfile ]'
}
written_earlier() { # FILE: more than the time that a reload takes
  on core2 docker exec cluster_consul_1 touch -d "-11 seconds" "$1"
}
# The site of doctor-test in Caddyfile, and no reload after it: the command that consul-template runs does nothing.
publish_without_reload() {
  mount_in_consul core2 /bin/true /opt/labctl/bin/labctl-agent none 4096 "" || fail "a mount"
  kv put app/doctor-test "$(record core2 '' '' http://doctor.lab)" >/dev/null
  await 20 "the site in the Caddyfile of core2" is_rendered
  written_earlier /caddy/Caddyfile
}
plant_caddy_not_reloaded() {
  fault "the reload of Caddy on core2 after a change in KV is lost" \
    'mount_in_consul core2 /opt/labctl/bin/labctl-agent; kv delete app/doctor-test >/dev/null'
  publish_without_reload
  written_earlier /caddy/Caddyfile.v2
  expect_findings caddy-not-reloaded -- '"core2"' "the running Caddy has no site for http://doctor.lab"
  eval "$undo"
  await 20 "the Caddyfiles of core2 without the site" is_rendered_without_site
  fault "the file that Caddy reads on core2 has other directives than Caddy" \
    'in_consul core2 mv -f /caddy/kept /caddy/Caddyfile.v2'
  in_consul core2 sh -c 'cp -a /caddy/Caddyfile.v2 /caddy/kept
    printf "\nhttp://doctor.lab {\n\trespond 200\n}\n" >>/caddy/Caddyfile.v2' || fail "another site"
  written_earlier /caddy/Caddyfile.v2
  written_earlier /caddy/Caddyfile
  expect_findings caddy-not-reloaded -- '"core2"' "it has no site for doctor.lab"
}
# Caddy 1 instead of the node's Caddy 2: what old clusters run. It knows of one site.
caddy1_of_core2() {
  local program=${LABCTL_CACHE_DIR:-/var/cache/labctl}/bin/caddy1 image
  [ -x "$program" ] || fail "Caddy 1, made by: tools/setup caddy1"
  image=$(in_node core2 -- docker inspect -f '{{.Image}}' cluster_caddy_1)
  on core2 sh -c 'docker rename cluster_caddy_1 doctor_caddy_2 && docker stop doctor_caddy_2 &&
    docker create --name cluster_caddy_1 --network cluster_default --network-alias caddy \
      -v /var/lib/cluster/caddy_conf:/etc/caddy:ro --entrypoint /usr/local/bin/caddy "$1" \
      -conf /etc/caddy/Caddyfile -agree' sh "$image"
  mkdir -p "$work/caddy1/usr/local/bin"
  cp -L "$program" "$work/caddy1/usr/local/bin/caddy"
  tar -C "$work/caddy1" -c usr | in_node core2 -- docker cp - cluster_caddy_1:/ || fail "a copy of Caddy 1"
  kv put app/doctor-old "$(record core2 '' '' http://old.lab)" >/dev/null
  await 20 "the old site in the Caddyfile of core2" in_node core2 -- docker exec cluster_consul_1 grep -q old.lab /caddy/Caddyfile
  on core2 docker start cluster_caddy_1
  await 20 "an answer of Caddy 1 on core2" answers_as_caddy1 204 old.lab
}
answers_as_caddy1() { # STATUS HOST
  [ "$(in_node core2 -- sh -c 'curl --silent --noproxy "*" --output /dev/null --write-out "%{http_code}" --header "Host: $1" \
    "http://$(docker inspect -f "{{.NetworkSettings.Networks.cluster_default.IPAddress}}" cluster_caddy_1)/"' sh "$2")" = "$1" ]
}
plant_caddy1_not_reloaded() {
  fault "Caddy 1 on core2 has not read the Caddyfile since a change in KV" \
    'mount_in_consul core2 /opt/labctl/bin/labctl-agent; kv delete app/doctor-test; kv delete app/doctor-old
    in_node core2 -- sh -c "docker rm -f cluster_caddy_1 && docker rename doctor_caddy_2 cluster_caddy_1 && docker start cluster_caddy_1"'
  caddy1_of_core2
  await 60 "a healthy cluster with Caddy 1" healthy
  publish_without_reload
  answers_as_caddy1 404 doctor.lab || fail "404 for the new site"
  expect_findings caddy-not-reloaded -- '"core2"' "the running Caddy has no site for http://doctor.lab"
}

# in_consul NODE CMD...: as root, with the files of its Consul container.
in_consul() {
  local node=$1
  shift
  in_node "$node" -- sh -c 'exec nsenter -m -t "$(docker inspect -f "{{.State.Pid}}" cluster_consul_1)" "$@"' sh "$@"
}
# Mounts, or with one argument unmounts, in the Consul container's mount namespace; the container has no mount(8).
mount_in_consul() { # NODE SOURCE TARGET TYPE FLAGS OPTIONS, or NODE TARGET
  in_consul "$1" python3 -c 'import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
words = [word.encode() for word in sys.argv[1:]]
if len(words) == 1:
    sys.exit(libc.umount2(words[0], 2))
sys.exit(libc.mount(words[0], words[1], words[2], ctypes.c_ulong(int(words[3])), words[4]))' "${@:2}"
}
plant_handler_watch_missing() {
  fault "the watch is missing in the configuration of the Consul of core2" \
    'mount_in_consul core2 /opt/labctl/stack/consul/agent.json; in_node core2 -- docker exec cluster_consul_1 consul reload'
  in_consul core2 python3 -c 'import json
agent = json.load(open("/opt/labctl/stack/consul/agent.json"))
agent["watches"] = []
json.dump(agent, open("/tmp/agent.json", "w"))' || fail "another configuration"
  mount_in_consul core2 /tmp/agent.json /opt/labctl/stack/consul/agent.json none 4096 "" || fail "a mount"
  on core2 docker exec cluster_consul_1 consul reload
  expect_findings handler-watch-missing -- '"core2"'
}
plant_disk_nearly_full() {
  fault "the file system of the clones on core2 is full" 'mount_in_consul core2 /deploy'
  mount_in_consul core2 tmpfs /deploy tmpfs 0 size=1m || fail "a mount"
  in_consul core2 sh -c 'head -c 1040000 /dev/zero >/deploy/full' || fail "a full file system"
  expect_findings disk-nearly-full -- '"core2"' /deploy
}
plant_volume_disk_nearly_full() {
  local image
  image=$(in_node core2 -- docker inspect -f '{{.Image}}' cluster_consul_1)
  fault "the file system of the volumes on core2 is full" \
    'in_node core2 -- sh -c "docker rm -f doctortest_full; docker volume rm doctortest_full"'
  on core2 docker run -d --name doctortest_full --volume-driver anybox/buttervolume:latest \
    -v doctortest_full:/data --entrypoint sleep "$image" 600
  # The blocks are reserved and not written.
  on core2 docker exec doctortest_full sh -c \
    'i=0; while fallocate -l 64M /data/$i 2>/dev/null; do i=$((i + 1)); done; stat -f /data'
  expect_findings disk-nearly-full -- '"core2"' "the volume doctortest_full"
}
plant_clock_skew() {
  fault "the clock that programs on core2 see is ahead" \
    'in_consul core2 rm -f /etc/ld.so.preload /tmp/clock_ahead.so'
  cc -shared -fPIC -O1 -o "$work/clock_ahead.so" "$here/clock_ahead.c" || fail "a library"
  in_consul core2 python3 -c 'import base64, sys
open("/tmp/clock_ahead.so", "wb").write(base64.b64decode(sys.argv[1]))
open("/etc/ld.so.preload", "w").write("/tmp/clock_ahead.so\n")' "$(base64 -w0 "$work/clock_ahead.so")" ||
    fail "another clock"
  expect_findings clock-skew -- "the clock of core2 is 3" "ahead of that of this machine"
}
