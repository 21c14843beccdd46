# A headless Chromium opens the report page of a red run, clicks through it, and checks it with axe-core.
#
#   browser.sh FOLDER      screenshots are kept in this folder
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"

screens=${1:?a folder for screenshots}
cache=${LABCTL_CACHE_DIR:-/var/cache/labctl}
[ -d "$cache/browser/current" ] || cache=${XDG_CACHE_HOME:-$HOME/.cache}/labctl
[ -d "$cache/browser/current" ] || fail "no browser client in the cache: run tools/setup browser"
chromium=$(command -v chromium) || fail "no chromium: run tools/setup browser"

mkdir -p "$screens"
# axe-core looks at every element, which takes minutes for a thousand shoulds: it gets a page with fewer of them.
run_command "${LABCTL_REPORT_WRITE:?}" "$work/few" 7
expect_status 0
run_command "$LABCTL_REPORT_WRITE" "$work/all"
expect_status 0
# Python writes no bytecode into the cache, and Chromium no profile into the home folder.
HOME=$work PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$cache/browser/current \
  python3 "$(dirname "${BASH_SOURCE[0]}")/browser.py" "$chromium" "$work" "$screens" "$out" ||
  fail "the page to be right"
