# What real clients print when an end fails in a known way, pasted to the doctor: it must say what happened. The
# releases of docker, consul, ssh and the Python packages are those that people use with the tunnels.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${LABCTL_CACHE_DIR:-/var/cache/labctl}
python=$cache/clients/current/bin/python
[ -x "$python" ] || fail "the clients at $python expected: run tools/setup clients"
for release in bookworm trixie; do
  [ -x "$cache/roots/node-$release/usr/bin/docker" ] || fail "docker of $release expected: run tools/setup --os $release"
done
export HOME=$work XDG_CONFIG_HOME=$work LABCTL_INVENTORY=$work/none.yaml
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY DOCKER_HOST DOCKER_TLS_VERIFY CONSUL_HTTP_ADDR SSH_AUTH_SOCK
cd "$work" || exit 1

"$python" "$here/ends.py" &
ends=$!
trap 'kill "$ends" 2>/dev/null; rm -rf "$work"' EXIT
await 20 "the ends" test -e ready
port() { cat "$1.port"; }

# Each client gets an end: a socket's path, or a port of 127.0.0.1.
docker_bookworm() { "$cache/roots/node-bookworm/usr/bin/docker" -H "$1" ps; }
docker_trixie() { "$cache/roots/node-trixie/usr/bin/docker" -H "$1" ps; }
docker_py() { "$python" -c "import docker, sys; docker.DockerClient(base_url=sys.argv[1], timeout=2).version()" "$1"; }
consul_program() { "$cache/bin/consul" kv get -http-addr="$1" key; }
consulate_py() { "$python" -c "import consulate, sys; consulate.Consul(port=int(sys.argv[1])).kv.get('key')" "$1"; }
python_consul() { "$python" -c "import consul, sys; consul.Consul(port=int(sys.argv[1])).kv.get('key')" "$1"; }
curl_program() { curl -sS -m 2 "$1"; }
ssh_in() { # ROOT ARGUMENT...
  chroot "$1" /usr/bin/ssh -F none -o BatchMode=yes -o ConnectTimeout=2 -o IdentityFile=none \
    -o UserKnownHostsFile=none -o StrictHostKeyChecking=yes "${@:2}" true
}
ssh_bookworm() { ssh_in "$cache/roots/node-bookworm" "$@"; }
ssh_trixie() { ssh_in "$cache/roots/node-trixie" "$@"; }
# Root without capabilities: the clients are readable for root alone, and somebody else's socket is closed to it.
without_rights() { setpriv --bounding-set=-all --inh-caps=-all "$@"; }

# says WORDS CLIENT...: the doctor says WORDS about what the client prints.
says() {
  local words=$1
  shift
  run_command "$@"
  [ "$status" -ne 0 ] || fail "$* to fail"
  cp "$work/err" "$work/message"
  command="$* | labctl doctor -"
  "$LABCTL" --json doctor - <"$work/message" >"$work/out" 2>"$work/err"
  out=$(<"$work/out") err=$(<"$work/message")
  expect_output "\"says\": \"$words\""
}

for client in docker_bookworm docker_trixie docker_py; do
  says "nobody listens at the engine's socket" "$client" "unix://$work/refused.sock"
  says "the connection was accepted and then ended: the tunnel is there, what is behind it is not" \
    "$client" "unix://$work/ended.sock"
  says "a host name does not resolve" "$client" tcp://core9.invalid:2375
done
# The docker program does not tell a missing socket from one without a listener.
says "nobody listens at the engine's socket" docker_bookworm "unix://$work/missing.sock"
says "the socket file is not there" docker_py "unix://$work/missing.sock"
says "the other side gives no answer" docker_py "unix://$work/silent.sock"
chown nobody silent.sock
chmod 600 silent.sock
export -f docker_bookworm docker_trixie docker_py
export cache python
for client in docker_bookworm docker_trixie docker_py; do
  says "this user may not use the socket" without_rights bash -c "$client unix://$work/silent.sock"
done
DOCKER_TLS_VERIFY=1 says "the client speaks TLS, and the server does not" docker_bookworm "tcp://127.0.0.1:$(port ended)"

ended="the connection was accepted and then ended: the tunnel is there, what is behind it is not"
says "nothing answers for Consul" consul_program "127.0.0.1:$(port refused)"
says "$ended" consul_program "127.0.0.1:$(port ended)"
says "the socket file is not there" consul_program "unix://$work/missing.sock"
for client in consulate_py python_consul; do
  says "nothing answers for Consul" "$client" "$(port refused)"
  says "$ended" "$client" "$(port ended)"
done

says "nobody listens where the client connects" curl_program "http://127.0.0.1:$(port refused)/"
says "$ended" curl_program "http://127.0.0.1:$(port ended)/"
says "the other side gives no answer" curl_program "http://127.0.0.1:$(port silent)/"
says "a host name does not resolve" curl_program http://core9.invalid/

for client in ssh_bookworm ssh_trixie; do
  says "nobody listens at the node's SSH port" "$client" -p "$(port refused)" core@127.0.0.1
  says "sshd accepts the connection and says nothing" "$client" -p "$(port silent)" core@127.0.0.1
  for end in closed reset banner; do
    says "sshd ended the connection before the login" "$client" -p "$(port "$end")" core@127.0.0.1
  done
  says "a host name does not resolve" "$client" core@core9.invalid
done
exit 0
