# Every command of a document runs, in order, in one shell, and ends with the exit status that the document says.
#
#   commands.sh guide.md|README.md
#
# What a reader has, and the test gives: ./handler-1.4 (the legacy handler) and ./handler-1.5 (ours), the key
# ~/.ssh/core_id_rsa that the nodes accept, `sudo`, and `salt` (a real one, with a minion for each node).
# /etc/hosts is a copy that only this test sees.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
. "$LABCTL_TEST_SUPPORT/salt_on_lab.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$here/../../..
case ${1:?} in README.md) document=$source/README.md ;; *) document=$source/docs/$1 ;; esac

if [ -z "${LABCTL_OWN_HOSTS-}" ]; then
  LABCTL_OWN_HOSTS=1 exec unshare --mount bash -c 'hosts=$(mktemp) && cp /etc/hosts "$hosts" && mount --bind "$hosts" /etc/hosts && rm "$hosts"
    exec bash "$@"' commands "${BASH_SOURCE[0]}" "$@"
fi

shared=$LABCTL_INVENTORY
unset LABCTL_INVENTORY
cleanup() {
  cd /
  for inventory in "$work"/place/*.yaml; do "$LABCTL" tunnels down --inventory "$inventory" >/dev/null 2>&1; done
  "$LABCTL" lab down >/dev/null 2>&1
  end_salt
  rm -rf "$work" /var/lib/labctl-test-docs
}
trap cleanup EXIT
start_salt "$shared"
# A reader has one lab, and not the shared one.
export LABCTL_STATE_DIR=/var/lib/labctl-test-docs

mkdir -p "$work/home/.ssh" "$work/place/tools"
for key in core_id_rsa id_ed25519; do cp "$(dirname "$shared")/id_ed25519" "$work/home/.ssh/$key"; done
export HOME=$work/home PATH=$work/bin:$PATH
use_docker_of bookworm
ln -s "$LABCTL" "$work/bin/labctl"
ln -s "$LABCTL" "$work/place/tools/labctl"
printf '#!/bin/sh\nexec "$@"\n' >"$work/bin/sudo"
chmod +x "$work/bin/sudo"
"$LABCTL_TEST_SUPPORT/legacy-handler/pack" "$work/place/handler-1.4" || fail "the legacy handler as one file"
cp "$(dirname "$LABCTL")/labctl-agent-mutants" "$work/place/handler-1.5"
cd "$work/place" || exit 1

documented() { # PLACE STATUS COMMAND
  local status
  echo "- $1  $3"
  eval "$3" >"$work/out" 2>"$work/err" </dev/null
  status=$?
  [ "$status" = "$2" ] || {
    tail -n 40 "$work/out" "$work/err" >&2
    fail "$1: exit status $2 of: $3, seen $status"
  }
}
# `eval` and `cd` of a document last until its end.
python3 "$here/commands.py" "$document" "$here/elsewhere.txt" >"$work/commands" || fail "the commands of $document"
# shellcheck disable=SC1091  # it was just made
. "$work/commands"
