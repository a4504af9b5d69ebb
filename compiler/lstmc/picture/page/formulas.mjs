// Formulas: in symbols, with the numbers of this step put in, and in words.

import { beforePart } from "./machine.mjs";
import { short, sumText, weightText } from "./numbers.mjs";
import { listed, shown } from "./strings.mjs";
import { wiring } from "./wiring.mjs";

const LONGEST = 24; // terms of a sum that are written out; of a longer one those that count now

const PURPOSES = {
  input: "The symbol just read: 1 at its place, 0 at all others.",
  "memory before": "What was remembered before this symbol.",
  "reader before": "What the cells showed before this symbol: this is what the gates read of each other.",
  eraser: "Tests the negative case for a state and resets it: 0 erases the memory, 1 keeps it.",
  writer: "Tests for a transition, and moves the memory to the new state.",
  "write filter": "Tests for false positives of the writer, and zeroes them.",
  memory: "What is remembered: the hidden state of the system that is observed.",
  "read filter": "Tests for false positives of the reader, and zeroes them.",
  reader: "Tests the memory, and so prepares the prediction.",
  readout: "The evidence for each symbol: it may come next where this is above the threshold.",
  output: "What the transducer says after this symbol: the line above 0.",
  prediction: "What may come next.",
  selection: "The symbol that does come next on the tape.",
};

/** What a part is for. */
export function purposeOf(part) {
  return PURPOSES[part] ?? "A part of the cell, which is computed as its formula says.";
}

/** The name of one number: eraser[5 by P]. */
export function nameOf(machine, part, n) {
  if (part === "input") return quoted(machine.alphabet[n] ?? machine.end);
  const named = part === beforePart(machine) && part !== "memory before" ? machine.shown : part;
  return `${named}[${shown(titleOf(machine, part, n))}]`;
}

/** Whose number it is: a cell, a symbol or an output. */
export function titleOf(machine, part, n) {
  const kind = machine.rows.find(([name]) => name === part)[1];
  return kind === "cells" ? machine.cells[n].name : (kind === "outputs" ? machine.outputs : machine.symbols)[n];
}

/** The lines of its formula, each after an equals sign: symbols, numbers put in, and what comes out. */
export function formulaLines(machine, weights, parts, part, n) {
  const value = parts[part]?.[n];
  const result = value === undefined ? [] : [short(value)];
  const read = wiring(machine, weights, part, n);
  const amount = (term) => parts[term.part]?.[term.index];
  const known = read.terms.every((term) => amount(term) !== undefined);
  if (read.kind === "sum") return [...sumLines(machine, read, amount, known && value !== undefined), ...result];
  const write = part === "prediction" ? predicted(machine, n) : read.text && ((texts) => filled(read.text, texts));
  if (!write) return result;
  const names = read.terms.map((term) => nameOf(machine, term.part, term.index));
  const numbers = known ? [write(read.terms.map((term) => short(amount(term))))] : [];
  return [write(names), ...numbers, ...result];
}

/** A formula with texts in their places: {0}, {1}, …, and the one for {sum}. */
function filled(text, texts, sum) {
  return text.replace(/\{(\w+)\}/g, (_, place) => (place === "sum" ? sum : texts[place]));
}

function predicted(machine, n) {
  if (machine.about.options.probabilities)
    return (readouts) => `exp(${readouts[n]}) / (${readouts.map((each) => `exp(${each})`).join(" + ")})`;
  return (readouts) => `${readouts[n]} > ${machine.threshold === 0.5 ? "½" : machine.threshold}`;
}

function sumLines(machine, { text, terms, names, bias }, amount, known) {
  const squash = text !== "{sum}";
  const called = names.map(({ part, index }) => nameOf(machine, part, index));
  const values = names.map((name) => (amount(name) === undefined ? "·" : short(amount(name))));
  const around = (inner, texts = values) => filled(text, texts, inner);
  const counting =
    terms.length <= LONGEST ? terms : terms.filter((term) => known && amount(term) !== 0).slice(0, LONGEST);
  const left = terms.length - counting.length;
  const more = left ? ` + … (${left} more, ${known ? "0 now" : "not listed"})` : "";
  const symbols = linear(
    counting.map(({ weight, ...from }) => [weight, termName(machine, from)]),
    bias,
    more,
  );
  if (!known) return [around(symbols, called)];
  const numbers = linear(
    counting.map((term) => [term.weight, short(amount(term)), true]),
    bias,
    "",
  );
  const total = terms.reduce((sum, term) => sum + term.weight * amount(term), bias);
  if (!terms.length) return squash ? [around(symbols, called)] : [];
  return [around(symbols, called), around(numbers), ...(squash ? [around(sumText(total))] : [])];
}

function termName(machine, { part, index }) {
  if (part === "input") return quoted(machine.alphabet[index]);
  return `${machine.shown}[${shown(machine.cells[index].name)}]`;
}

/** 512·T + 336·h[5 by P] − 640 */
function linear(terms, constant, more) {
  const pieces = terms.map(([weight, name, always]) => {
    const size = Math.abs(weight);
    return [
      weight < 0,
      size === 1 && !always ? name : `${weightText(size)}·${name.startsWith("−") ? `(${name})` : name}`,
    ];
  });
  if (constant !== 0 || pieces.length === 0) pieces.push([constant < 0, weightText(Math.abs(constant))]);
  const [[negative, first], ...rest] = pieces;
  return (negative ? "−" : "") + first + rest.map(([minus, text]) => ` ${minus ? "−" : "+"} ${text}`).join("") + more;
}

/** A symbol as it stands in a formula: quoted where it could be taken for something else. */
export function quoted(symbol) {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(symbol) ? shown(symbol) : `'${shown(symbol)}'`;
}

/** What it does, in words. */
export function wordsOf(machine, parts, part, n) {
  if (machine.gates.includes(part) || machine.words[part]) return machine.words[part]?.[n] ?? "";
  const name = quoted(titleOf(machine, part, n));
  const allowed = parts.readout[n] > machine.threshold;
  if (part === "memory") return memoryWords(machine, parts, n);
  if (part === "reader" && machine.rows.some(([name, kind]) => name === part && kind === "cells"))
    return "shows what it remembers, as far as its read filter lets it";
  if (part === "reader") return `adds up the cells of all states in which ${name} may come next`;
  if (part === "read filter") return "closes where no string of the grammar has this beginning";
  if (part === "readout") return `${name} ${allowed ? "may" : "may not"} come next`;
  if (part === "prediction") return `${name} ${allowed ? "may" : "may not"} come next`;
  if (part === "selection")
    return parts.selection[n] ? `${name} comes next on the tape` : `${name} does not come next here`;
  if (part === "output") return parts.output[n] > 0 ? `the network says ${name}` : `the network does not say ${name}`;
  if (part === "input") return parts.input[n] ? `${name} was read` : `${name} was not read`;
  return part.endsWith(" before") ? "what the step before has left" : "";
}

function memoryWords(machine, parts, n) {
  if (!["eraser", "writer", "write filter"].every((part) => machine.gates.includes(part))) return "";
  const before = parts["memory before"];
  if (!before) return "nothing is remembered before the first symbol";
  const kept = Math.abs(parts.eraser[n] * before[n]) > 0.5;
  const written = Math.abs(parts["write filter"][n] * parts.writer[n]) > 0.5;
  const done = [...(kept ? ["kept"] : []), ...(written ? ["written"] : [])];
  if (done.length) return `the memory is ${listed(done, "and")} at this symbol`;
  return Math.abs(before[n]) > 0.5 ? "the memory is erased at this symbol" : "nothing is kept, and nothing written";
}
