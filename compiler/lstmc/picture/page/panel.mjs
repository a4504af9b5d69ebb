// What is picked, explained: its formula in symbols, with numbers and in words, and the rules that put it there.

import { make } from "./dom.mjs";
import { formulaLines, purposeOf, titleOf, wordsOf } from "./formulas.mjs";
import { whole } from "./strings.mjs";

const MOST_RULES = 60;

/** Fill the panel. picked: { part, index } or { rule } or null; actions: pickRule(rule), pick(part, n), letGo(). */
export function showPanel(panel, view, actions) {
  const focused = panel.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  panel.replaceChildren(...contents(view, actions));
  if (focused) [...panel.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === focused)?.focus();
}

function contents(view, actions) {
  const { picked } = view;
  if (!picked) {
    const where = view.rules.length
      ? "a number, the name of a row, or a rule in the graph"
      : "a number or the name of a row";
    return [make("p", { class: "quiet" }, `Pick ${where}: its formula appears here, and wires show what it reads.`)];
  }
  const close =
    view.held &&
    make("button", { type: "button", class: "close", "data-key": "close", onclick: actions.letGo }, "Let go");
  const about = picked.rule
    ? aboutRule(view, picked.rule, actions)
    : picked.index === null
      ? aboutPart(view, picked.part)
      : aboutNumber(view, picked, actions);
  return [...about, close].filter(Boolean);
}

function aboutPart({ machine }, part) {
  const shape = machine.formulas[part]?.shape;
  return [
    make("h3", {}, part),
    make("p", {}, purposeOf(part)),
    ...(shape ? [make("p", { class: "formula" }, shape)] : []),
  ];
}

function aboutNumber({ machine, weights, parts, known, damaged }, { part, index }, actions) {
  const lines = known ? formulaLines(machine, weights, parts, part, index) : [];
  const words = known || machine.gates.includes(part) ? wordsOf(machine, known ? parts : {}, part, index) : "";
  const kind = machine.rows.find(([each]) => each === part)[1];
  const rules = kind === "cells" ? machine.cells[index].rules : [];
  const title = make("h3", {}, `${part} of `, make("bdi", {}, whole(titleOf(machine, part, index))));
  const note = damaged && machine.gates.includes(part) ? " (before the damage)" : "";
  return [
    title,
    make("p", { class: "quiet" }, purposeOf(part)),
    lines.length
      ? make("p", { class: "formula" }, ...lines.flatMap((line) => [make("span", { class: "line" }, `= ${line}`)]))
      : null,
    words ? make("p", { class: "words" }, `In words: ${words}${note}.`) : null,
    rules.length ? ruleList("The rules that put it there:", rules, actions) : null,
  ].filter(Boolean);
}

function ruleList(title, rules, actions) {
  const buttons = rules
    .slice(0, MOST_RULES)
    .map((rule) =>
      make(
        "li",
        {},
        make("button", { type: "button", "data-key": rule, onclick: () => actions.pickRule(rule) }, whole(rule)),
      ),
    );
  const more = rules.length > MOST_RULES ? make("li", {}, `and ${rules.length - MOST_RULES} more`) : null;
  return make("div", { class: "rules" }, make("p", {}, title), make("ul", {}, ...buttons, more));
}

function aboutRule({ machine }, rule, actions) {
  const cells = machine.cells.flatMap((cell, k) => (cell.rules.includes(rule) ? [k] : []));
  const buttons = cells.map((k) =>
    make(
      "li",
      {},
      make(
        "button",
        { type: "button", "data-key": `cell ${k}`, onclick: () => actions.pick("memory", k) },
        whole(machine.cells[k].name),
      ),
    ),
  );
  const title = make("h3", {}, "rule ", make("bdi", {}, whole(rule)));
  if (!cells.length) return [title, make("p", {}, "No memory cell comes from this rule.")];
  const count = cells.length === 1 ? "One memory cell comes" : `${cells.length} memory cells come`;
  return [
    title,
    make("p", {}, `${count} from this rule, lit in the tables:`),
    make("ul", { class: "chips" }, ...buttons),
  ];
}
