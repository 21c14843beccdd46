# Two labs at the same time do not affect each other: addresses, interfaces, cgroups, journals, and removing
# one.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
. "$LABCTL_TEST_SUPPORT/traces.sh"

export LABCTL_STATE_DIR=/var/lib/labctl-test-side
trap '"$LABCTL" lab down --name left > /dev/null 2>&1; "$LABCTL" lab down --name right > /dev/null 2>&1
  rm -rf "$work" "$LABCTL_STATE_DIR"' EXIT

"$LABCTL" lab up --name left --nodes 2 > "$work/left" 2>&1 &
left=$!
"$LABCTL" lab up --name right --nodes 2 > "$work/right" 2>&1 &
right=$!
wait "$left" || fail "lab left: $(cat "$work/left")"
wait "$right" || fail "lab right: $(cat "$work/right")"

for lab in left right; do
  run lab status --name "$lab"
  expect_status 0
done
addresses() { "$LABCTL" lab inventory --name "$1" | grep -o 'address: [0-9.]*'; }
[ -z "$(comm -12 <(addresses left | sort) <(addresses right | sort))" ] || fail "an address in both labs"
ports() { "$LABCTL" lab inventory --name "$1" | grep -o 'local: "[^"]*'; }
[ "$(ports left)" != "$(ports right)" ] || fail "one local end of Consul for both labs"

# What is in one lab is not in the other.
run lab exec --name left core1 -- docker volume create only-left
expect_status 0
run lab exec --name right core1 -- docker volume ls -q
expect_status 0
[[ $out != *only-left* ]] || fail "the volume of lab left is in lab right"
run lab exec --name right core1 -- docker exec cluster_consul_1 consul members
expect_status 0
expect_equal 2 "$(grep -c alive <<< "$out")" "members of lab right's Consul"

# `lab up` with the same name finds the same lab; with other nodes it is refused and changes nothing.
run lab up --name left --nodes 2
expect_status 0
expect_error "is up already"
run lab up --name left --nodes 3
expect_status 2
expect_error "is up with other nodes"

run lab down --name left
expect_status 0
run lab status --name right
expect_status 0

# A node dies: `lab status` reports it, and the next `lab up` repairs the lab.
pid=$("$LABCTL" lab exec --name right core2 -- sh -c 'readlink /proc/self/ns/pid')
# The first process has pid 1 inside the node; its pid on this machine need not be the lowest.
victim=
for process in /proc/[0-9]*; do
  [ "$(readlink "$process/ns/pid" 2> /dev/null)" = "$pid" ] || continue
  awk '/^NSpid:/ && $NF == 1 {found = 1} END {exit !found}' "$process/status" 2> /dev/null && victim=${process#/proc/}
done
kill -9 "$victim" || fail "no first process of core2"
tail --pid="$victim" -f /dev/null
run lab status --name right
expect_status 1
expect_output DEAD
run lab exec --name right core2 -- true
expect_status 2
expect_one_line_error
run lab up --name right --nodes 2
expect_status 0
run lab status --name right
expect_status 0
run lab down --name right
expect_status 0
expect_nothing_left "after both labs" left right
