#!/usr/bin/env bash
# The page of a run in a real browser without a network: its script runs and no other does, a
# strategy is switched off, the cursor tells values, another run is compared.
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
    --proxy-server=127.0.0.1:1 --enable-logging=stderr --window-size=1000,2000 \
    --virtual-time-budget=5000 --dump-dom "file://$1" 2> "$work/said"
}

"$program" run scenarios/one-quota-many-processes.toml --out "$work/a" -q > /dev/null
"$program" run scenarios/one-quota-many-processes.toml --out "$work/b" -q > /dev/null
page=$work/a/one-quota-many-processes/report.html
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
echo "the page works in $("$browser" --version 2> /dev/null)"
