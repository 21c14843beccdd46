# Bad input gives one clear line (file, line, column, what was expected, nearest key) and exit status 2, and
# changes nothing.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
export LABCTL_STATE_DIR=$work/state HOME=$work XDG_CONFIG_HOME=$work/config LABCTL_RUNTIME_DIR=$work/run
unset LABCTL_INVENTORY
cd "$work" || exit 1

# Every command that reads the inventory reports the same error.
commands=("inventory check" "inventory show" "tunnels up" "tunnels status" "tunnels down" "env" "contexts" "ssh-config" "hosts" "test --all")

refused() {  # TEXT-OF-INVENTORY WORDS...
  local text=$1 words
  shift
  printf '%b' "$text" >inventory.yaml
  for words in "${commands[@]}"; do
    # shellcheck disable=SC2086  # words of a command
    run $words
    expect_status 2
    expect_one_line_error
    for expected in "$@"; do expect_error "$expected"; done
    expect_no_file "$work/run"
    expect_no_file "$work/state"
  done
}

refused 'version: 1\nnodes:\n  core1: {address: a\n' "inventory.yaml:4:1: this is not YAML"
refused 'version: 1\nnodes:\n  core1: {adress: a}\n' 'inventory.yaml:3:11: unknown key "adress" in "nodes.core1"' 'did you mean "address"?'
refused 'version: 1\nnodes: {core1: {address: a}}\nconsul: {via: [core2]}\n' 'inventory.yaml:3:16: ' 'names "core2", which is no node' 'did you mean "core1"?'
refused 'version: 1\nnodes: {core1: {address: a}}\nconsul: {local: "0.0.0.0:8500"}\n' "inventory.yaml:3:17: " "expected a loopback address"
refused 'version: 1\nnodes: {core1: {address: a}, core2: {address: a}}\n' 'has the same address as "nodes.core1", a (two names'
refused 'version: 1\nnodes: {core1: {address: a, port: 70000}}\n' "inventory.yaml:2:35: " "expected a port between 1 and 65535"

# A key file that does not exist: the error names the node and the file.
printf 'version: 1\ndefaults: {identity: missing_key, known_hosts: known_hosts}\nnodes: {core1: {address: 127.0.0.1, port: 9}}\n' >inventory.yaml
: >known_hosts
for words in "inventory check" "tunnels up"; do
  # shellcheck disable=SC2086  # words of a command
  run $words
  expect_status 2
  expect_error "$work/missing_key"
  expect_error core1
done
run tunnels status
expect_equal "" "$(find "$work/run" -name daemon.sock 2>/dev/null)" "control sockets"

# A named file that does not exist, a folder in its place, no inventory at all.
run inventory check --inventory nowhere.yaml
expect_status 2
expect_one_line_error
expect_error "nowhere.yaml: no such inventory file (named by --inventory)"
LABCTL_INVENTORY=$work run inventory check
expect_status 2
expect_one_line_error
expect_error "this is a folder"
rm inventory.yaml
run inventory check
expect_status 2
expect_one_line_error
expect_error "no inventory"

# The doctor reports the same as a finding, and checks the rest.
printf 'version: 1\nnodes: {}\n' >inventory.yaml
run doctor --json
expect_status 1
expect_output '"id": "inventory-invalid"'
expect_output "inventory.yaml:2:8"
exit 0
