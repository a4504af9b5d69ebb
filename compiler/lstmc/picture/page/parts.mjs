// The parts of a step as rows of cells, in the order in which data flows; every number can be picked.

import { make, say } from "./dom.mjs";
import { short } from "./numbers.mjs";
import { purposeOf } from "./formulas.mjs";
import { columnsOf } from "./machine.mjs";
import { shown, whole } from "./strings.mjs";

const TIGHT = 9; // characters of a name that is not broken
const SMALL = 0.0005;

const TITLES = { cells: "memory cell", symbols: "symbol", outputs: "output" };
const NAMES = { output: "what it says" };

/** The tables; pick(part, n) is called for a number, pick(part, null) for a whole row. */
export class Parts {
  constructor(box, pick) {
    this.box = box;
    this.pick = pick;
    this.cells = new Map(); // "part|n" → td
    this.heads = new Map(); // part → th
    this.layout = "";
    box.addEventListener("click", (event) => this.chosen(event.target.closest("[data-cell], th[data-part]")));
    box.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * machine; parts: name → numbers or null; columns: numbers of the cells to show; reached(part, n): whether that is
   * computed already; picked: { part, index }; on: cells that are on; lit: cells of a picked rule; wrong: symbols.
   */
  show(view) {
    const layout = JSON.stringify([view.machine.about.name, view.machine.about.cell, view.columns]);
    if (layout !== this.layout) this.build(view);
    this.layout = layout;
    for (const [part, kind] of view.machine.rows) {
      for (const n of this.columnsFor(view, kind)) this.number(view, part, n);
      this.heads.get(part).classList.toggle("picked", view.picked?.part === part && view.picked.index === null);
    }
    for (const head of this.box.querySelectorAll("thead [data-column]")) {
      const k = Number(head.dataset.column);
      head.classList.toggle("on", view.on.has(k));
      head.classList.toggle("lit", view.lit.has(k));
    }
    this.reachable(view);
  }

  columnsFor(view, kind) {
    return kind === "cells" ? view.columns : columnsOf(view.machine, kind).map((_, n) => n);
  }

  /** One table for each run of rows that have the same columns. */
  build(view) {
    this.cells.clear();
    this.heads.clear();
    const tables = [];
    for (const [part, kind] of view.machine.rows) {
      if (tables.at(-1)?.dataset.kind !== kind) tables.push(this.table(view, kind));
      tables.at(-1).tBodies[0].append(this.row(view, part, kind));
    }
    const frames = tables.map((table) => make("div", { class: "frame" }, table));
    this.box.querySelectorAll(".frame").forEach((old) => old.remove());
    this.box.prepend(...frames);
    this.focus = null;
  }

  table(view, kind) {
    const names = columnsOf(view.machine, kind);
    const heads = this.columnsFor(view, kind).map((n) =>
      make(
        "th",
        { scope: "col", class: tight(names[n]), title: whole(names[n]), "data-column": kind === "cells" ? n : null },
        make("bdi", {}, shown(names[n], 20)),
      ),
    );
    const corner = make("th", { scope: "col", class: "corner" }, TITLES[kind]);
    return make(
      "table",
      { role: "grid", "data-kind": kind, "aria-label": `parts by ${TITLES[kind]}` },
      make("thead", {}, make("tr", {}, corner, ...heads)),
      make("tbody"),
    );
  }

  row(view, part, kind) {
    const head = make(
      "th",
      { scope: "row", "data-part": part, tabindex: -1, title: purposeOf(part) },
      NAMES[part] ?? part,
    );
    this.heads.set(part, head);
    const cells = this.columnsFor(view, kind).map((n) => {
      const cell = make("td", { "data-cell": n, tabindex: -1 });
      this.cells.set(`${part}|${n}`, cell);
      return cell;
    });
    return make("tr", { "data-part": part }, head, ...cells);
  }

  number(view, part, n) {
    const cell = this.cells.get(`${part}|${n}`);
    const value = view.reached(part, n) ? view.parts[part]?.[n] : undefined;
    const known = value !== undefined;
    if (known) cell.dataset.value = String(value);
    else delete cell.dataset.value;
    cell.title = known ? String(value) : "not computed yet";
    say(cell, known ? written(view, part, n, value) : "·");
    cell.classList.toggle("empty", !known || Math.abs(value) < SMALL);
    cell.classList.toggle("minus", known && value < 0);
    cell.classList.toggle("lit", view.lit.has(n) && cell.closest("table").dataset.kind === "cells");
    cell.classList.toggle("wrong", known && view.wrong.has(n) && (part === "prediction" || part === "readout"));
    cell.style.setProperty("--amount", known ? shade(view, part, value) : 0);
    const picked = view.picked?.part === part && view.picked.index === n;
    cell.classList.toggle("picked", picked);
    cell.setAttribute("aria-selected", String(picked));
  }

  /** The places of picked and wired numbers on the screen: part and n → element. */
  element(part, n) {
    return this.cells.get(`${part}|${n}`);
  }

  chosen(element) {
    if (!element) return;
    const part = element.closest("tr").dataset.part;
    this.stop(element);
    this.pick(part, element.dataset.cell === undefined ? null : Number(element.dataset.cell));
  }

  /** The one element that the Tab key stops at: the picked one, or where the arrow keys have led. */
  reachable(view) {
    if (this.focus?.isConnected) return;
    const picked = view.picked && this.cells.get(`${view.picked.part}|${view.picked.index}`);
    this.stop(picked ?? this.heads.values().next().value);
  }

  stop(element) {
    this.focus?.setAttribute("tabindex", "-1");
    this.focus = element;
    element.setAttribute("tabindex", "0");
  }

  /** Arrows go from number to number, Home and End to the ends of a row, Enter and Space pick. */
  key(event) {
    const here = event.target.closest("td, th[data-part]");
    if (!here || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...this.box.querySelectorAll("tbody tr")];
    const row = rows.indexOf(here.parentElement);
    const column = [...here.parentElement.children].indexOf(here);
    const to = (r, c) => {
      const line = rows[Math.min(rows.length - 1, Math.max(0, r))].children;
      const next = line[Math.min(line.length - 1, Math.max(0, c))];
      this.stop(next);
      next.focus();
    };
    const moves = {
      ArrowRight: () => to(row, column + 1),
      ArrowLeft: () => to(row, column - 1),
      ArrowDown: () => to(row + 1, column),
      ArrowUp: () => to(row - 1, column),
      Home: () => to(row, 0),
      End: () => to(row, Infinity),
      Enter: () => this.chosen(here),
      " ": () => this.chosen(here),
    };
    if (!moves[event.key]) return;
    moves[event.key]();
    event.preventDefault();
    event.stopPropagation();
  }
}

function written(view, part, n, value) {
  const sign = view.wrong.has(n) && part === "prediction" ? " ⚠" : "";
  if (part === "selection") return value ? "▲" : "";
  if (part === "prediction" && !view.machine.about.options.probabilities) return (value ? "yes" : "no") + sign;
  return short(value) + sign;
}

/** Short names stay on one line. */
function tight(name) {
  return name.length <= TIGHT ? "tight" : null;
}

/** How dark a number is shown: from 0 to 1. */
function shade(view, part, value) {
  if (Number.isNaN(value)) return 0;
  const scale = part === "readout" ? view.machine.scale : part === "output" ? 16 : 1;
  return Math.min(1, Math.abs(value) / scale).toFixed(3);
}
