# Caddy 2 with our translation answers as Caddy 1 does with the text itself: both run in the Caddy container of a node
# and are asked the same. Caddy 1 is what `tools/setup caddy1` builds.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
trap 'rm -rf "$work"' EXIT
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
agent=$(dirname "$LABCTL")/labctl-agent
lab=$(sed -n 's/^name: //p' "$LABCTL_INVENTORY")
caddy1=${LABCTL_CACHE_DIR:-/var/cache/labctl}/bin/caddy1
[ -x "$caddy1" ] || fail "Caddy 1, made by: tools/setup caddy1"

cp -r "$here/caddy1" "$work/both"
cp -L "$caddy1" "$work/both/caddy1"
sed 's/:8097/:8099/g' "$here/caddy1/sites" >"$work/sites"
"$agent" translate-caddyfile "$work/sites" 2>"$work/warnings" | sed 's/admin localhost:2019/admin off/' \
  >"$work/both/sites.translated"
expect_equal "" "$(<"$work/warnings")" "warnings of the translation"

tar -C "$work/both" -c . | "$LABCTL" lab exec --name "$lab" core1 -- docker exec -i cluster_caddy_1 \
  sh -c 'f=/tmp/both.$$; mkdir $f && cd $f && tar -x && python3 compare.py ./caddy1 caddy; s=$?; rm -rf $f; exit $s' \
  >"$work/answers" 2>&1
status=$?
cat "$work/answers"
expect_equal 0 "$status" "the status of the comparison"
