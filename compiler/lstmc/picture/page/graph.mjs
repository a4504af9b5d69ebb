// The grammar's graph: possible states are lit, the move just made runs along its arc, what may come next is marked.

import { draw, stillness } from "./dom.mjs";
import { ranges, shown, whole } from "./strings.mjs";

const LINE = 17; // pixels between lines of a label
const WIDEST = 26; // characters in such a line
const LINES = 3;
const BESIDE = 2.5; // pixels around a piece that stands beside others: their commas have little room
const HEAD = 9; // the length of an arrow's head
const SMALLEST_TEXT = 15; // pixels of the drawing; larger where that is shown small
const LARGEST_TEXT = 20;
const TRAVEL = 420; // milliseconds of a move

/** One rule by name, as elements and other parts of the page know it. */
export const EPSILON = "ε"; // in place of a symbol: the rule reads nothing

export function ruleKey(source, symbol, target) {
  return `${source}|${symbol}|${target}`;
}

/** The picture in an <svg>; pick(key) is called with the rule that somebody picks. */
export class Graph {
  constructor(svg, pick) {
    this.svg = svg;
    this.pick = pick;
    this.drawing = null;
    svg.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.fit()).observe(svg);
  }

  /** Draw another drawing. */
  show(drawing) {
    if (drawing === this.drawing) return;
    this.drawing = drawing;
    this.states = new Map();
    this.labels = []; // { label, arc, keys of its rules }
    const arcs = drawing.arcs.map((arc) => this.arc(arc));
    const nodes = drawing.nodes.map((node) => this.node(node));
    this.svg.setAttribute("viewBox", `0 0 ${drawing.width} ${drawing.height}`);
    this.svg.style.setProperty("--wide", `${drawing.width}px`);
    this.svg.querySelectorAll("g, circle").forEach((old) => old.remove());
    this.svg.append(
      draw("g", {}, ...arcs.map(({ line }) => line)),
      draw("g", {}, ...nodes),
      draw("g", {}, ...arcs.map(({ label }) => label)),
    );
    this.fit();
    this.labels[0]?.label.setAttribute("tabindex", "0");
  }

  /** lit, astray, missed: sets of ids; moved, allowed, picked: sets of rules; news: whether the move was just made. */
  light({ lit, astray, missed, moved, allowed, picked, news }) {
    for (const [id, { group, title, node }] of this.states) {
      const is = { on: lit.has(id), astray: astray.has(id), missed: missed.has(id) };
      for (const [name, whether] of Object.entries(is)) group.classList.toggle(name, whether);
      title.textContent = stateTitle(node, is);
    }
    const sets = { moved, allowed, picked };
    for (const { label, keys } of this.labels) {
      const is = {};
      for (const [name, rules] of Object.entries(sets)) {
        is[name] = keys.some((key) => rules.has(key));
        label.classList.toggle(name, is[name]);
      }
      label.setAttribute("aria-label", `${label.textContent}: ${ruleTitle(is, label.dataset.text)}`);
      label.setAttribute("aria-pressed", String(is.picked));
    }
    for (const { line, labels } of new Set(this.labels.map(({ arc }) => arc))) {
      for (const name of Object.keys(sets)) {
        line.classList.toggle(
          name,
          labels.some((label) => label.classList.contains(name)),
        );
      }
    }
    if (news && !stillness.matches) this.travel(moved);
    this.follow(lit);
  }

  arc(arc) {
    const line = draw(
      "g",
      { class: "arc" },
      draw("path", { class: "line", d: pathText(arc.path) }),
      draw("polygon", { class: "head", points: headPoints(arc.path) }),
    );
    const known = { line, labels: [] };
    const label = draw("g", { class: "label" });
    const lines = labelLines(arc);
    lines.forEach((pieces, n) => {
      const y = arc.label[1] + (n - (lines.length - 1) / 2) * LINE;
      const line = draw("g", { class: "textline", transform: `translate(${arc.label[0]} ${y})` });
      line.append(...pieces.map(({ symbols, text: piece }) => this.rule(arc, known, symbols, piece)));
      label.append(line);
    });
    return { line, label };
  }

  /** What stands at an arc for some symbols: a button that picks the rule of the first. */
  rule(arc, known, symbols, text) {
    const shape = draw("text", { "dominant-baseline": "central" }, text);
    if (!symbols.length) {
      shape.setAttribute("x", BESIDE);
      return draw("g", { class: "more" }, shape);
    }
    const keys = symbols.map((symbol) => ruleKey(arc.source, symbol, arc.target));
    const [key] = keys;
    const read = symbols.length === 1 ? whole(symbols[0]) : text;
    const title = `${whole(arc.source)} –${read}→ ${whole(arc.target)}`;
    const label = draw(
      "g",
      { "data-rule": key, "data-text": title, role: "button", tabindex: -1, onclick: () => this.pick(key) },
      draw("rect", { class: "hit", y: -12, height: 24 }),
      draw("rect", { class: "box", y: -12, height: 24, rx: 5 }),
      shape,
    );
    this.labels.push({ label, arc: known, keys });
    known.labels.push(label);
    if (arc.symbols.length === 1) known.line.addEventListener("click", () => this.pick(key));
    return label;
  }

  /** Text that can be read where the picture is shown smaller than it was laid out. */
  fit() {
    if (!this.drawing || !this.svg.clientWidth) return;
    const scale = this.svg.clientWidth / this.drawing.width;
    this.svg.style.setProperty(
      "--text",
      `${Math.min(LARGEST_TEXT, Math.max(SMALLEST_TEXT, SMALLEST_TEXT / scale)).toFixed(1)}px`,
    );
    this.spread();
  }

  /** Set the pieces of each line of text side by side, now that they can be measured. */
  spread() {
    for (const line of this.svg.querySelectorAll(".textline")) {
      const pieces = [...line.children];
      const widths = pieces.map((piece) => piece.querySelector("text").getComputedTextLength());
      let x = -widths.reduce((sum, width) => sum + width, 0) / 2;
      pieces.forEach((piece, n) => {
        piece.setAttribute("transform", `translate(${x} 0)`);
        const wide = Math.max(24, widths[n] * 1.08 + 8); // bold is wider
        const widthOf = { ".hit": wide, ".box": pieces.length > 1 ? widths[n] + 2 * BESIDE : wide };
        for (const [kind, width] of Object.entries(widthOf)) {
          piece.querySelector(kind)?.setAttribute("x", (widths[n] - width) / 2);
          piece.querySelector(kind)?.setAttribute("width", width);
        }
        x += widths[n];
      });
    }
  }

  node(node) {
    const { radius } = this.drawing;
    const title = draw("title", {}, whole(node.id));
    const group = draw(
      "g",
      { class: "state", "data-state": node.id, transform: `translate(${node.x} ${node.y})` },
      title,
      draw("circle", { class: "halo", r: radius + 5 }),
      draw("circle", { class: "body", r: radius }),
      node.accept ? draw("circle", { class: "inner", r: radius - 4 }) : null,
      ...(node.output
        ? [fitted(node.id, radius, -8), bar(radius), fitted(node.output, radius, 11)]
        : [fitted(node.id, radius, 0)]),
      node.start ? startArrow(node, radius) : null,
      draw("text", { class: "sign", x: radius * 0.85, y: -radius * 0.85, "text-anchor": "middle" }),
    );
    this.states.set(node.id, { group, title, node });
    return group;
  }

  travel(moved) {
    const made = this.labels.filter(({ keys }) => keys.some((key) => moved.has(key)));
    const arcs = new Set(made.map(({ arc }) => arc));
    for (const { line } of arcs) {
      const path = line.querySelector(".line");
      const dot = draw("circle", { class: "mover", r: 7 });
      this.svg.append(dot);
      const length = path.getTotalLength();
      const began = performance.now();
      const frame = (now) => {
        const share = Math.min(1, Math.max(0, now - began) / TRAVEL);
        const { x, y } = path.getPointAtLength(length * share * (2 - share));
        dot.setAttribute("cx", x);
        dot.setAttribute("cy", y);
        if (share < 1) requestAnimationFrame(frame);
        else dot.remove();
      };
      requestAnimationFrame(frame);
    }
  }

  /** Where the picture is wider than its place, keep what is lit in view. */
  follow(lit) {
    const box = this.svg.parentElement;
    const nodes = this.drawing.nodes.filter(({ id }) => lit.has(id));
    const fits = box.scrollWidth <= box.clientWidth + 1 && box.scrollHeight <= box.clientHeight + 1;
    if (!nodes.length || fits) return;
    const scale = this.svg.clientWidth / this.drawing.width;
    const middle = (axis) => (scale * nodes.reduce((sum, node) => sum + node[axis], 0)) / nodes.length;
    box.scrollTo({
      left: middle("x") - box.clientWidth / 2,
      top: middle("y") - box.clientHeight / 2,
      behavior: stillness.matches ? "auto" : "smooth",
    });
  }

  /** One stop of the Tab key: arrows go from rule to rule, Enter picks. */
  key(event) {
    const labels = this.labels.map(({ label }) => label);
    const here = labels.indexOf(document.activeElement);
    if (here < 0 || event.shiftKey) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = labels[(here + step + labels.length) % labels.length];
      labels[here].setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    } else if (event.key === "Enter" || event.key === " ") this.pick(labels[here].dataset.rule);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function stateTitle(node, { on, astray, missed }) {
  const kinds = [
    ...(node.start ? ["start"] : []),
    ...(node.accept ? ["a string may end here"] : []),
    ...(on ? ["possible now"] : []),
    ...(astray ? ["the network is here by mistake"] : []),
    ...(missed ? ["possible now, but the network has lost it"] : []),
  ];
  return `${whole(node.id)}${kinds.length ? `: ${kinds.join(", ")}` : ""}`;
}

