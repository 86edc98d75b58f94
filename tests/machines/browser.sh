#!/usr/bin/env bash
# Pages in a real browser without a network. That of a run: its script runs and no other does, a
# strategy is switched off, the cursor tells values, another run is compared. That of a sweep: arrow
# keys read its values. Those of every command: nothing is cut on paper, and axe-core finds no
# serious fault, neither in light nor in dark.
set -euo pipefail
cd "$(dirname "$0")/../.."

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
  echo "skipped: no Chromium is installed"
  exit 0
fi
program=$(readlink -f "${THROTTLESIM:-target/release/throttlesim}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "failed: $1"
  exit 1
}

# Prints a page as it is once its scripts have run; what the console says goes to "$work/said".
show() {
  timeout 120 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
    --proxy-server=127.0.0.1:1 --enable-logging=stderr --window-size="${width:-1000}",2000 \
    --virtual-time-budget=5000 --dump-dom "file://$1" 2> "$work/said"
}

"$program" run scenarios/one-quota-many-processes.toml --out "$work/a" -q > /dev/null
"$program" run scenarios/one-quota-many-processes.toml --out "$work/b" -q > /dev/null
page=$work/a/one-quota-many-processes/report.html
page_of_run=$page
cmp "$page" "$work/b/one-quota-many-processes/report.html" || fail "the bytes of two runs differ"
"$program" run scenarios/one-quota-many-processes.toml --seed 7 --out "$work/c" -q > /dev/null

shown=$(show "$page")
grep -q "CONSOLE" "$work/said" && fail "the console says: $(grep CONSOLE "$work/said")"
grep -q '<html lang="en" data-live="true"' <<< "$shown" || fail "the script did not run"
charts=$(grep -o '<canvas' <<< "$shown" | wc -l)
[ "$charts" -ge 2 ] || fail "$charts charts are live"
question=$(sed -n 's/^# //p' "$work/a/one-quota-many-processes/report.md" | head -n 1)
grep -qF "<h1>$question</h1>" <<< "$shown" || fail "the question is not the heading"

# A script that is not the page's own does not run.
sed 's|</body>|<script>document.title = "foreign";</script></body>|' "$page" > "$work/foreign.html"
show "$work/foreign.html" | grep -q "<title>foreign" && fail "a foreign script ran"
grep -q "Content Security Policy" "$work/said" || fail "the policy refused nothing"

# What a person does, by a script in a copy of the page without a policy.
cat > "$work/acts.js" << 'ACTS'
const told = {};
const plots = () => [...document.querySelectorAll(".uplot")];
const button = document.querySelector(".switches button");
button.click();
told.pressed = button.getAttribute("aria-pressed");
told.off = plots().map((plot) => plot.querySelectorAll(".u-series.u-off").length);
button.click();
const over = plots()[0].querySelector(".u-over");
const { left, top, width, height } = over.getBoundingClientRect();
over.dispatchEvent(new MouseEvent("mouseenter", { clientX: left + 1, clientY: top + 1 }));
const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true };
over.dispatchEvent(new MouseEvent("mousemove", at));
const files = new DataTransfer();
files.items.add(new File([OTHER], "summary.json"));
dispatchEvent(new DragEvent("drop", { dataTransfer: files, cancelable: true }));
setTimeout(() => {
  told.times = plots().map((plot) => plot.querySelector(".u-value").textContent);
  told.rows = document.querySelectorAll(".compare tbody tr").length;
  told.said = document.querySelector(".compare p").textContent;
  document.title = JSON.stringify(told);
}, 500);
ACTS
{
  sed -e '/http-equiv="Content-Security-Policy"/d' -e '/^<\/body>/,$d' "$page"
  printf '<script>(() => {\nconst OTHER = JSON.stringify('
  sed 's/</\\u003c/g' "$work/c/one-quota-many-processes/summary.json"
  printf ');\n'
  cat "$work/acts.js"
  printf '})();</script></body></html>\n'
} > "$work/acts.html"
told=$(show "$work/acts.html" | sed -n 's|.*<title>\({.*}\)</title>.*|\1|p' | head -n 1)
echo "$told"
grep -q '"pressed":"false"' <<< "$told" || fail "a strategy is not switched off"
grep -q '"off":\[1,1\]' <<< "$told" || fail "it is not off in both charts"
grep -q '"times":\["\([^"–]*\)","\1"\]' <<< "$told" || fail "the charts have no common cursor"
grep -q '"rows":[1-9]' <<< "$told" || fail "another run is not compared"

