// Everything that is seen, from a session: each part of the page has a function here that brings it up to date.

import { belief, tellingCells } from "./belief.mjs";
import { drawChart } from "./chart.mjs";
import { one, say } from "./dom.mjs";
import { EPSILON, Graph, ruleKey } from "./graph.mjs";
import { allowedBy, cellsOn } from "./machine.mjs";
import { neighbourhood } from "./neighbourhood.mjs";
import { short } from "./numbers.mjs";
import { showPanel } from "./panel.mjs";
import { Parts } from "./parts.mjs";
import { ALL_SHOWN } from "./session.mjs";
import { Tape } from "./tape.mjs";
import { showTruth, truthNow } from "./truth.mjs";
import { drawWires } from "./wires.mjs";
import { wiring } from "./wiring.mjs";
import { outlook, spoken, whereabouts } from "./words.mjs";

export const WHOLE_GRAPH = 40; // states of a graph that is shown whole at first
const BUSY = 600; // milliseconds between steps below which a screen reader hears only some

/** The page's views of a session. data: what page.py wrote. */
export class Display {
  constructor(data, session) {
    Object.assign(this, { data, session, heard: 0, rewire: () => {}, redraw: () => {} });
    const pick = (part, index) => session.pick({ part, index });
    this.tape = new Tape(one("tape"), (position) => session.go(position));
    this.parts = new Parts(one("parts"), pick);
    this.actions = { pick, pickRule: (rule) => session.pick({ rule }), letGo: () => session.letGo() };
    this.graph = data.grammar ? new Graph(one("graph"), (key) => this.pickKey(key)) : null;
    new ResizeObserver(() => this.rewire()).observe(one("parts"));
    new ResizeObserver(() => this.redraw()).observe(one("chart"));
  }

  /** Bring everything up to date; playing: whether steps follow by themselves. */
  show(playing) {
    const view = this.session.view();
    view.truthStates = this.session.follower.states(view.truth);
    view.belief = belief(this.session.machine, view.state, view.truthStates, this.session.position);
    this.showTape();
    this.showControls(playing);
    this.showAlphabet(view);
    this.showParts(view);
    this.showGraph(view);
    this.showTruth();
    this.showChart(view);
    this.speak(view, playing);
    this.session.news = false;
  }

  showTape() {
    const { tokens, position, history, machine, follower, ended, alphabet } = this.session;
    this.tape.show({
      symbols: tokens.map((x) => alphabet[x]),
      position,
      ended,
      firstWrong: history.firstWrong,
      outcome(n) {
        if (n === 0 || n > history.reached) return {};
        const allowed = follower.allowed(history.at(n - 1).truth);
        const left = !allowed[tokens[n - 1]] && allowed.some(Boolean);
        return { left, output: machine.outputs.length ? (machine.output(history.at(n).state) ?? "") : "" };
      },
    });
  }

  showControls(playing) {
    const { tokens, position } = this.session;
    one("scrubber").max = String(tokens.length);
    one("scrubber").value = String(position);
    one("scrubber").setAttribute("aria-valuetext", `${position} of ${tokens.length} symbols read`);
    say(one("position"), `${position} / ${tokens.length}`);
    say(one("play"), playing ? "Pause" : "Play");
    one("play").setAttribute("aria-pressed", String(playing));
  }

  showAlphabet({ state, truth }) {
    const { machine, follower } = this.session;
    const allowed = allowedBy(machine, state);
    const chances = machine.probabilities(state);
    [...one("alphabet").children].forEach((button, x) => {
      button.classList.toggle("allowed", allowed[x]);
      say(button.querySelector("small"), !allowed[x] ? "–" : chances ? short(chances[x]) : "✓");
      say(button.querySelector(".unseen"), allowed[x] ? "may come next" : "may not come next");
    });
    say(one("outlook"), outlook(this.session, state, follower.allowed(truth)));
  }

  showParts(view) {
    const { session } = this;
    const { machine, picked, position } = session;
    const focus = session.focus();
    const columns = session.columns(position);
    this.parts.show({
      ...view,
      machine,
      columns,
      picked: focus?.part ? focus : null,
      on: new Set(cellsOn(machine, view.state)),
      lit: new Set(
        picked?.rule ? machine.cells.flatMap(({ rules }, k) => (rules.includes(picked.rule) ? [k] : [])) : [],
      ),
      wrong: new Set(session.history.wrongAt(view)),
    });
    one("every-cell").hidden = machine.cells.length <= ALL_SHOWN;
    const hidden = columns.length < machine.cells.length;
    const which = "those that are on, change or are picked";
    say(one("hidden-cells"), hidden ? `${columns.length} of ${machine.cells.length} cells are shown: ${which}.` : "");
    const known = focus?.part && focus.index !== null && view.reached(focus.part, focus.index);
    const about = {
      ...view,
      machine,
      weights: session.history.run.weights,
      known,
      picked: focus,
      held: Boolean(picked),
    };
    showPanel(
      one("formula-content"),
      { ...about, damaged: session.damaged, rules: this.data.grammar?.rules ?? [] },
      this.actions,
    );
    this.wire(focus, view);
  }

