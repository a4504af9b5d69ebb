// What the page says in sentences, on the screen and to screen readers.

import { nameOf } from "./formulas.mjs";
import { allowedBy } from "./machine.mjs";
import { listed, whole } from "./strings.mjs";

/** Whether the string so far is accepted, alive or dead, as the network says. */
export function outlook({ machine, ended }, state, right) {
  const allowed = allowedBy(machine, state);
  const onward = allowed.slice(0, -1).some(Boolean);
  if (ended) return "The network has ended the string.";
  if (allowed.at(-1))
    return onward ? "Accepted: the string may end here, or go on." : "Accepted: a whole string, which ends here.";
  if (onward) return "Alive: the beginning of a string, which cannot end here.";
  return right.some(Boolean) ? "The network allows nothing here." : "Dead: no string of the grammar begins like this.";
}

/** Where the grammar is, and where the network's memory is wrong about it. */
export function whereabouts({ lit, missed, astray }) {
  const names = (states, last) => listed([...states].map(whole), last);
  const truth = [...lit, ...missed];
  const here = truth.length
    ? `Now in ${names(truth, "or")}.`
    : "In no state: no string of the grammar begins like this.";
  const lost = missed.size ? ` The network's memory has lost ${names(missed, "and")}.` : "";
  return here + lost + (astray.size ? ` The network's memory says ${names(astray, "and")}, and is wrong.` : "");
}

/** One step for somebody who hears the page. */
export function spoken(session, { state }, where) {
  const { machine, position, tokens, detail, history } = session;
  const read = `Symbol ${position} of ${tokens.length}: ${whole(session.alphabet[tokens[position - 1]] ?? "")}.`;
  const allowed = allowedBy(machine, state).flatMap((is, x) => (is ? [whole(machine.symbols[x])] : []));
  const pieces = [
    position ? read : "Before the first symbol.",
    detail !== "whole" && position ? `Shown up to ${lastPiece(session)}.` : "",
    where,
    allowed.length ? `Next ${listed(allowed)}.` : "Nothing may come next.",
    machine.outputs.length && position ? `Output ${whole(machine.output(state) ?? "none")}.` : "",
    history.wrongAt(history.at(position)).length ? "This prediction is wrong." : "",
    session.ended ? "The network has ended the string." : "",
  ];
  return pieces.filter(Boolean).join(" ");
}

function lastPiece(session) {
  const { detail, machine, walk, position } = session;
  if (detail === "part") return machine.rows[walk.shown - 1][0];
  const { part, index } = session.order(position)[walk.shown - 1];
  return nameOf(machine, part, index);
}
