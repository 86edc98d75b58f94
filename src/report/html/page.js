// Makes the page of a run live: one cursor over the charts of time, strategies on and off, zoom, and
// a comparison with the summary.json of another run. Without it the page shows the same as pictures.
"use strict";
(function () {
  const stored = document.getElementById("run");
  if (!stored) return;
  const run = JSON.parse(stored.textContent);
  const make = (tag, text, parent) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };

  // Texts.
  const two = (n) => String(n).padStart(2, "0");
  const time = (s) => {
    const whole = Math.round(s);
    if (s < 60) return +s.toFixed(3) + " s";
    if (whole < 3600) return Math.floor(whole / 60) + " min " + two(whole % 60) + " s";
    return Math.floor(whole / 3600) + " h " + two(Math.floor((whole % 3600) / 60)) + " min";
  };
  const UNITS = [["d", 86400], ["h", 3600], ["min", 60]];
  const tick = (s) => {
    const [unit, length] = UNITS.find(([, length]) => s && s % length === 0) || ["s", 1];
    return +(s / length).toFixed(3) + " " + unit;
  };
  // Strides of an axis of time [s].
  const STRIDES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800]
    .concat([1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 1440, 4320, 8760].map((hours) => hours * 3600));
  const count = (n) => (+n.toPrecision(4)).toLocaleString("en-US");
  const share = (f) => +(f * 100).toPrecision(3) + " %";
  const MEASURES = {
    "throttle-rate": { of: "throttled", title: "Throttle rate", text: share },
    backlog: { of: "backlog", title: "Backlog", text: count },
  };

  // Charts of time, each in the place of its picture.
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const plots = [];
  let zooming = false;
  const zoom = (from) => {
    if (zooming) return;
    zooming = true;
    const { min, max } = from.scales.x;
    plots.forEach((plot) => plot !== from && plot.setScale("x", { min, max }));
    zooming = false;
  };
  const axis = (text) => ({
    stroke: colour("--ink"),
    grid: { stroke: colour("--line"), width: 0.5 },
    ticks: { stroke: colour("--line") },
    size: 80,
    values: (_, ticks) => ticks.map(text),
  });
  const chart = (figure, measure) => {
    const lines = run.strategies.filter((strategy) => strategy.from.length);
    if (!lines.length) return;
    const data = uPlot.join(lines.map((strategy) => [strategy.from, strategy[measure.of]]));
    // The interval of a strategy at a time; its own times are fewer than those of all.
    const places = lines.map((strategy) => new Map(strategy.from.map((from, nth) => [from, nth])));
    const interval = (nth, time) => lines[nth][measure.of + "_ci95"][places[nth].get(time)];
    const text = (plot, value, nth, at) => {
      if (value == null) return "–";
      const ends = interval(nth - 1, plot.data[0][at]);
      return measure.text(value) + (ends ? " (" + ends.map(measure.text).join(" to ") + ")" : "");
    };
    // The intervals as bands beneath the lines.
    const bands = (plot) => lines.forEach((strategy, nth) => {
      if (!plot.series[nth + 1].show) return;
      const known = strategy.from.filter((from) => interval(nth, from));
      const at = (from, end) => [plot.valToPos(from, "x", true), plot.valToPos(interval(nth, from)[end], "y", true)];
      const outline = known.map((from) => at(from, 0)).concat(known.map((from) => at(from, 1)).reverse());
      const { left, top, width, height } = plot.bbox;
      plot.ctx.save();
      plot.ctx.beginPath();
      plot.ctx.rect(left, top, width, height);
      plot.ctx.clip();
      plot.ctx.beginPath();
      outline.forEach(([x, y]) => plot.ctx.lineTo(x, y));
      plot.ctx.globalAlpha = 0.2;
      plot.ctx.fillStyle = strategy.colour;
      plot.ctx.fill();
      plot.ctx.restore();
    });
    const place = make("div");
    figure.before(place);
    place.className = "live";
    const finding = figure.querySelector("title").textContent;
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", finding + ": " + measure.title + " over time; figures are in the tables");
    make("p", finding, place).className = "head";
    const runs = run.replications > 1 ? ", mean of " + count(run.replications) + " runs; bands: 95 % intervals" : "";
    make("p", measure.title + " in each interval of time" + runs, place).className = "measure";
    const options = {
      width: place.clientWidth,
      height: 320,
      cursor: { sync: { key: "run" }, drag: { x: true, y: false } },
      scales: { x: { time: false }, y: { range: (_, min, max) => [0, max || 1] } },
      axes: [{ ...axis(tick), size: 40, space: 70, incrs: STRIDES }, axis(measure.text)],
      series: [
        { label: "time", value: (_, value) => (value == null ? "–" : time(value)) },
        ...lines.map((strategy) => ({
          label: strategy.label,
          stroke: strategy.colour,
          width: 2,
          spanGaps: true,
          value: text,
        })),
      ],
      hooks: { drawAxes: [bands], setScale: [(plot, key) => key === "x" && zoom(plot)] },
    };
    const plot = new uPlot(options, data, place);
    plots.push(plot);
    figure.classList.add("still");
    return lines;
  };
  let lines;
  for (const [name, measure] of Object.entries(MEASURES)) {
    const figure = document.querySelector('figure[data-picture="' + name + '"]');
    if (figure) lines = chart(figure, measure) || lines;
  }
  addEventListener("resize", () => {
    plots.forEach((plot) => plot.setSize({ width: plot.root.parentNode.clientWidth, height: 320 }));
  });

  // Strategies on and off, in all charts.
  if (plots.length) {
    const bar = make("div");
    bar.className = "switches";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Strategies in the charts over time");
    lines.forEach((strategy, nth) => {
      const button = make("button", strategy.label, bar);
      button.type = "button";
      button.style.borderLeftColor = strategy.colour;
      button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", () => {
        const show = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(show));
        plots.forEach((plot) => plot.setSeries(nth + 1, { show }));
      });
    });
    make("span", "These buttons are for " + (plots.length > 1 ? "the next two charts" : "the next chart") + ". Drag to zoom, double-click to see all.", bar);
    plots[0].root.parentNode.before(bar);
  }

  // Another run beside this one.
  const section = make("section", "", document.querySelector("main"));
  section.className = "compare";
  make("h2", "Compare with another run", section);
  const label = make("label", "Choose the summary.json of another run, or drop it on this page: ", section);
  const input = make("input", "", label);
  input.type = "file";
  input.accept = ".json,application/json";
  const result = make("div", "", section);
  result.className = "table";
  result.tabIndex = 0;
  result.setAttribute("aria-live", "polite");
  const flat = (path, value, into) => {
    if (typeof value === "number") into[path] = value;
    else if (value && typeof value === "object" && !Array.isArray(value)) {
      if ("ci95" in value) flat(path, value.mean, into);
      else for (const key of Object.keys(value)) flat(path ? path + "." + key : key, value[key], into);
    }
    return into;
  };
  const number = (n) => (Number.isInteger(n) ? count(n) : String(+n.toPrecision(4)));
  const compare = (other) => {
    const found = Array.isArray(other && other.strategies) ? other.strategies : null;
    result.replaceChildren();
    if (!found) return void make("p", "This file is no summary.json of a run.", result);
    let same = 0;
    const table = make("table");
    const head = make("tr", "", make("thead", "", table));
    for (const title of ["strategy", "figure", "this run", String(other.scenario)]) make("th", title, head);
    const body = make("tbody", "", table);
    for (const mine of run.strategies) {
      const theirs = found.find((strategy) => strategy && strategy.name === mine.name);
      if (!theirs) continue;
      const figures = flat("", theirs, {});
      for (const key of Object.keys(mine.figures)) {
        if (!(key in figures)) continue;
        if (figures[key] === mine.figures[key]) {
          same += 1;
          continue;
        }
        const row = make("tr", "", body);
        const cells = [mine.label, key, number(mine.figures[key]), number(figures[key])];
        for (const cell of cells) make("td", cell, row);
      }
    }
    if (!body.rows.length && !same) return void make("p", "That run has no strategy of this page: nothing can be compared.", result);
    make("p", count(body.rows.length) + " figures differ, " + count(same) + " are equal.", result);
    if (body.rows.length) result.append(table);
  };
  const read = (file) => file && file.text().then((text) => {
    try {
      compare(JSON.parse(text));
    } catch {
      compare(null);
    }
  });
  input.addEventListener("change", () => read(input.files[0]));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    read(event.dataTransfer.files[0]);
  });
  document.documentElement.dataset.live = "true";
})();
