# inventory from-salt: from a file, from stdin, to a file; what it makes is valid.
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

# A minion that did not answer is named on stderr; the others make the inventory.
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

# -o does not replace what somebody may have edited.
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

# --run runs salt: here a stand-in that prints what salt printed, and one that fails as salt does.
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
exit 0
