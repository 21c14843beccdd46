# shellcheck disable=SC2154  # of shell.sh
# A test in namespaces of its own: network, mounts and processes. Sourced first, after shell.sh; needs root.
# Everything ends with the first process of the namespaces. Sets `here`, the test's folder, and `root`, a node's
# root folder with its sshd.
[ "$(id -u)" = 0 ] || fail "this test makes a network namespace, so it must be run by root"
# shellcheck disable=SC2034  # for the test
root=${LABCTL_CACHE_DIR:-/var/cache/labctl}/roots/node-bookworm
[ -x "$root/usr/sbin/sshd" ] || fail "no sshd in $root: run tools/setup"
here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
if [ "${1-}" != inside ]; then
  rm -rf "$work"
  exec unshare --net --mount --pid --fork --kill-child --mount-proc bash "$here/$(basename "${BASH_SOURCE[1]}")" inside
fi
