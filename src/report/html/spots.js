// Values of pictures: under the pointer, and by arrow keys. Without it a browser shows them as hints.
"use strict";
for (const figure of document.querySelectorAll("figure")) {
  const spots = [...figure.querySelectorAll(".spot")];
  if (!spots.length) continue;
  const told = document.createElement("p");
  told.className = "told";
  told.setAttribute("aria-live", "polite");
  told.textContent = "Point at a value, or choose this picture and press an arrow key.";
  figure.append(told);
  figure.tabIndex = 0;
  figure.setAttribute("role", "group");
  figure.setAttribute("aria-label", figure.querySelector("title").textContent + "; arrow keys read the values");
  const number = (spot, name) => Number(spot.getAttribute(name));
  const middle = (spot) => [
    number(spot, "x") + number(spot, "width") / 2,
    number(spot, "y") + number(spot, "height") / 2,
  ];
  let here;
  const show = (spot) => {
    if (here) here.classList.remove("here");
    here = spot;
    here.classList.add("here");
    told.textContent = here.querySelector("title").textContent.trim();
  };
  figure.addEventListener("pointerover", (event) => {
    const spot = event.target.closest(".spot");
    if (spot) show(spot);
  });
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  figure.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.target !== figure) return;
    event.preventDefault();
    if (!here) return void show(spots[0]);
    // The nearest in the direction of the key; what lies aside is farther.
    const from = middle(here);
    let next, least = Infinity;
    for (const spot of spots) {
      const [x, y] = middle(spot).map((at, axis) => at - from[axis]);
      const ahead = x * step[0] + y * step[1];
      const far = ahead + 3 * Math.abs(x * step[1] + y * step[0]);
      if (ahead > 0 && far < least) [next, least] = [spot, far];
    }
    if (next) show(next);
  });
}
