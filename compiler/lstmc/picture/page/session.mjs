// Somebody's session with a network: string, place, what is picked, what was damaged. There are no elements here.

import { NO_DAMAGE, isDamaged, runDamaged } from "./damage.mjs";
import { History } from "./history.mjs";
import { allowedBy, columnsOf, partsOf } from "./machine.mjs";
import { chosen } from "./numbers.mjs";
import { backward, onward, standing } from "./walk.mjs";
import { wiring } from "./wiring.mjs";

export const LONGEST = 200_000; // symbols of a string
export const ALL_SHOWN = 32; // cells of a network that is shown whole; of a larger one only some are
const WIRED = 12; // cells of a large network that are shown because a picked one reads them
const REMEMBERED = 0.5; // more memory than this is worth showing

/** machines: { own, seed }; follower: what judges the network. `changed` is called after every change. */
export class Session {
  constructor({ machines, follower, changed }) {
    Object.assign(this, { machines, follower, changed });
    this.detail = "whole"; // a symbol is shown at once, "part" by part, or "cell" by cell
    this.picked = null; // { part, index }, index null for a whole row; or { rule }
    this.everyCell = false;
    this.ended = false; // whether the network has ended the string
    this.news = false; // whether a move was just made
    this.walk = { position: 0, shown: 1 };
    this.units = this.units.bind(this);
    this.build(NO_DAMAGE, []);
  }

  get position() {
    return this.walk.position;
  }

  get tokens() {
    return this.history.tokens;
  }

  get alphabet() {
    return this.machine.alphabet;
  }

  get damaged() {
    return isDamaged(this.damage);
  }

  build(damage, tokens) {
    this.damage = damage;
    this.machine = damage.seed && this.machines.seed ? this.machines.seed : this.machines.own;
    const run = runDamaged(this.machine, damage);
    this.history = new History({ machine: this.machine, run, follower: this.follower, allowedBy }, tokens);
    const kind = this.picked?.part && this.kindOf(this.picked.part);
    const gone = this.picked?.part && (!kind || this.picked.index >= columnsOf(this.machine, kind).length);
    if (gone) this.picked = null;
  }

  // ---- what there is to see

  /** What the numbers of a part belong to: cells, symbols or outputs. */
  kindOf(part) {
    return this.machine.rows.find(([name]) => name === part)?.[1];
  }

  /** The step that is shown: the network's state, the grammar's, every part, and how much of that is shown already. */
  view() {
    const { position, tokens, history } = this;
    const step = history.at(position);
    const before = position ? history.at(position - 1).state : null;
    const read = position ? tokens[position - 1] : undefined;
    return {
      ...step,
      parts: partsOf(this.machine, before, step.state, read, tokens[position]),
      reached: this.reached(),
    };
  }

  /** Whether a number is shown already: a function of part and n. */
  reached() {
    if (this.position === 0 || this.detail === "whole") return () => true;
    const names = this.machine.rows.map(([part]) => part);
    if (this.detail === "part") return (part) => names.indexOf(part) < this.walk.shown;
    const shown = new Set(
      this.order(this.position)
        .slice(0, this.walk.shown)
        .map(({ part, index }) => `${part}|${index}`),
    );
    return (part, n) => shown.has(`${part}|${n}`);
  }

  /** What is looked at: what is picked, else what was computed last where a symbol is shown piece by piece. */
  focus() {
    const { position, shown } = this.walk;
    if (this.picked || this.detail === "whole" || position === 0 || shown === this.units(position)) return this.picked;
    return this.detail === "part"
      ? { part: this.machine.rows[shown - 1][0], index: null }
      : this.order(position)[shown - 1];
  }

  /** How many pieces the step at a position is shown in. */
  units(position) {
    if (this.detail === "whole" || position === 0) return 1;
    return this.detail === "part" ? this.machine.rows.length : this.order(position).length;
  }

  /** Every number of a step in the order in which it is computed. */
  order(position) {
    const columns = this.columns(position);
    return this.machine.rows.flatMap(([part, kind]) =>
      (kind === "cells" ? columns : columnsOf(this.machine, kind).map((_, n) => n)).map((index) => ({ part, index })),
    );
  }

