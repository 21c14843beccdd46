# A node's Docker can do with the images and the plugin that it begins with what Docker can do anywhere: save, commit,
# load, build, remove and prune images, disable and enable the plugin, end and start again.
#
#   docker_data.sh           on core4 of the shared lab, which is left as it was
#   docker_data.sh trixie    on a lab of its own with nodes of that release
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
lab=${LABCTL_TEST_LAB:-check} node=core4
driver=anybox/buttervolume:latest
if [ $# -gt 0 ]; then
  lab=engines node=core1
  export LABCTL_STATE_DIR=/var/lib/labctl-test-engines LABCTL_RUNTIME_DIR=$work/run
  trap '"$LABCTL" lab down --name $lab >/dev/null 2>&1; rm -rf "$work" "$LABCTL_STATE_DIR"' EXIT
  run lab up --name $lab --nodes 2 --os "$1"
  expect_status 0
fi
on() { # CMD...: on the node
  run_command "$LABCTL" lab exec --name "$lab" $node -- "$@"
}
ok() {
  on "$@"
  expect_status 0
}

# Files of the golden data, on which the node stands: none of what follows changes one.
mapfile -t golden < <(find "${LABCTL_CACHE_DIR:-/var/cache/labctl}/docker" -mindepth 1 -maxdepth 1 ! -name '.*')
[ ${#golden[@]} -gt 0 ] || fail "golden data in the cache"
golden_files() {
  find "${golden[@]/%//overlay2}" "${golden[@]/%//plugins}" -type f -printf '%p %s %m %u %T@\n' | sort | sha256sum
}
before=$(golden_files)

# An image without a child can be saved.
ok docker images --format '{{.Repository}}:{{.Tag}}'
images=$out
[ "$(wc -l <<<"$images")" -ge 5 ] || fail "the node has its images"
ok sh -c 'docker save panubo/sshd:latest | tar -t | grep -c "layer.tar\|blobs/sha256"'
[ "$out" -ge 1 ] || fail "layers of the image"

# What a container has written is committed, saved, loaded and built upon.
ok docker run --name data --entrypoint sh lab/stack:latest -c "echo committed >/written; rm /etc/debian_version"
ok docker commit data data:1
ok docker rm data
ok sh -c 'docker save data:1 >/tmp/data.tar && docker rmi data:1 && docker load -i /tmp/data.tar'
ok sh -c 'printf "FROM data:1\nRUN cat /written >/built; ! test -e /etc/debian_version\n" | docker build -q -t data:2 -'
ok docker run --rm --entrypoint cat data:2 /built
expect_equal committed "$out" "what was committed and built upon"
ok docker rmi data:2
ok docker rmi data:1
ok sh -c 'printf "FROM lab/stack:latest\nRUN echo >/dangling\n" | docker build -q -'
ok docker image prune -f
expect_output "Total reclaimed space"
ok docker images -q --filter dangling=true
expect_equal "" "$out" "dangling images"
ok docker images --format '{{.Repository}}:{{.Tag}}'
expect_equal "$(sort <<<"$images")" "$(sort <<<"$out")" "images"

# The plugin, with the data of a volume.
read_volume() { ok docker run --rm -v data:/data --entrypoint cat lab/stack:latest /data/file; }
ok docker volume create --driver $driver data
ok docker run --rm -v data:/data --entrypoint sh lab/stack:latest -c "echo kept >/data/file"
ok docker plugin disable -f $driver
on docker volume create --driver $driver other
[ "$status" -ne 0 ] || fail "no volume while the plugin is disabled"
ok docker plugin enable $driver
read_volume
expect_equal kept "$out" "the volume after the plugin was enabled again"

# dockerd ends and is started again, with the plugin, its volume and the images.
# shellcheck disable=SC2016  # expanded on the node
ok sh -c 'pid=$(cat /run/docker.pid); kill "$pid"; timeout 60 tail --pid="$pid" -f /dev/null'
answers() { on docker version && [ "$status" -eq 0 ]; }
await 60 "dockerd, started again" answers
ok docker plugin ls --format '{{.Name}} {{.Enabled}}'
expect_equal "$driver true" "$out" "the plugin after a restart"
read_volume
expect_equal kept "$out" "the volume after a restart"
ok docker images --format '{{.Repository}}:{{.Tag}}'
expect_equal "$(sort <<<"$images")" "$(sort <<<"$out")" "images after a restart"
ok docker volume rm data
ok docker start cluster_consul_1 cluster_haproxy_1 cluster_caddy_1
healthy() {
  run lab status --name "$lab"
  [ "$status" -eq 0 ] && [[ $out != *DOWN* && $out != *exited* ]]
}
await 60 "a healthy lab" healthy

expect_equal "$before" "$(golden_files)" "the golden data"
exit 0
