# The programs and packages that people use with a cluster, as published, through the tunnels to the lab. Each
# must tell facts of the node that it was led to.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${LABCTL_CACHE_DIR:-/var/cache/labctl}
python=$cache/clients/current/bin/python
[ -x "$python" ] || fail "the clients at $python expected: run tools/setup clients"
use_docker_of bookworm
trap '"$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT
export IMAGE=lab/stack:latest PYTHONDONTWRITEBYTECODE=1
cd "$work" || exit 1

address_of() { sed -n "s/^  $1: {address: \([0-9.]*\)}.*/\1/p" "${LABCTL_INVENTORY:?}"; }
# nuka's own plugin for pytest does not load without docker-compose 1.
pytest() { run_command "$python" -m pytest -q -p no:cacheprovider -p no:nuka "$@"; }
run tunnels up
expect_status 0
eval "$("$LABCTL" env --docker-host core2)"
"$LABCTL" ssh-config >ssh_config

# pytest-testinfra: the same facts by ssh from a node, and by docker from a container.
ADDRESS=$(address_of core4) NAME=core4 pytest --ssh-config=ssh_config --hosts=ssh://core4 "$here/test_host.py"
expect_status 0
expect_output "2 passed"
container=cluster_haproxy_1
inspect() { curl -sf --unix-socket "${DOCKER_HOST#unix://}" "http://docker/containers/$container/json" | "$python" -c "
import json, sys
container = json.load(sys.stdin)
print($1)"; }
ADDRESS=$(inspect 'list(container["NetworkSettings"]["Networks"].values())[0]["IPAddress"]')
NAME=$(inspect 'container["Config"]["Hostname"]')
export ADDRESS NAME
pytest --connection=docker --hosts="$container" "$here/test_host.py"
expect_status 0
expect_output "2 passed"
# It fails if the facts are others, and if there is no such container.
NAME=core9 pytest --connection=docker --hosts="$container" "$here/test_host.py"
expect_status 1
expect_output "core9"
pytest --connection=docker --hosts=no-such-container "$here/test_host.py"
expect_status 1

# docker-py, consulate, python-consul.
NODE=core2 pytest "$here/test_packages.py"
expect_status 0
expect_output "6 passed"
NODE=core3 pytest "$here/test_packages.py" -k talks_to_the_node
expect_status 1
expect_output core2

# nuka: two jobs at once in a container that it makes, and finds again the second time.
expected() {
  printf 'it works\nit works too\n'
  docker exec plop cat /etc/resolv.conf
}
for _ in 1 2; do
  run_command "$python" "$here/with_nuka.py" "$IMAGE" -v --debug
  expect_status 0
  while IFS= read -r line; do expect_output "$line"; done < <(expected)
  ids+=("$(docker inspect -f '{{.Id}}' plop)")
done
expect_equal "${ids[0]}" "${ids[1]}" "the container of the second run"
docker rm -f plop >/dev/null || fail "a container plop on core2"

# The docker program of both releases of Debian.
for release in bookworm trixie; do
  use_docker_of "$release"
  for node in core1 core4; do
    variable=DOCKER_HOST_${node^^}
    run_command env DOCKER_HOST="${!variable}" docker info --format '{{.Name}}'
    expect_equal "$node" "$out" "the engine's host"
  done
  run_command docker ps --format '{{.Names}}'
  expect_output cluster_consul_1
  run_command docker plugin ls --format '{{.Name}} {{.Enabled}}'
  expect_equal "anybox/buttervolume:latest true" "$out" "plugins"
  echo "asked" | docker run --rm -i --entrypoint cat "$IMAGE" >answer || fail "docker run"
  expect_equal asked "$(cat answer)" "what a container with stdin answers"
  head -c 3000000 /dev/urandom >sent
  docker create --name clients-copy "$IMAGE" >/dev/null || fail "docker create"
  docker cp sent clients-copy:/tmp/sent >/dev/null 2>&1 || fail "docker cp to a container"
  docker cp clients-copy:/tmp/sent received >/dev/null 2>&1 || fail "docker cp from a container"
  docker rm clients-copy >/dev/null || fail "docker rm"
  cmp sent received || fail "the file that came back"
done

# The consul program.
consul=$cache/bin/consul
for node in core1 core2 core3 core4; do
  run_command "$consul" members
  expect_output "$node"
done
run_command "$consul" kv put clients/program value
expect_status 0
run_command "$consul" kv get clients/program
expect_equal value "$out" "what was written"
run_command "$consul" kv delete clients/program
expect_status 0
run_command "$consul" kv get clients/program
expect_status 1
run_command "$consul" event -name clients payload
expect_output "Event ID:"

# Without tunnels every one of them fails and says so; none finds another engine.
run tunnels down
expect_status 0
NODE=core2 pytest "$here/test_packages.py"
expect_status 1
expect_output "Connection refused"
run_command "$python" "$here/with_nuka.py" "$IMAGE" -v
[ "$status" -ne 0 ] || fail "nuka fails without tunnels"
[[ $out$err != *"it works"* ]] || fail "no success of nuka without tunnels"
run_command docker ps
expect_status 1
expect_error "${DOCKER_HOST}"
run_command "$consul" members
expect_status 1
exit 0
