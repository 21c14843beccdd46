# What an app can be deployed with, without a warning, is what a real Caddy 1 reads: texts are made by chance.
#
#   caddy1_accepts.sh PROGRAM [SEED [COUNT]]      PROGRAM: caddyfile_texts; without a seed, always the same texts
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
trap 'rm -rf "$work"' EXIT
caddy1=${LABCTL_CACHE_DIR:-/var/cache/labctl}/bin/caddy1
[ -x "$caddy1" ] || fail "Caddy 1, made by: tools/setup caddy1"
count=${3:-600}

mkdir "$work/texts"
"$1" "${2:-1}" "$count" "$work/texts" || fail "the texts"
accepted=0
for text in "$work/texts"/*.source; do
  HOME=$work "$caddy1" -validate -agree -conf "${text%.source}" >"$work/said" 2>&1 ||
    fail "Caddy 1 says: $(tail -n 1 "$work/said")
of this text: $(cat "$text")
which is in KV: $(cat "${text%.source}")"
  accepted=$((accepted + 1))
done
echo "$accepted of $count texts can be deployed, and Caddy 1 reads each"
[ "$accepted" -gt $((count / 10)) ] || fail "a tenth of the texts that can be deployed"
