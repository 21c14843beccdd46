# The command line itself: help everywhere, exit status, the nearest name for an unknown one.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
export LABCTL_STATE_DIR=$work/state HOME=$work XDG_CONFIG_HOME=$work/config
unset LABCTL_INVENTORY
cd "$work" || exit 1

run --version
expect_status 0
[[ $out =~ ^"labctl "[0-9.]+" (git "([0-9a-f]{12}|unknown)")"$'\n'"libssh2 1."[0-9.]+$'\n'"OpenSSL 3."[0-9.]+$'\n'"libcurl "[0-9.]+$ ]] ||
  fail "version and revision of labctl, versions of libssh2, OpenSSL and libcurl expected"

run --help
expect_status 0
commands=$(sed -n '/^Subcommands:/,$s/^  \([a-z-]*\) .*/\1/p' "$work/out")
for wanted in tunnels test report app doctor inventory lab env run contexts ssh-config hosts completion; do
  grep -qx -- "$wanted" <<<"$commands" || fail "--help lists '$wanted'"
done
for name in $commands; do
  run "$name" --help
  expect_status 0
  expect_output "$name"
done

run
expect_status 2
expect_one_line_error
expect_error "labctl needs a command (one of "

run inventry check
expect_status 2
expect_one_line_error
expect_error 'unknown command "labctl inventry" (did you mean "inventory"?)'

run inventory chek
expect_status 2
expect_error 'unknown command "labctl inventory chek" (did you mean "check"?)'

run doctor --jsno
expect_status 2
expect_one_line_error
expect_error 'unknown option "--jsno" of labctl doctor (did you mean "--json"?)'

run --color sometimes doctor
expect_status 2
expect_one_line_error

for jobs in 0 -1 1.5 many 99999999999; do
  run test --all --jobs "$jobs"
  expect_status 2
  expect_one_line_error
  expect_error "--jobs: expected a whole number, 1 or more, not \"$jobs\""
done
run test --all --repeat 0
expect_status 2
expect_error '--repeat: expected a whole number, 1 or more, not "0"'
run test --all --seed abc
expect_status 2
expect_error '--seed: expected a whole number, 0 or more, not "abc"'

run test --all --format xml
expect_status 2
expect_one_line_error
expect_error '--format'
run test --list --format tap
expect_status 2
expect_error "--list excludes --format"
run test new-service --json --format tap
expect_status 2
expect_one_line_error
expect_error "--json is --format jsonl"
run test --list
expect_status 0
expect_equal 0 "$(sed 's/[→]/-/g' "$work/out" | grep -cE '^.{81}')" "lines of test --list that are too long"

# Global options may come before or after the command.
printf 'version: 1\nnodes: {core1: {address: a}}\n' >inventory.yaml
run --json inventory check
expect_status 0
before=$out
run inventory check --json
expect_equal "$before" "$out" "inventory check with --json after it"

# A failed command prints nothing to stdout; there is no colour unless requested.
run inventory check --inventory /nonexistent/inventory.yaml
expect_status 2
expect_equal "" "$out" stdout
[[ $err != *$'\e'* ]] || fail "no colour in a file expected"

command="labctl-agent translate-caddyfile /nonexistent"
"$(dirname "$LABCTL")/labctl-agent" translate-caddyfile /nonexistent >"$work/out" 2>"$work/err"
status=$? out=$(<"$work/out") err=$(<"$work/err")
expect_status 1
expect_equal "" "$out" stdout
expect_error "/nonexistent: no such file"

# A full disk is a failure, for short and for long output.
for words in "inventory check" "inventory schema"; do
  command="$words >/dev/full"
  # shellcheck disable=SC2086  # words of a command
  "$LABCTL" $words >/dev/full 2>"$work/err"
  status=$? out='' err=$(<"$work/err")
  expect_status 2
  expect_one_line_error
done
exit 0
