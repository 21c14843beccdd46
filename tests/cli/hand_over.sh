# env, ssh-config, hosts, completion: the commands that let other tools use the tunnels.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
export LABCTL_STATE_DIR=$work/state HOME=$work XDG_CONFIG_HOME=$work/config LABCTL_RUNTIME_DIR=$work/run
unset LABCTL_INVENTORY SSH_AUTH_SOCK
cd "$work" || exit 1
cat >inventory.yaml <<'Y'
version: 1
name: it's
nodes: {core1: {address: 192.0.2.1}}
Y
run env
expect_status 2 # a name is letters, digits, '-', '_' and '.'
cat >inventory.yaml <<'Y'
version: 1
name: my
defaults: {user: core, identity: "my key", known_hosts: hosts}
nodes: {core1: {address: 192.0.2.1}, core-2: {address: 192.0.2.2, port: 2222}}
consul: {local: "127.0.0.1:8501"}
hosts: {b.lab: core-2, a.lab: core1}
Y
: >"my key"

run env --docker-host core-2
expect_status 0
eval "$out"
expect_equal "127.0.0.1:8501" "$CONSUL_HTTP_ADDR"
expect_equal "unix://$work/run/my/docker_core1.sock" "$DOCKER_HOST_CORE1"
expect_equal "unix://$work/run/my/docker_core-2.sock" "$DOCKER_HOST_CORE_2"
expect_equal "$DOCKER_HOST_CORE_2" "$DOCKER_HOST"
expect_equal "$work/inventory.yaml" "$LABCTL_INVENTORY"
run env --docker-host core3
expect_status 2
expect_one_line_error
expect_error 'there is no node "core3"'

# A proxy and the TLS variables of another engine would break clients of the tunnels.
export http_proxy=http://proxy.invalid:3128 no_proxy=x.lab DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/certificates
run env
expect_status 0
for name in NO_PROXY no_proxy; do expect_output "export $name='x.lab,localhost,127.0.0.1,::1,a.lab,b.lab'"; done
for name in DOCKER_TLS_VERIFY DOCKER_CERT_PATH; do expect_output "unset $name"; done
expect_no_error "TOKEN"
expect_error "no tunnels are up for inventory my; labctl tunnels up opens them"
unset http_proxy no_proxy DOCKER_TLS_VERIFY DOCKER_CERT_PATH
# A token stays set, for whatever cluster it is; its name is told, and its value is not.
CONSUL_HTTP_TOKEN=hidden run env
expect_status 0
expect_error "CONSUL_HTTP_TOKEN stays as it is"
[[ $out$err != *hidden* && $out != *TOKEN* ]] || fail "the token is neither printed nor changed"

# OpenSSH itself checks that the configuration can be read.
run ssh-config
expect_status 0
cp "$work/out" ssh_config
seen=$(ssh -G -F ssh_config core-2) || fail "ssh takes the configuration"
for line in "hostname 192.0.2.2" "port 2222" "user core" "identityfile $work/my key" "userknownhostsfile $work/hosts" "stricthostkeychecking true"; do
  grep -qxF -- "$line" <<<"$seen" || fail "ssh -G says '$line'; seen: $seen"
done

printf '127.0.0.1 localhost\n# labctl other: begin\n192.0.2.9 c.lab\n# labctl other: end' >hosts
cp hosts before
run hosts
expect_output $'192.0.2.1\ta.lab\n192.0.2.2\tb.lab'
cmp -s hosts before || fail "nothing changed without --apply"
chmod 640 hosts
for _ in 1 2; do # the second time changes nothing
  run hosts --apply --file hosts
  expect_status 0
done
expect_equal 1 "$(grep -c a.lab hosts)" "entries for a.lab"
expect_equal 640 "$(stat -c %a hosts)" "mode of the hosts file"
grep -q c.lab hosts || fail "another block stays"
run hosts --remove --file hosts
expect_status 0
expect_equal "$(cat before)" "$(cat hosts)" "hosts after --remove"
run hosts --apply --remove
expect_status 2

# The completion of bash offers commands, subcommands and options.
run completion bash
expect_status 0
eval "$out"
complete_words() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _labctl
  printf '%s\n' "${COMPREPLY[@]}"
}
grep -qx doctor <<<"$(complete_words labctl d)" || fail "doctor is offered for 'labctl d'"
grep -qx -- from-salt <<<"$(complete_words labctl inventory fr)" || fail "from-salt is offered"
grep -qx -- --strict <<<"$(complete_words labctl --json doctor --str)" || fail "--strict is offered"
grep -qx -- --inventory <<<"$(complete_words labctl tunnels up --inv)" || fail "global options are offered everywhere"
for shell in zsh fish; do
  run completion $shell
  expect_status 0
  expect_output "from-salt"
done
run completion tcsh
expect_status 2
expect_one_line_error
exit 0