function ruleTitle({ moved, allowed }, text) {
  return `rule ${text}${moved ? ", the move just made" : ""}${allowed ? ", may come next" : ""}`;
}

/** A name as large as its circle lets it be; above and below the bar of a state with an output it is smaller. */
function fitted(name, radius, y) {
  const text = shown(name, 12);
  const [room, largest] = y ? [1.7 * radius - 6, 15] : [2 * radius - 6, 18];
  const element = draw("text", { y, "text-anchor": "middle", "dominant-baseline": "central" }, text);
  const size = Math.min(largest, room / (0.58 * Math.max(1, [...text].length)));
  element.style.fontSize = `${Math.max(10, size).toFixed(1)}px`;
  return element;
}

function bar(radius) {
  return draw("path", { class: "bar", d: `M${4 - radius} 1H${radius - 4}` });
}

function startArrow(node, radius) {
  const [x, y] = node.entry ? [node.entry[0] - node.x, node.entry[1] - node.y] : [-radius - 22, 0];
  const length = Math.hypot(x, y) || 1;
  const tip = [(x / length) * radius, (y / length) * radius];
  return draw(
    "g",
    { class: "start" },
    draw("path", { d: `M${x} ${y}L${tip[0]} ${tip[1]}` }),
    draw("polygon", { points: headPoints([[x, y], [x, y], [x, y], tip]) }),
  );
}

