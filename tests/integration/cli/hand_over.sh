# Other tools use the tunnels: run, env, ssh-config.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
name=$(sed -n 's/^name: //p' "${LABCTL_INVENTORY:?}")
trap '"$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT

sockets() { find "${LABCTL_RUNTIME_DIR:?}/$name" -type s 2>/dev/null; }

# If no tunnels are up, `run` opens them and closes them afterwards.
run run -- curl -sf --unix-socket "$LABCTL_RUNTIME_DIR/$name/docker_core3.sock" http://docker/_ping
expect_status 0
expect_equal OK "$out" "answer of core3's engine"
expect_equal "" "$(sockets)" "sockets left"
run run -- sh -c 'curl -sf "$CONSUL_HTTP_ADDR/v1/status/leader" && exit 7'
expect_status 7
expect_output ":8300"
run run --docker-host core2 -- sh -c 'curl -sf --unix-socket "${DOCKER_HOST#unix://}" http://docker/info | tr "," "\n" | grep "\"Name\""'
expect_status 0
expect_output core2
run run -- "$work/no-such-command"
expect_status 2
expect_error "$work/no-such-command"
expect_equal "" "$(sockets)" "sockets left"

# If tunnels are up, `run` uses them and leaves them open.
run tunnels up
expect_status 0
expect_error "every user of this machine can reach Consul at 127.0.0.1:"
run tunnels up
expect_status 0
expect_no_error "every user"
run env
expect_status 0
expect_no_error "no tunnels are up"
eval "$out"
run run -- true
expect_status 0
run tunnels status
expect_status 0
run_command curl -sf "$CONSUL_HTTP_ADDR/v1/catalog/nodes"
expect_status 0
expect_output '"Node":"core4"'
run_command curl -sf --unix-socket "${DOCKER_HOST_CORE3#unix://}" http://docker/info
expect_output '"Name":"core3"'

# A proxy of the company and the TLS variables of another engine break clients, and `run` gives a set that works.
use_docker_of bookworm
leader='import os, urllib.request
print(urllib.request.urlopen("http://" + os.environ["CONSUL_HTTP_ADDR"] + "/v1/status/leader", timeout=20).read())'
export http_proxy=http://127.0.0.1:9 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$work CONSUL_HTTP_TOKEN=spare
run_command python3 -c "$leader"
expect_status 1
run_command docker -H "$DOCKER_HOST_CORE3" info --format '{{.Name}}'
expect_status 1
run run -- python3 -c "$leader"
expect_status 0
expect_output ":8300"
expect_error "CONSUL_HTTP_TOKEN stays as it is"
run run --docker-host core3 -- docker info --format '{{.Name}}'
expect_status 0
expect_equal core3 "$out" "the engine's name"
unset http_proxy DOCKER_TLS_VERIFY DOCKER_CERT_PATH CONSUL_HTTP_TOKEN

# OpenSSH logs in with the output of ssh-config.
"$LABCTL" ssh-config >"$work/ssh_config"
run_command ssh -F "$work/ssh_config" -o BatchMode=yes core2 hostname
expect_status 0
expect_equal core2 "$out" "host name"

# If Consul is forwarded to a socket, only the user can use it, and `env` prints it as a socket.
run tunnels down
expect_status 0
sed 's|local: "127.0.0.1:[0-9]*"|local: "{runtime}/consul.sock"|' "$LABCTL_INVENTORY" >"$work/private.yaml"
export LABCTL_INVENTORY=$work/private.yaml
run tunnels up
expect_status 0
expect_no_error "every user"
eval "$("$LABCTL" env)"
[[ $CONSUL_HTTP_ADDR == unix:///* ]] || fail "a socket of Consul in the environment, seen: $CONSUL_HTTP_ADDR"
expect_equal 600 "$(stat -c %a "${CONSUL_HTTP_ADDR#unix://}")" "mode of Consul's socket"
run_command curl -sf --unix-socket "${CONSUL_HTTP_ADDR#unix://}" http://consul/v1/catalog/nodes
expect_status 0
expect_output '"Node":"core4"'
run tunnels down
expect_status 0
exit 0
