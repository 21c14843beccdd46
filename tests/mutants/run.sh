#!/usr/bin/env bash
# Mutation check: each planted defect of `table` must be caught by the should that names it, by no error or time-out alone.
#
#   tests/mutants/run.sh [--lab NAME] [--short | ID...]        all of the table without ids; --short: its short list
#
# Brings up a lab of its own with labctl-agent-mutants as its handler, runs the scenario of each mutant, and reads the
# verdicts from its results. Each scenario is run once without a defect first: a should that is red anyway proves nothing.
# Exit status: how many mutants were not caught (at most 100), 101 if the check itself failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

labctl=$(realpath "${LABCTL:-build/release/bin/labctl}")
handler=$(dirname "$labctl")/labctl-agent-mutants
lab=mutants
[ "${1-}" = --lab ] && { lab=$2; shift 2; }
short=
[ "${1-}" = --short ] && { short=yes; shift; }
wanted=("$@")
work=$(mktemp -d)

broken() { printf 'mutants: %s\n' "$1" >&2; exit 101; }
trap 'rm -rf "$work"; "$labctl" --inventory "$inventory" tunnels down >/dev/null 2>&1; "$labctl" lab down --name "$lab" >/dev/null' EXIT
inventory=$work/inventory.yaml

[ -x "$handler" ] || broken "no $handler: build the target labctl-agent-mutants"
"$labctl" lab up --name "$lab" --handler "$handler" >"$work/up" 2>&1 || broken "lab up: $(tail -n 1 "$work/up")"
"$labctl" lab inventory --name "$lab" >"$inventory" || broken "no inventory"
"$labctl" --inventory "$inventory" tunnels up >/dev/null || broken "no tunnels"
mapfile -t nodes < <(awk '/^ *- name:/ { print $3 }' "$inventory")
[ "${#nodes[@]}" -gt 0 ] || nodes=(core1 core2 core3 core4)

# The defect of every app from now on; none with an empty id.
plant() {
  for node in "${nodes[@]}"; do
    "$labctl" lab exec --name "$lab" "$node" -- sh -c \
      'mkdir -p /deploy/.mutants && if [ -n "$1" ]; then echo "$1" > /deploy/.mutants/all; else rm -f /deploy/.mutants/all; fi' \
      plant "$1" || broken "cannot plant '$1' on $node"
  done
}

# Runs a scenario; its status, and one line "phase|verdict|text" a step in $work/steps.
scenario() {
  rm -rf "$work/report"
  (cd "$work" && "$labctl" --inventory "$inventory" test "$1" >"$work/out" 2>&1)
  status=$?
  awk -F'": "' '
    /"phase": / { phase = $2; sub(/",?$/, "", phase) }
    /"text": / { text = $2; sub(/",?$/, "", text) }
    /"verdict": / { verdict = $2; sub(/",?$/, "", verdict); print phase "|" verdict "|" text }
  ' "$work/build/report/results.json" >"$work/steps" 2>/dev/null || : >"$work/steps"
}

declare -A green
caught=0 missed=()
while IFS='|' read -r id name part; do
  id=$(xargs <<<"$id") name=$(xargs <<<"$name") part=$(sed 's/^ *//; s/ *$//' <<<"${part-}")
  [ -n "$id" ] && [[ $id != \#* ]] || continue
  [ -z "$short" ] || [[ $id == +* ]] || continue
  id=${id#+}
  [ "${#wanted[@]}" -eq 0 ] || [[ " ${wanted[*]} " == *" $id "* ]] || continue
  if [ -z "${green[$name]-}" ]; then
    plant ""
    scenario "$name" </dev/null
    [ "$status" -eq 0 ] || broken "$name is not green without a defect: $(grep -v '|passed|' "$work/steps" | head -n 3)"
    green[$name]=1
  fi
  plant "$id"
  scenario "$name" </dev/null
  verdicts=$(awk -F'|' -v part="$part" 'index($3, part) { print $2 }' "$work/steps" | sort -u | tr '\n' ' ')
  others=$(awk -F'|' -v part="$part" '$2 != "passed" && !index($3, part) { print $1 ": " $3 }' "$work/steps")
  if [ "$status" -eq 1 ] && [[ " $verdicts" == *" failed "* ]] && ! grep -q '|errored|' "$work/steps"; then
    caught=$((caught + 1))
    printf 'caught   %-28s %s: %s\n' "$id" "$name" "$part"
  else
    missed+=("$id")
    printf 'MISSED   %-28s %s: %s   status %s, verdict %s\n' "$id" "$name" "$part" "$status" "${verdicts:-none}"
  fi
  [ -z "$others" ] || sed 's/^/           also /' <<<"$others"
done <tests/mutants/table

printf '%d caught, %d missed%s\n' "$caught" "${#missed[@]}" "${missed[*]:+: ${missed[*]}}"
[ "$caught" -gt 0 ] || [ "${#missed[@]}" -gt 0 ] || broken "no such mutant: ${wanted[*]}"
exit $((${#missed[@]} > 100 ? 100 : ${#missed[@]}))