# The pages of every command.
cat > "$work/small.toml" << 'TOML'
schema = 1
question = "Which rate of calls is best?"
duration = "5m"
replications = 2
[limit.small]
scope = ["account"]
rule.token_bucket = { rate = "1/s", burst = 5 }
[workload.w]
arrivals.poisson = "0.8/s"
call = "get"
[strategy.paced]
pace.rate = "100%"
[advise]
budget = 200
[size]
address = "workload.w.arrivals.poisson"
from = "0.1/s"
to = "2/s"
goal = "largest"
meet = ["job_latency.p95 < 1m"]
TOML
many=scenarios/one-quota-many-processes.toml
"$program" sweep "$many" --out "$work/a" -q > /dev/null
"$program" compare "$work/a/one-quota-many-processes/summary.json" \
  "$work/c/one-quota-many-processes/summary.json" --out "$work/compare" -q > /dev/null
"$program" fit scenarios/data/fit-calls.csv --round-trip 120ms --out "$work/fit" > /dev/null
"$program" advise "$work/small.toml" --out "$work/small" -q > /dev/null
"$program" size "$work/small.toml" --out "$work/small" -q > /dev/null
pages=$(find "$work/a" "$work/compare" "$work/fit" "$work/small" -name '*.html' | sort)
[ "$(wc -l <<< "$pages")" -ge 6 ] || fail "there are only the pages $pages"

# A copy of a page without a policy, with a script of ours; its title is what is told.
told_by() {
  { sed -e '/http-equiv="Content-Security-Policy"/d' -e '/^<\/body>/,$d' "$1"
    cat "${@:2}"
    printf '</body></html>\n'; } > "$work/told.html"
  show "$work/told.html" | sed -n 's|.*<title>\(.*\)</title>.*|\1|p' | head -n 1
}

# Arrow keys read the values of a map.
cat > "$work/keys.html" << 'ACTS'
<script>
const map = [...document.querySelectorAll("figure")].find((figure) => figure.querySelector(".spot"));
map.focus();
const press = (key) => map.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const read = ["ArrowRight", "ArrowRight", "ArrowUp"].map((key) => (press(key), map.querySelector(".told").textContent));
document.title = document.activeElement === map && new Set(read).size === 3 && read.every((text) => /: /.test(text))
  ? "read" : "not read: " + read.join(" | ");
</script>
ACTS
told=$(told_by "$work/a/one-quota-many-processes/sweep.html" "$work/keys.html")
[ "$told" = read ] || fail "values of a map are $told"

# On paper: as wide as A4 between its margins no table is cut, and a page of a run is short.
cat > "$work/paper.html" << 'ACTS'
<script>
const cut = [...document.querySelectorAll("table")].filter((table) => table.getBoundingClientRect().right > innerWidth);
document.title = cut.length ? "cut: " + cut.map((table) => table.rows[0].textContent).join(" | ") : "whole";
</script>
ACTS
for page in $pages; do
  sed 's/@media print/@media all/' "$page" > "$work/print.html"
  told=$(width=700 told_by "$work/print.html" "$work/paper.html")
  [ "$told" = whole ] || fail "tables of $(basename "$page") are $told"
done
timeout 120 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
  --no-pdf-header-footer --print-to-pdf="$work/report.pdf" "file://$page_of_run" 2> "$work/said"
sheets=$(grep -a -c '/Type /Page$' "$work/report.pdf" || true)
{ [ "$sheets" -ge 2 ] && [ "$sheets" -le 12 ]; } || fail "a report is printed on $sheets sheets"

# axe-core, by its version in npm's registry.
axe=4.10.3
digest=880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb
if ! (cd "$work" && npm pack "axe-core@$axe" --silent && tar xzf "axe-core-$axe.tgz") \
  > "$work/said" 2>&1; then
  echo "skipped: axe-core $axe cannot be fetched from npm's registry"
else
  sha256sum --quiet -c - <<< "$digest  $work/package/axe.min.js"
  { echo '<script>'; cat "$work/package/axe.min.js"; echo '</script>'; } > "$work/axe.html"
  cat > "$work/judge.html" << 'ACTS'
<script>
document.title = "running";
axe.run(document, { resultTypes: ["violations"] }).then((found) => {
  const bad = found.violations.filter((fault) => ["serious", "critical"].includes(fault.impact));
  const told = (fault) => fault.id + " at " + fault.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ");
  document.title = bad.length ? "faults: " + bad.map(told).join("; ") : "none";
}, (why) => (document.title = "stopped: " + why));
</script>
ACTS
  for page in $pages; do
    for scheme in light dark; do
      sed "s/@media (prefers-color-scheme: $scheme)/@media all/" "$page" > "$work/scheme.html"
      told=$(told_by "$work/scheme.html" "$work/axe.html" "$work/judge.html")
      [ "$told" = none ] || fail "$(basename "$page"), $scheme: axe-core says: $told"
    done
  done
  echo "axe-core $axe finds no serious fault in $(wc -l <<< "$pages") pages, in light and dark"
fi
echo "the pages work in $("$browser" --version 2> /dev/null), a report is printed on $sheets sheets"
