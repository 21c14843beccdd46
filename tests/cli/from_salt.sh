# inventory from-salt: from a file, from stdin, to a file; the result is a valid inventory.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
export LABCTL_STATE_DIR=$work/state HOME=$work XDG_CONFIG_HOME=$work/config
unset LABCTL_INVENTORY
samples=$LABCTL_TEST_SUPPORT/../../inventory/salt-samples
cd "$work" || exit 1

for sample in nested nested-colour json yaml; do
  run inventory from-salt "$samples/$sample.txt"
  expect_status 0
  expect_equal "" "$err" stderr
  cp "$work/out" "$sample.yaml"
  run inventory check --inventory "$sample.yaml"
  expect_status 0
  expect_output "4 nodes, 5 forwards"
  cmp nested.yaml "$sample.yaml" || fail "the same inventory from every form expected"
done

"$LABCTL" inventory from-salt <"$samples/nested.txt" >stdin.yaml || fail "stdin read"
cmp nested.yaml stdin.yaml || fail "the same from stdin expected"

# A minion that did not answer is named on stderr; the others are in the inventory.
for sample in nested json json-static yaml; do
  run inventory from-salt "$samples/$sample-unanswered.txt"
  expect_status 0
  for minion in core3 core4 core5 core6 core7; do expect_error "minion $minion is left out"; done
  expect_error "Minion did not return. [No response]"
  expect_error "core2 has several addresses: took 192.168.122.108, not 10.0.0.5"
  cp "$work/out" some.yaml
  run inventory check --inventory some.yaml
  expect_output "2 nodes"
done

# -o does not replace a file that a user may have edited.
run inventory from-salt "$samples/json.txt" -o new.yaml
expect_status 0
cmp nested.yaml new.yaml || fail "-o writes what stdout gets"
echo edited >new.yaml
run inventory from-salt "$samples/json.txt" -o new.yaml
expect_status 2
expect_one_line_error
expect_error "new.yaml: the file exists (--force replaces it)"
expect_equal edited "$(cat new.yaml)" "new.yaml"

run inventory from-salt "$samples/no-minions.txt"
expect_status 2
expect_one_line_error
expect_error "No minions matched the target"
run inventory from-salt /nonexistent
expect_status 2
expect_one_line_error

# --run runs salt: here a fake that prints what salt printed, and one that fails as salt does.
mkdir bin
printf '#!/bin/sh\n[ "$*" = "* grains.get ip4_interfaces:eth0 --out=json" ] && cat "%s"\n' "$samples/json.txt" >bin/salt
chmod +x bin/salt
PATH=$work/bin:$PATH run inventory from-salt --run
expect_status 0
expect_equal "$(cat nested.yaml)" "$out" "inventory of --run"
printf '#!/bin/sh\necho "Salt request timed out. The master is not responding." >&2\nexit 1\n' >bin/salt
PATH=$work/bin:$PATH run inventory from-salt --run
expect_status 2
expect_one_line_error
expect_error "The master is not responding"

# Text around the answers gives the same two nodes, or an error with the line of the input; never a node.
two() {
  run inventory from-salt salt.txt
  expect_status 0
  expect_output "node-a: {address: 10.20.0.11}"
  expect_output "node-b: {address: 10.20.0.12}"
  expect_equal 2 "$(grep -c address: <<< "$out")" "number of nodes"
}
answers='{"node-a": ["10.20.0.11"]}
{"node-b": ["10.20.0.12"]}'
printf 'jid: 20240105093000123456\n%s\n' "$answers" >salt.txt
two
printf 'Minion node-c did not respond. No job will be sent.\n%s\n' "$answers" >salt.txt
two
expect_error "minion node-c is left out: it did not respond"
printf "/usr/lib/x.py:8: DeprecationWarning: 'cgi' is deprecated\n  import cgi\n%s\n" "$answers" >salt.txt
two
expect_error "ignored 1 line of salt.txt"
printf '%s\nhello\n' "$answers" >salt.txt
run inventory from-salt salt.txt
expect_status 2
expect_one_line_error
expect_error 'salt.txt:3: "hello" is nothing that salt'
printf 'local:\n    - 10.20.0.11\n' >salt.txt
run inventory from-salt salt.txt
expect_status 2
expect_error "salt-call"

