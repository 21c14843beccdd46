# caddy.sh PROGRAM: whatever the agent writes for Caddy 2, Caddy accepts: the texts in caddyfiles/, and those that
# PROGRAM (caddyfile_texts) makes by chance, translated and given to the Caddy of a node. And what guarded a site under
# Caddy 1 never becomes an open site: a Caddy of this test's own is asked.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
trap 'rm -rf "$work"' EXIT
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
agent=$(dirname "$LABCTL")/labctl-agent
lab=$(sed -n 's/^name: //p' "$LABCTL_INVENTORY")

mkdir "$work/texts" "$work/random"
"$1" 1 250 "$work/random" || fail "texts made by chance"
rm "$work/random"/*.source
count=0
for file in "$here"/caddyfiles/* "$work/random"/*; do
  name=$(basename "$file")
  "$agent" translate-caddyfile --local-certs "$file" >"$work/texts/$name" 2>"$work/warnings.$name" ||
    fail "the translation of $name: $(cat "$work/warnings.$name")"
  count=$((count + 1))
done
# The sites of `guards` and `rewrites` at a port of this test's own, without the admin port of the node's Caddy.
sed -e 's#^http://\([a-z-]*\.lab\)#http://\1:8099#; s#http://shop_web_1:8080#http://localhost:8098#' \
  "$here/caddyfiles/guards" "$here/caddyfiles/rewrites" >"$work/asked"
"$agent" translate-caddyfile "$work/asked" 2>/dev/null | sed 's#admin localhost:2019#admin off#' >"$work/texts/asked.server"
printf '\nhttp://:8098 {\n\trespond "open {uri}"\n}\n' >>"$work/texts/asked.server"

cat >"$work/texts/run" <<'TEXT'
cd "$1"
for file in *; do
  case $file in run | *.server) continue ;; esac
  if caddy adapt --adapter caddyfile --config "$file" >/dev/null 2>"/tmp/adapt.$$"; then
    echo "accepted $file"
  else
    echo "rejected $file: $(tail -n 1 "/tmp/adapt.$$")"
  fi
done
caddy run --adapter caddyfile --config asked.server >/dev/null 2>&1 &
caddy=$!
ask() { curl --silent --max-time 10 --noproxy '*' --output /tmp/body.$$ --write-out '%{http_code}' --header "Host: $1:8099" "http://127.0.0.1:8099$2"; }
for i in $(seq 100); do [ "$(ask guarded.lab /)" != 000 ] && break; kill -0 $caddy || break; sleep 0.1; done
told() { host=$1; shift; for path in "$@"; do echo "$path $(ask "$host" "$path") $(cat /tmp/body.$$)"; done; }
told guarded.lab / /free /admin /admin/x /private /private/x /in /inside /hidden
told rewritten.lab /old/x /older /v1/items /app/x?q=1 /other
told files-rewritten.lab /hostname /no-such-file
echo "hostname is $(cat /etc/hostname), version is $(cat /etc/debian_version)"
kill $caddy
wait
rm -rf "$1" /tmp/adapt.$$ /tmp/body.$$
TEXT

tar -C "$work/texts" -c . | "$LABCTL" lab exec --name "$lab" core1 -- docker exec -i cluster_caddy_1 \
  sh -c 'f=/tmp/texts.$$; mkdir $f && tar -C $f -x && sh $f/run $f' >"$work/answers" 2>&1
answers=$(<"$work/answers")
expect_equal "$count" "$(grep -c '^accepted ' <<<"$answers")" "texts that Caddy accepts: $answers"
for row in "/ 200 open /base/" "/free 200 open /base/free" "/admin 403 " "/admin/x 403 " "/private 403 " "/private/x 403 " \
  "/in 403 " "/inside 404 " "/hidden 403 " "/old/x 200 open /new/x" "/older 200 open /older" \
  "/v1/items 200 open /api/items?version=1" "/app/x?q=1 200 open /app-index?q=1" "/other 200 open /elsewhere/other" \
  "/hostname 200 $(sed -n 's/^hostname is \(.*\), version.*/\1/p' <<<"$answers")" \
  "/no-such-file 200 $(sed -n 's/.*, version is //p' <<<"$answers")"; do
  grep -qxF -- "$row" <<<"$answers" || fail "no answer '$row' in: $answers"
done
grep -q "guarded.lab: 'ipfilter' is not known and may guard the site: /admin is closed (403)" "$work/warnings.guards" ||
  fail "the warnings: $(cat "$work/warnings.guards")"
