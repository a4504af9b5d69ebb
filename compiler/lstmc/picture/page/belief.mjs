// What the network's memory says about the grammar's state, against the truth.

import { cellsOn } from "./machine.mjs";

/**
 * lit: states that are possible and remembered; missed: possible only; astray: remembered only.
 * A cell may stand for several states that cannot be told apart: then it is right where one of them is possible.
 */
export function belief(machine, state, truth, position) {
  const possible = new Set(truth);
  if (position === 0) return { lit: possible, missed: new Set(), astray: new Set() }; // nothing is remembered yet
  const remembered = cellsOn(machine, state)
    .map((k) => machine.cells[k].states)
    .filter(({ length }) => length);
  const lit = new Set(remembered.flatMap((states) => states.filter((id) => possible.has(id))));
  const astray = new Set(remembered.filter((states) => !states.some((id) => possible.has(id))).flat());
  return { lit, astray, missed: new Set(truth.filter((id) => !lit.has(id))) };
}

/** The cells whose memory tells most now: those that are on, and the strongest of those that should be. */
export function tellingCells(machine, state, truth) {
  const size = (k) => Math.abs(state.memory[k]);
  const should = machine.cells.flatMap(({ states }, k) => (states.some((id) => truth.includes(id)) ? [k] : []));
  const strongest = should.sort((a, b) => size(b) - size(a)).slice(0, 1);
  const on = cellsOn(machine, state).filter((k) => machine.cells[k].state !== "");
  return [...new Set([...strongest, ...on])];
}