# All interfaces: the requested one is used, never one that every machine has.
printf 'node-a:\n    ----------\n    docker0:\n        - 172.17.0.1\n    ens3:\n        - 10.20.0.11\n' >salt.txt
run inventory from-salt salt.txt
expect_status 2
expect_error "it has no interface eth0, but docker0, ens3 (--interface)"
run inventory from-salt salt.txt --interface ens3
expect_status 0
expect_output "node-a: {address: 10.20.0.11}"
run inventory from-salt salt.txt --interface docker0
expect_status 2
expect_error "docker0 has the same address on every node"

# --merge edits an inventory and keeps what the user wrote.
printf '%s\n' "$answers" >salt.txt
cat >mine.yaml <<'MINE'
version: 1
defaults: {user: admin}  # everywhere
nodes:
  # the old one
  node-a: {address: 10.20.0.99, port: 2222}
MINE
run inventory from-salt salt.txt --merge mine.yaml
expect_status 0
expect_error "node-a moves from 10.20.0.99 to 10.20.0.11"
expect_error "node-b is added: 10.20.0.12"
expect_equal 'version: 1
defaults: {user: admin}  # everywhere
nodes:
  # the old one
  node-a: {address: 10.20.0.11, port: 2222}
  node-b: {address: 10.20.0.12}' "$(cat mine.yaml)" mine.yaml

# Host keys are written beside the inventory, under the address and port that ssh will look up; private keys
# are never written.
ssh-keygen -q -t ed25519 -N '' -f key
read -r kind key _ <key.pub
printf '{"node-a": {"ed25519": "%s", "ed25519.pub": "%s"}}\n' "$(head -n 1 key)" "$(cat key.pub)" >keys.txt
run inventory from-salt salt.txt --merge mine.yaml --host-keys-from keys.txt
expect_status 0
expect_error "node-b has no host keys: salt did not name it"
expect_error "private host keys, which are not written"
expect_equal "[10.20.0.11]:2222 $kind $key" "$(grep -v '^#' mine.known_hosts)" mine.known_hosts
expect_equal 600 "$(stat -c %a mine.known_hosts)" "mode of mine.known_hosts"
expect_equal "defaults: {known_hosts: mine.known_hosts, user: admin}  # everywhere" "$(grep defaults: mine.yaml)" defaults
run inventory from-salt salt.txt --host-keys-from keys.txt
expect_status 2
expect_error "host keys are written beside the inventory"
printf '{"node-a": {"ed25519.pub": "ssh-ed25519 AAAA"}}\n' >keys.txt
run inventory from-salt salt.txt --host-keys-from keys.txt -o other.yaml
expect_status 2
expect_error "a host key of node-a is not valid"
expect_no_file other.yaml

# --run --host-keys queries salt twice, and never for private keys.
printf '{"node-a": {"ed25519.pub": "%s"}, "node-b": {"ed25519.pub": "%s"}}\n' "$(cat key.pub)" "$(cat key.pub)" >keys.txt
printf '#!/bin/sh\ncase $* in\n  "* grains.get ip4_interfaces:eth0 --out=json") cat "%s" ;;\n  "* ssh.host_keys private=False certs=False --out=json") cat "%s" ;;\nesac\n' \
  "$work/salt.txt" "$work/keys.txt" >bin/salt
PATH=$work/bin:$PATH run inventory from-salt --run --host-keys -o run.yaml
expect_status 0
expect_equal "10.20.0.11 $kind $key
10.20.0.12 $kind $key" "$(grep -v '^#' run.known_hosts)" run.known_hosts
run inventory show --json --inventory run.yaml
expect_output "\"known_hosts\": \"$work/run.known_hosts\""
exit 0
