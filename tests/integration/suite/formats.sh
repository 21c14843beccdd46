# What `labctl test` prints in each format: while the run goes on, complete, and with progress on a terminal only.
. "$LABCTL_TEST_SUPPORT/shell.sh"
. "$LABCTL_TEST_SUPPORT/empty_cluster.sh"

trap '"$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT
run tunnels up
expect_status 0
cd "$work" || exit 1
scenario=unknown-event-logged

echo "plain: one line for a green scenario, every step with -v"
run test "$scenario"
expect_status 0
expect_equal 1 "$(grep -c "^✓ $scenario  *every node  *2/2  *[0-9.]* s$" "$work/out")" "lines of the scenario"
expect_equal 0 "$(grep -c "be in events.log" "$work/out")" "lines of a should"
[[ $out$err != *$'\e'* ]] || fail "no colour and no progress in a file"
run test "$scenario" -v
expect_output "should   ✓ be "
expect_output "because  it is fired"

echo "json: each event as it happens; the last line is the report"
exec 3< <(exec "$LABCTL" --json test "$scenario" 2>"$work/err")
pid=$!
while read -r line <&3; do
  [[ $line != *'"event":"step-begins"'* ]] || break
done
[[ $line == *'"phase":"given"'* ]] || fail "given to begin first, seen: $line"
kill -0 "$pid" || fail "the run to go on"
cat <&3 >"$work/rest"
exec 3<&-
mkdir last
tail -n 1 "$work/rest" >last/results.json
run report diff last last
expect_status 0
expect_output "1 scenario, 2 shoulds: 2 passed"

echo "tap"
run test "$scenario" --format tap
expect_status 0
[[ $out == "TAP version 14"$'\n'"# Subtest: $scenario"* ]] || fail "a version and a subtest"
expect_output "    1..5"$'\n'"ok 1 - $scenario"
expect_output $'\n'1..1$'\n'
# The parser of Perl reads it too: as version 13, in which subtests are unknown lines.
parsed=$(perl -MTAP::Parser -e '
  my $parser = TAP::Parser->new({tap => join("", <STDIN>)});
  $parser->run;
  printf "%s planned, passed: %s, failed: %s\n", $parser->tests_planned, "@{[$parser->passed]}", "@{[$parser->failed]}";
  ' <"$work/out")
expect_equal "1 planned, passed: 1, failed: " "$parsed" "what TAP::Parser says"

echo "github"
run test "$scenario" --format github
expect_status 0
expect_output "::group::✓ $scenario "
expect_output "::endgroup::"
expect_equal 0 "$(grep -c '^::error' "$work/out")" "errors of a green run"

echo "a terminal: what runs, since when, and the time left by the last run in build/report"
command="labctl test on a terminal"
terminal() { TERM=xterm script --quiet --return --command "'$LABCTL' test $scenario $*" "$work/typescript" </dev/null >/dev/null; }
terminal
status=$? out=$(<"$work/typescript")
expect_status 0
expect_output $'\e[K'
expect_output "0 of 1 ended, "
expect_output "  $scenario  given    an event name that no handler knows"
expect_output " left"
terminal --report "$work/new"
out=$(<"$work/typescript")
expect_output "0 of 1 ended, "
[[ $out != *" left"* ]] || fail "no estimate without an earlier report"
NO_COLOR=1 terminal
out=$(<"$work/typescript")
[[ $out != *$'\e'* ]] || fail "no progress with NO_COLOR"

echo "a full disk: the verdict is printed, and that there is no report is the error"
mkdir full
trap 'umount "$work/full"; "$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT
mount -t tmpfs -o size=4k,mode=755 full full || fail "a small file system"
run test "$scenario" --report full
expect_status 2
expect_output "1 scenario, 2 shoulds: 2 passed"
expect_error "No space left on device"
[[ $out != *"report   "* ]] || fail "no report to be named"
expect_empty_cluster
