# What the tests with real processes share: a small sweep, and how its files must compare.
# Sourced, not run.

program=${THROTTLESIM:-target/release/throttlesim}
program=$(readlink -f "$program")
work=$(mktemp -d)

cat > "$work/s.toml" <<'TOML'
schema = 1
question = "Which rate, and how many processes?"
duration = "20m"
replications = 4
[limit.small]
scope = ["account"]
rule.token_bucket = { rate = "1/s", burst = 5 }
[workload.w]
arrivals.poisson = "0.8/s"
call = "get"
[strategy.paced]
pace.rate = "100%"
retry = { attempts = 3, backoff.fixed = "1s" }
[strategy.hasty]
retry = { attempts = 3, backoff.fixed = "1s" }
[sweep]
"strategy.paced.pace.rate" = { from = "80%", to = "120%", steps = 6 }
"clients.processes" = { from = 1, to = 6, steps = 6 }
metrics = ["throttle_rate", "job_latency.p95"]
TOML

"$program" sweep "$work/s.toml" --out "$work/whole" -q > /dev/null

# The merged parts under $1 have the bytes of the unsplit sweep.
same() {
  "$program" merge "$work/s.toml" --out "$1" -q > /dev/null
  for file in "$work"/whole/s/*; do cmp "$file" "$1/s/$(basename "$file")"; done
  echo "same bytes: $(basename "$1")"
}
