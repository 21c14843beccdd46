# Shared by the shell tests. A test sources this file, runs labctl with `run` and checks the result with
# expect_*. The first failed expectation ends the test and prints what was expected and what was seen.
set -uo pipefail

: "${LABCTL:?the program under test}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status='' out='' err='' command=''

fail() {
  printf 'FAILED: %s\n' "$1" >&2
  if [ -n "$command" ]; then
    printf -- '-- command: %s\n-- status: %s\n-- stdout:\n%s\n-- stderr:\n%s\n' "$command" "$status" "$out" "$err" >&2
  fi
  exit 1
}

# Runs labctl with the arguments; sets status, out and err to its exit status, stdout and stderr.
run() { run_command "$LABCTL" "$@"; }
run_command() {
  command=$*
  "$@" >"$work/out" 2>"$work/err" </dev/null
  status=$?
  out=$(<"$work/out") err=$(<"$work/err")
}

expect_status() { [ "$status" -eq "$1" ] || fail "exit status $1 expected, $status seen"; }
expect_output() { [[ $out == *"$1"* ]] || fail "stdout with '$1' expected"; }
expect_error() { [[ $err == *"$1"* ]] || fail "stderr with '$1' expected"; }
expect_no_error() { [[ $err != *"$1"* ]] || fail "stderr without '$1' expected"; }
expect_equal() { [ "$1" = "$2" ] || fail "${3:-value}: '$1' expected, '$2' seen"; }
# Bad input gives one readable line, not a page.
expect_one_line_error() {
  local count
  count=$(grep -c . "$work/err")
  [ "$count" -eq 1 ] || fail "one line on stderr expected, $count seen"
}
# await SECONDS WORDS COMMAND...: repeats the command until it succeeds; WORDS say in an error what was
# awaited. Between two tries, await_event waits for an event that may have changed the result, or a short
# time; a script that knows a better event redefines it.
await() {
  local end=$((SECONDS + $1)) words=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || fail "timeout while waiting for $words"
    await_event
  done
}
await_event() { sleep 0.05; }
# Puts the docker program of a lab's release first into PATH: this machine may have another one, or none.
use_docker_of() { # RELEASE
  local docker=${LABCTL_CACHE_DIR:-/var/cache/labctl}/roots/node-$1/usr/bin/docker
  [ -x "$docker" ] || fail "docker of $1 expected: run tools/setup --os $1"
  mkdir -p "$work/docker-$1"
  ln -sf "$docker" "$work/docker-$1/docker"
  export PATH=$work/docker-$1:$PATH
}
expect_file() { [ -e "$1" ] || fail "$1 expected to exist"; }
expect_no_file() { [ ! -e "$1" ] || fail "$1 expected not to exist"; }
