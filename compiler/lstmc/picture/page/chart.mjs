// Memory, or what tells which cells are on, over the whole string: a line for each cell that is on now, so that a leak
// can be seen.

import { draw } from "./dom.mjs";
import { short } from "./numbers.mjs";
import { shown } from "./strings.mjs";

const HIGH = 150; // pixels; it is as wide as its place
const NARROW = 300;
const EDGE = { left: 40, right: 12, top: 12, bottom: 24 };
const MOST_LINES = 4;
const POINTS = 320;
const FEW = 60; // symbols of a string whose every step is a dot

/** Draw it; cells: numbers of those to show. Returns what it shows, in words. */
export function drawChart(svg, { history, cells, position, machine }) {
  const wide = svg.clientWidth || NARROW;
  const lines = cells.slice(0, MOST_LINES);
  const length = history.reached;
  const places = samples(length, history.spacing);
  const values = lines.map(() => []);
  for (const n of places) {
    const watched = history.at(n).state[machine.watched];
    lines.forEach((k, line) => values[line].push(watched[k]));
  }
  const all = values.flat().filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...all), Math.max(1, ...all)];
  const x = (n) => EDGE.left + (n / Math.max(1, length)) * (wide - EDGE.left - EDGE.right);
  const y = (value) => HIGH - EDGE.bottom - ((value - low) / (high - low)) * (HIGH - EDGE.top - EDGE.bottom);
  svg.setAttribute("viewBox", `0 0 ${wide} ${HIGH}`);
  svg.querySelectorAll("g").forEach((old) => old.remove());
  svg.append(
    draw("g", { class: "axes" }, ...axes(x, y, length, [low, high])),
    draw("g", {}, ...lines.map((_, n) => line(x, y, places, values[n], n))),
    draw("g", {}, ...(length <= FEW ? lines.flatMap((_, n) => dots(x, y, places, values[n], n)) : [])),
    draw("g", {}, ...marks(x, position, history.firstWrong)),
    draw("g", { class: "keys" }, ...lines.map((k, n) => key(machine, k, n))),
  );
  const words = lines.map((k, n) => `${shown(machine.cells[k].name)}: ${short(values[n].at(-1))}`);
  return words.length ? `After ${length} symbols: ${words.join("; ")}.` : "No cell is on.";
}

/** Some positions, at states that are kept: nothing is computed again for the picture. */
function samples(length, spacing) {
  const step = spacing * Math.max(1, Math.ceil(length / POINTS / spacing));
  const found = [];
  for (let n = 0; n < length; n += step) found.push(n);
  return [...found, length];
}

function axes(x, y, length, ends) {
  const levels = [...new Set([0, 1, ...ends])];
  return [
    ...levels.flatMap((value) => [
      draw("path", { d: `M${x(0)} ${y(value)}H${x(length)}` }),
      draw(
        "text",
        { x: EDGE.left - 6, y: y(value), "text-anchor": "end", "dominant-baseline": "central" },
        short(value),
      ),
    ]),
    draw("text", { x: x(0), y: HIGH - 6 }, "0"),
    draw("text", { x: x(length), y: HIGH - 6, "text-anchor": "end" }, `${length} symbols`),
  ];
}

function line(x, y, places, values, n) {
  const points = values.map((value, m) =>
    Number.isFinite(value) ? `${x(places[m]).toFixed(1)},${y(value).toFixed(1)}` : "",
  );
  return draw("polyline", { class: `memory m${n}`, points: points.filter(Boolean).join(" ") });
}

function dots(x, y, places, values, n) {
  const finite = values.flatMap((value, m) => (Number.isFinite(value) ? [[places[m], value]] : []));
  return finite.map(([place, value]) => draw("circle", { class: `dot m${n}`, cx: x(place), cy: y(value), r: 2.6 }));
}

function marks(x, position, firstWrong) {
  const at = (n, kind) => draw("path", { class: kind, d: `M${x(n)} ${EDGE.top}V${HIGH - EDGE.bottom}` });
  const wrong =
    firstWrong === null
      ? []
      : [
          at(firstWrong, "wrong"),
          draw("text", { class: "wrong", x: x(firstWrong), y: 10, "text-anchor": "middle" }, "⚠"),
        ];
  return [at(position, "now"), ...wrong];
}

function key(machine, k, n) {
  const left = EDGE.left + 30 + n * 110;
  return draw(
    "g",
    {},
    draw("path", { class: `memory m${n}`, d: `M${left} ${HIGH - 10}h22` }),
    draw("text", { x: left + 27, y: HIGH - 6 }, shown(machine.cells[k].name, 11)),
  );
}