  /** The cells that have a column. */
  columns(position) {
    const { machine, history, picked } = this;
    if (machine.cells.length <= ALL_SHOWN || this.everyCell) return machine.cells.map((_, k) => k);
    const memories = [history.at(Math.max(0, position - 1)).state.memory, history.at(position).state.memory];
    const wanted = new Set(
      memories.flatMap((memory) => memory.flatMap((v, k) => (Math.abs(v) > REMEMBERED ? [k] : []))),
    );
    if (this.detail !== "cell") for (const k of this.pickedCells(picked)) wanted.add(k);
    return [...wanted].sort((a, b) => a - b);
  }

  /** The cells that are shown because of what is picked: those of a rule, or one with some that it reads. */
  pickedCells(picked) {
    if (picked?.rule)
      return this.machine.cells.flatMap(({ rules }, k) => (rules.includes(picked.rule) ? [k] : [])).slice(0, ALL_SHOWN);
    if (!picked?.part || picked.index === null) return [];
    const { terms } = wiring(this.machine, this.history.run.weights, picked.part, picked.index);
    const read = terms.filter(({ part }) => this.kindOf(part) === "cells").slice(0, WIRED);
    return [...(this.kindOf(picked.part) === "cells" ? [picked.index] : []), ...read.map(({ index }) => index)];
  }

  // ---- what can be done

  go(position) {
    const to = Math.min(this.tokens.length, Math.max(0, position));
    this.news = to === this.position + 1;
    this.ended = false;
    this.walk = standing(to, this.units);
    this.changed();
  }

  /** One symbol, part or number further; whether there was one. */
  step() {
    const next = onward(this.walk, this.tokens.length, this.units);
    if (next.position === this.walk.position && next.shown === this.walk.shown) return false;
    this.news = next.position !== this.position;
    this.walk = next;
    this.changed();
    return true;
  }

  back() {
    this.walk = backward(this.walk, this.units);
    this.ended = false;
    this.changed();
  }

  /** Whether nothing is left to be shown. */
  get atEnd() {
    return this.position === this.tokens.length && this.walk.shown === this.units(this.position);
  }

  load(tokens, position) {
    this.history = this.history.follow(tokens.slice(0, LONGEST));
    this.ended = false;
    this.walk = standing(Math.min(position, this.tokens.length), this.units);
    this.changed();
  }

  /** Another string is typed: stay where one stands as far as its beginning is the same; at the end, follow it. */
  type(tokens) {
    let common = 0;
    while (common < this.position && tokens[common] === this.tokens[common]) common++;
    const follows = this.position > 0 && this.position === this.tokens.length && common === this.position;
    this.load(tokens, follows ? tokens.length : common);
  }

  /** Write a symbol where one stands; what stood behind goes, unless it begins like this. */
  write(x) {
    const { position, tokens } = this;
    if (tokens[position] !== x)
      this.history = this.history.follow([...tokens.slice(0, Math.min(position, LONGEST - 1)), x]);
    this.ended = false;
    this.news = true;
    this.walk = { position: Math.min(position + 1, this.tokens.length), shown: 1 };
    this.changed();
  }

  /** Let the network choose of what it allows, by its probabilities; share: a random number from 0 to 1. Whether it
   * wrote a symbol. */
  choose(share) {
    const { state } = this.history.at(this.position);
    const allowed = allowedBy(this.machine, state);
    if (!allowed.some(Boolean)) return false;
    const weights = this.machine.probabilities(state) ?? allowed.map(Number);
    const x = chosen(weights.map((weight, n) => (allowed[n] ? weight : 0)), share);
    if (x < this.alphabet.length) {
      this.write(x);
      return true;
    }
    this.history = this.history.follow(this.tokens.slice(0, this.position));
    this.ended = true;
    this.changed();
    return false;
  }

  /** Pick something, or let it go where it is picked already. */
  pick(next) {
    const { picked } = this;
    const same = picked && picked.part === next.part && picked.index === next.index && picked.rule === next.rule;
    this.picked = same ? null : next;
    this.walk.shown = Math.min(this.walk.shown, this.units(this.position));
    this.changed();
  }

  letGo() {
    this.picked = null;
    this.changed();
  }

  show({ detail = this.detail, everyCell = this.everyCell }) {
    Object.assign(this, { detail, everyCell });
    this.walk = standing(this.position, this.units);
    this.changed();
  }

  setDamage(damage) {
    this.build(damage, this.tokens);
    this.walk = standing(this.position, this.units);
    this.changed();
  }
}
