#!/usr/bin/env bash
# Every file that a run writes, pictures and traces of attempts included, has the same bytes from a
# debug and a release program, on one thread and on several, today and again.
set -euo pipefail
cd "$(dirname "$0")/../.."
debug=$(readlink -f "${THROTTLESIM_DEBUG:-target/debug/throttlesim}")
release=$(readlink -f "${THROTTLESIM:-target/release/throttlesim}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Jitter, revenue, dynamic plans, traces, outages, shared limits, Poisson counts, quotas by the day.
scenarios="amazon-pay-30-charges pa-api-falling-revenue sp-api-dynamic-plan replay-access-log
  a-bad-day my-own-api sp-api-top-of-the-hour ecomdash-inventory"

write() { # NAME PROGRAM THREADS
  for scenario in $scenarios; do
    # A missed expectation is a result like any other.
    "$2" run "scenarios/$scenario.toml" --replications 2 --threads "$3" --out "$work/$1" -q \
      --events "$work/$1-$scenario.csv" > "$work/$1-$scenario.txt" || test $? = 3
  done
}

write once "$release" 2
for other in "again $release 2" "alone $release 1" "many $release 7" "debug $debug 2"; do
  read -r name program threads <<< "$other"
  write "$name" "$program" "$threads"
  diff -r "$work/once" "$work/$name"
  for scenario in $scenarios; do
    for kind in csv txt; do
      cmp <(sed 's|/once/|/it/|g' "$work/once-$scenario.$kind") \
        <(sed "s|/$name/|/it/|g" "$work/$name-$scenario.$kind")
    done
  done
  echo "same bytes: $name ($threads threads)"
done