function pathText([first, ...rest]) {
  return `M${first.join(" ")}C${rest.map((point) => point.join(" ")).join(" ")}`;
}

/** A triangle at the end of a path, along its last direction. */
function headPoints(path) {
  const [tipX, tipY] = path.at(-1);
  const before = [...path].reverse().find(([x, y]) => Math.hypot(x - tipX, y - tipY) > 1) ?? [tipX - 1, tipY];
  const length = Math.hypot(tipX - before[0], tipY - before[1]);
  const [dx, dy] = [(tipX - before[0]) / length, (tipY - before[1]) / length];
  const [baseX, baseY] = [tipX - HEAD * dx, tipY - HEAD * dy];
  const half = HEAD * 0.42;
  return [
    [tipX, tipY],
    [baseX - half * dy, baseY + half * dx],
    [baseX + half * dy, baseY - half * dx],
  ].join(" ");
}

/** The texts of an arc on a few lines, each piece with its symbols; the last line counts those that had no room. */
function labelLines({ symbols, texts }) {
  const lines = [[]];
  let width = 0;
  for (const [first, end] of ranges(texts)) {
    const text = end - first > 1 ? `${texts[first]}–${texts[end - 1]}` : texts[first];
    if (width && width + text.length + 2 > WIDEST) {
      if (lines.length === LINES) {
        const more = { symbols: symbols.slice(first), text: `… (+${texts.length - first})` };
        lines.at(-1).push({ symbols: [], text: ", " }, more);
        break;
      }
      lines.at(-1).push({ symbols: [], text: "," });
      lines.push([]);
      width = 0;
    } else if (width) lines.at(-1).push({ symbols: [], text: ", " });
    lines.at(-1).push({ symbols: symbols.slice(first, end), text });
    width += text.length + 2;
  }
  return lines;
}
