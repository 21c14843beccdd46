#!/usr/bin/env bash
# Mutation check: each injected defect of `table` must be detected by the should that its row names; an error
# or a timeout alone is not enough.
#
#   tests/mutants/run.sh [--lab NAME] [ID...]        all of the table without ids
#
# Uses the lab NAME (default: mutants). If that lab is not up, it is started and removed again; otherwise its
# handler is restored afterwards. With labctl-agent-mutants as the handler, the script runs the scenario of
# each mutant and reads the verdicts from its results. First it runs all these scenarios without a defect: a
# should that is red anyway proves nothing. That run is the baseline of the others, in which the should must
# be a new red. Exit status: the number of mutants that were not detected (at most 100), 101 if the check
# itself failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 101

labctl=$(realpath "${LABCTL:-build/release/bin/labctl}")
handler=$(dirname "$labctl")/labctl-agent-mutants
lab=mutants
[ "${1-}" = --lab ] && { lab=$2; shift 2; }
wanted=("$@")
work=$(mktemp -d)

. tests/support/lab_handler.sh
inventory=$work/inventory.yaml
nodes=()
brought=

broken() { printf 'mutants: %s\n' "$1" >&2; exit 101; }
end() {
  "$labctl" --inventory "$inventory" tunnels down >/dev/null 2>&1
  if [ -n "$brought" ]; then
    "$labctl" lab down --name "$lab" >/dev/null
  else
    restore_handler
    plant "" "${nodes[@]}"
  fi
  rm -rf "$work"
}
trap end EXIT

[ -x "$handler" ] || broken "no $handler: build the target labctl-agent-mutants"
if ! "$labctl" lab status --name "$lab" >/dev/null 2>&1; then
  brought=yes
  "$labctl" lab up --name "$lab" --handler "$handler" >"$work/up" 2>&1 || broken "lab up: $(tail -n 1 "$work/up")"
else
  use_handler "$handler" || broken "cannot put the handler in place of $lab_handler"
fi
"$labctl" lab inventory --name "$lab" >"$inventory" || broken "no inventory"
"$labctl" --inventory "$inventory" tunnels up >/dev/null || broken "no tunnels"
mapfile -t nodes < <(awk '/^ *- name:/ { print $3 }' "$inventory")
[ "${#nodes[@]}" -gt 0 ] || nodes=(core1 core2 core3 core4)

# Runs scenarios; sets status, and writes one line "phase|verdict|text|change" per step to $work/steps; change
# is the mark that a baseline gives.
scenarios() {
  rm -rf "$work/build"
  (cd "$work" && "$labctl" --inventory "$inventory" test "$@" >"$work/out" 2>&1)
  status=$?
  awk -F'": "' '
    function value() { v = $2; sub(/",?$/, "", v); return v }
    function tell() { if (phase != "") print phase "|" verdict "|" text "|" change; phase = change = "" }
    /"phase": / { tell(); phase = value() }
    /"text": / { text = value() }
    /"verdict": / { verdict = value() }
    /"change": / { change = value() }
    END { tell() }
  ' "$work/build/report/results.json" >"$work/steps" 2>/dev/null || : >"$work/steps"
}

# The requested mutants, one line "id|scenario|part of the should" each.
mutants=()
while IFS='|' read -r id name part; do
  id=$(xargs <<<"$id") name=$(xargs <<<"$name") part=$(sed 's/^ *//; s/ *$//' <<<"${part-}")
  { [ -n "$id" ] && [[ $id != \#* ]]; } || continue
  [ "${#wanted[@]}" -eq 0 ] || [[ " ${wanted[*]} " == *" $id "* ]] || continue
  mutants+=("$id|$name|$part")
done <tests/mutants/table
[ "${#mutants[@]}" -gt 0 ] || broken "no such mutant: ${wanted[*]}"

mapfile -t names < <(printf '%s\n' "${mutants[@]}" | cut -d'|' -f2 | sort -u)
plant "" "${nodes[@]}" || broken "cannot plant a defect"
scenarios "${names[@]}" </dev/null
[ "$status" -eq 0 ] || broken "not green without a defect: $(grep -v '|passed|' "$work/steps" | head -n 3)"
cp "$work/build/report/results.json" "$work/green.json"

caught=0 missed=()
for mutant in "${mutants[@]}"; do
  IFS='|' read -r id name part <<<"$mutant"
  plant "$id" "${nodes[@]}" || broken "cannot plant '$id'"
  scenarios "$name" --baseline "$work/green.json" </dev/null
  verdicts=$(awk -F'|' -v part="$part" 'index($3, part) { print $2 "/" $4 }' "$work/steps" | sort -u | tr '\n' ' ')
  others=$(awk -F'|' -v part="$part" '$2 != "passed" && !index($3, part) { print $1 ": " $3 }' "$work/steps")
  if [ "$status" -eq 1 ] && [[ " $verdicts" == *" failed/new red "* ]] && ! grep -q '|errored|' "$work/steps"; then
    caught=$((caught + 1))
    printf 'caught   %-28s %s: %s\n' "$id" "$name" "$part"
  else
    missed+=("$id")
    printf 'MISSED   %-28s %s: %s   status %s, verdict %s\n' "$id" "$name" "$part" "$status" "${verdicts:-none}"
    [ "$status" -le 1 ] || tail -n 20 "$work/out"
  fi
  [ -z "$others" ] || sed 's/^/           also /' <<<"$others"
done

printf '%d caught, %d missed%s\n' "$caught" "${#missed[@]}" "${missed[*]:+: ${missed[*]}}"
exit $((${#missed[@]} > 100 ? 100 : ${#missed[@]}))
