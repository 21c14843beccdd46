# A problem between this machine and a node: one clear line, exit status 2, nothing left running.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"

client=$(dirname "${LABCTL_INVENTORY:?}")
spoilt=$work/client
address=$(sed -n 's/.*core3: {address: \([0-9.]*\)}.*/\1/p' "$LABCTL_INVENTORY")
name=$(sed -n 's/^name: //p' "$LABCTL_INVENTORY")
[ -n "$address" ] || fail "the lab's inventory has core3"

copy_client() {
  rm -rf "$spoilt"
  cp -a "$client" "$spoilt"
  sed -i "s#$client#$spoilt#" "$spoilt/inventory.yaml"
}
# Every command that needs the tunnels reports the same error and leaves nothing.
refused() { # WORD...
  for words in "tunnels up" "test new-service" "run -- true"; do
    # shellcheck disable=SC2086  # words of a command
    run --quiet --inventory "$spoilt/inventory.yaml" $words
    expect_status 2
    expect_one_line_error
    for word in "$@"; do expect_error "$word"; done
    expect_equal "" "$(find "${LABCTL_RUNTIME_DIR:?}/$name" -type s 2>/dev/null)" "sockets left"
    run --inventory "$spoilt/inventory.yaml" tunnels status
    expect_status 1
  done
}

copy_client
sed -i "/^${address}[, ]/d" "$spoilt/known_hosts"
refused core3 "host key is unknown" "$spoilt/known_hosts" "labctl tunnels trust"
before=$(cat "$spoilt/known_hosts")
run --inventory "$spoilt/inventory.yaml" tunnels trust core3
expect_status 2
expect_output "core3        new      ssh-ed25519 SHA256:"
expect_error "there is no terminal to ask on"
expect_equal "$before" "$(cat "$spoilt/known_hosts")" "known_hosts without an answer"
run --inventory "$spoilt/inventory.yaml" tunnels trust --yes
expect_status 0
expect_output "core1        known    "
expect_error "added    $address to $spoilt/known_hosts"
ssh-keygen -F "$address" -f "$spoilt/known_hosts" >/dev/null || fail "ssh-keygen finds $address"
run --inventory "$spoilt/inventory.yaml" tunnels up
expect_status 0
run --inventory "$spoilt/inventory.yaml" tunnels down
expect_status 0

copy_client
ssh-keygen -q -t ed25519 -N '' -f "$work/other"
sed -i "/^${address}[, ]/d" "$spoilt/known_hosts"
echo "$address $(cut -d' ' -f1,2 "$work/other.pub")" >>"$spoilt/known_hosts"
refused core3 "HOST KEY HAS CHANGED" "ssh-keygen -f $spoilt/known_hosts -R $address"
before=$(cat "$spoilt/known_hosts")
run --inventory "$spoilt/inventory.yaml" tunnels trust --yes core3
expect_status 2
expect_output "core3        changed  "
expect_equal "$before" "$(cat "$spoilt/known_hosts")" "known_hosts with a changed key"

copy_client
rm "$spoilt/id_ed25519"
refused core1 core4 "key file is missing" "$spoilt/id_ed25519"

# An address in the lab's network that no node has.
copy_client
sed -i "s#address: $address}#address: ${address%.*}.99}#" "$spoilt/inventory.yaml"
refused core3 "${address%.*}.99"
exit 0
