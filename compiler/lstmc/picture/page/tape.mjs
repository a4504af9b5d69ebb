// The tape: the string, symbol by symbol, with what was read, where one stands, and where something went wrong.

import { make, name } from "./dom.mjs";
import { shown, whole } from "./strings.mjs";

const WINDOW = 60; // symbols that are shown of a longer string

/** The symbols in an <ol>; go(position) is called when one is clicked. */
export class Tape {
  constructor(list, go) {
    this.list = list;
    list.addEventListener("click", (event) => {
      const cell = event.target.closest("[data-position]");
      if (cell) go(Number(cell.dataset.position));
    });
  }

  /**
   * symbols: names; position; outcomes: for each number of symbols read { output, left } as far as they are known;
   * firstWrong: a position or null; ended: whether the network has ended the string.
   */
  show({ symbols, position, outcome, firstWrong, ended }) {
    const first = Math.max(0, Math.min(position - WINDOW / 2, symbols.length - WINDOW));
    const last = Math.min(symbols.length, first + WINDOW);
    const cells = [];
    if (first === 0) cells.push(this.cell(0, "start", { position, firstWrong, ...outcome(0) }));
    else cells.push(more(`${first} more`));
    for (let n = first + 1; n <= last; n++) {
      cells.push(this.cell(n, symbols[n - 1], { position, firstWrong, ...outcome(n) }));
    }
    if (last < symbols.length) cells.push(more(`${symbols.length - last} more`));
    if (ended) cells.push(make("li", { class: "ended" }, "end"));
    this.list.replaceChildren(...cells);
    const current = this.list.querySelector("[aria-current]");
    if (current) {
      const box = this.list.parentElement;
      const left = current.offsetLeft - box.clientWidth / 2 + current.offsetWidth / 2;
      if (box.scrollWidth > box.clientWidth) box.scrollLeft = left;
    }
  }

  cell(n, symbol, { position, firstWrong, output, left }) {
    const marks = [
      ...(n === 0 ? ["start"] : []),
      ...(n <= position && n > 0 ? ["read"] : []),
      ...(left ? ["left"] : []),
    ];
    const wrong = n === firstWrong;
    const notes = [
      ...(wrong ? ["the first wrong prediction is made here"] : []),
      ...(left ? ["the grammar does not allow this symbol here"] : []),
    ];
    return make(
      "li",
      {
        class: marks.join(" "),
        "data-position": n,
        "data-first-wrong": wrong,
        "aria-current": n === position ? "step" : null,
        title: [n === 0 ? "before the first symbol" : `${n}: ${whole(symbol)}`, ...notes].join("; "),
      },
      n === 0 ? make("span", { class: "quiet" }, "start") : name(shown(symbol, 12)),
      output ? make("small", {}, `→ ${shown(output, 12)}`) : null,
      notes.length
        ? make("span", { class: "sign" }, wrong ? "⚠" : "✗", make("span", { class: "unseen" }, notes.join("; ")))
        : null,
    );
  }
}

function more(text) {
  return make("li", { class: "more" }, text);
}