  wire(focus, { parts, reached }) {
    const { machine, history } = this.session;
    const target = focus?.part && focus.index !== null ? this.parts.element(focus.part, focus.index) : undefined;
    const terms = target ? wiring(machine, history.run.weights, focus.part, focus.index).terms : [];
    const reads = terms.flatMap(({ part, index, weight }) => {
      const element = this.parts.element(part, index);
      return element ? [{ element, weight, value: reached(part, index) ? parts[part]?.[index] : 0 }] : [];
    });
    this.rewire = () => drawWires(one("wires"), one("parts"), reads, target);
    this.rewire();
  }

  showGraph({ truth, belief: { lit, missed, astray } }) {
    if (!this.graph) return;
    const { session, data } = this;
    const { grammar } = data;
    const everything = data.drawing && (grammar.states.length <= WHOLE_GRAPH || one("whole-graph").checked);
    this.graph.show(everything ? data.drawing : this.around(truth));
    const keys = (moves) => new Set(moves.flatMap((move) => this.keysOf(move)));
    const rules = this.rulesPicked();
    this.graph.light({
      lit,
      astray,
      missed,
      moved: keys(truth.passed),
      allowed: keys(session.follower.moves(truth)),
      picked: keys(grammar.moves.filter((move) => rules.includes(grammar.rules[move[4]]))),
      news: session.news,
    });
    say(one("where"), whereabouts({ lit, missed, astray }));
  }

  /** The neighbourhood, the same object for the same place: it is then not drawn again. */
  around(truth) {
    if (this.lastTruth !== truth)
      this.lastDrawing = neighbourhood(this.data.grammar, this.session.alphabet, this.data.grammar.outputs, truth);
    this.lastTruth = truth;
    return this.lastDrawing;
  }

  /** Of a move, and of all arrows of a drawing that it goes along: first those that read nothing. */
  keysOf([source, symbol, target, , rule]) {
    const { states, rules, via } = this.data.grammar;
    const way = via[rules[rule]] ?? [states[source]];
    const silent = way.slice(1).map((state, n) => ruleKey(way[n], EPSILON, state));
    return [states[source], way.at(-1)]
      .map((last) => ruleKey(last, this.session.alphabet[symbol], states[target]))
      .concat(silent);
  }

  pickKey(key) {
    const { moves, rules } = this.data.grammar;
    const move = moves.find((each) => this.keysOf(each).includes(key));
    if (move) this.session.pick({ rule: rules[move[4]] });
  }

  rulesPicked() {
    const { picked, machine } = this.session;
    if (picked?.rule) return [picked.rule];
    const cell = picked?.part && picked.index !== null && this.session.kindOf(picked.part) === "cells";
    return cell ? machine.cells[picked.index].rules : [];
  }

  showTruth() {
    const { damage, damaged, history, position, tokens, machines } = this.session;
    const { dtype } = machines.own.about;
    const proved = this.data.verdicts.find(({ contract, kind }) => contract === dtype && kind !== "refused");
    showTruth(
      { verdict: one("verdict"), margin: one("margin"), wrong: one("first-wrong"), checked: one("checked") },
      {
        now: truthNow(this.data.verdicts, dtype, damage, damaged),
        history,
        position,
        smallestProved: !damaged && proved ? proved.margin : null,
        total: tokens.length,
      },
    );
    document.documentElement.classList.toggle("damaged", damaged);
  }

  showChart({ state, truthStates }) {
    const { session } = this;
    const { picked, machine, history, position } = session;
    const cell = picked?.part && picked.index !== null && session.kindOf(picked.part) === "cells";
    const cells = cell ? [picked.index] : tellingCells(machine, state, truthStates);
    const title = `${machine.watched[0].toUpperCase()}${machine.watched.slice(1)} over the string`;
    for (const id of ["chart-title", "chart-name"]) say(one(id), title);
    this.redraw = () => say(one("chart-words"), drawChart(one("chart"), { history, cells, position, machine }));
    this.redraw();
  }

  speak(view, playing) {
    const last = this.session.position === this.session.tokens.length;
    if (playing && !last && performance.now() - this.heard < BUSY) return;
    this.heard = performance.now();
    say(one("live"), spoken(this.session, view, this.graph ? one("where").textContent : ""));
  }
}
