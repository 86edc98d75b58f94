#!/usr/bin/env bash
# A sweep as real processes under GNU parallel: shards in any order, some lost and run again, some
# killed half-way, merge to the bytes of one unsplit run.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v parallel > /dev/null; then
  echo 'skipped: GNU parallel is not installed'
  exit 0
fi
. tests/machines/common.sh
trap 'rm -rf "$work"' EXIT

parallel --will-cite -j 4 "$program" sweep "$work/s.toml" --out "$work/five" --shard {}/5 -q ::: 4 1 5 2 3
same "$work/five"

# A shard is lost: the merge says which points, and its shard alone is run again.
rm "$work/five/s/parts/part-3-of-5.jsonl"
if "$program" merge "$work/s.toml" --out "$work/five" -q > /dev/null 2> "$work/said"; then exit 1; fi
grep -q 'points are missing (2, 7, 12' "$work/said"
parallel --will-cite "$program" sweep "$work/s.toml" --out "$work/five" --shard {}/5 -q ::: 3
same "$work/five"

# Shards are killed wherever they are, again and again, until all are through.
for attempt in $(seq 1 60); do
  parallel --will-cite -j 2 timeout -s KILL "0.0$((attempt % 7 + 2))" "$program" sweep \
    "$work/s.toml" --out "$work/killed" --shard {}/3 -q ::: 1 2 3 > /dev/null 2>&1 || true
done
parallel --will-cite "$program" sweep "$work/s.toml" --out "$work/killed" --shard {}/3 -q ::: 1 2 3
same "$work/killed"

# One process, killed and run again.
timeout -s KILL 0.05 "$program" sweep "$work/s.toml" --out "$work/one" -q > /dev/null 2>&1 || true
"$program" sweep "$work/s.toml" --out "$work/one" -q > /dev/null
for file in "$work"/whole/s/*; do cmp "$file" "$work/one/s/$(basename "$file")"; done
echo 'same bytes: one'
