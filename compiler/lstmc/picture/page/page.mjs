// The page: one value says all that it shows, every action makes a new one, and `render` shows it.

import { drawChart } from "./chart.mjs";
import { NO_DAMAGE, isDamaged, runDamaged } from "./damage.mjs";
import { make, one, say } from "./dom.mjs";
import { grammarFollower, longLoop, networkFollower } from "./grammar.mjs";
import { Graph, ruleKey } from "./graph.mjs";
import { History } from "./history.mjs";
import { listenToKeys } from "./keys.mjs";
import { Lab } from "./lab.mjs";
import { allowedBy, cellsOn, columnsOf, machineOf, partsOf } from "./machine.mjs";
import { neighbourhood } from "./neighbourhood.mjs";
import { chosen, randomStream, short } from "./numbers.mjs";
import { showPanel } from "./panel.mjs";
import { ALL_SHOWN, Parts } from "./parts.mjs";
import { byCharacter, fromHash, joinString, listed, shown, splitString, toHash, whole } from "./strings.mjs";
import { Tape } from "./tape.mjs";
import { listVerdicts, showTruth, truthNow } from "./truth.mjs";
import { backward, onward, standing } from "./walk.mjs";
import { drawWires } from "./wires.mjs";
import { wiring } from "./wiring.mjs";

const LONGEST = 200_000; // symbols of a string
const WHOLE_GRAPH = 40; // states of a graph that is shown whole at first
const SLICE = 12; // milliseconds of computing ahead before the page may answer again
const WIRED = 12; // cells of a large network that are shown because a picked one reads them
const KEPT_BUSY = 600; // milliseconds between steps below which a screen reader hears only the last

/** Open the page. data: what page.py wrote; compiled, seed: exported modules (seed: the hand-made toy network, or null). */
export function openPage(data, compiled, seed) {
  const machines = { own: machineOf(compiled, data.words), seed: seed && machineOf(seed, {}) };
  const alphabet = machines.own.alphabet;
  const follower = data.grammar
    ? grammarFollower(data.grammar, alphabet.length)
    : networkFollower(machines.own, runDamaged(machines.own, NO_DAMAGE), { allowedBy, cellsOn });
  const loop = longLoop(follower, alphabet.length);
  const verdictOf = data.verdicts.find(({ contract }) => contract === machines.own.about.dtype);

  let machine = machines.own;
  let history = null;
  let walk = { position: 0, shown: 1 };
  let detail = "whole";
  let picked = null;
  let playing = null; // the timer
  let ended = false;
  let news = false; // whether a move was just made
  let lastUnits = null;

  const lab = new Lab(() => rebuild());
  const tape = new Tape(one("tape"), (position) => go(position));
  const parts = new Parts(one("parts"), (part, index) => pick({ part, index }));
  const graph = data.grammar ? new Graph(one("graph"), (key) => pickKey(key)) : null;

  // ---- what is shown

  function rebuild(tokens = history?.tokens ?? []) {
    machine = lab.damage.seed && machines.seed ? machines.seed : machines.own;
    const run = runDamaged(machine, lab.damage);
    history = new History({ machine, run, follower, allowedBy }, tokens);
    if (picked?.index != null && picked.index >= columnsOf(machine, kindOf(picked.part) ?? "cells").length) picked = null;
    if (picked?.part && !kindOf(picked.part)) picked = null;
    render();
    ahead();
  }

  function kindOf(part) {
    return machine.rows.find(([name]) => name === part)?.[1];
  }

  function setTokens(tokens, position) {
    history = history.follow(tokens.slice(0, LONGEST));
    ended = false;
    walk = standing(Math.min(position, history.tokens.length), units);
  }

  /** How many pieces the step at a position is shown in. */
  function units(position) {
    if (detail === "whole" || position === 0) return 1;
    return detail === "part" ? machine.rows.length : order(position).length;
  }

  /** Every number of a step in the order in which it is computed. */
  function order(position) {
    if (lastUnits?.position === position && lastUnits.machine === machine) return lastUnits.order;
    const columns = columnsShown(position);
    const found = machine.rows.flatMap(([part, kind]) =>
      (kind === "cells" ? columns : columnsOf(machine, kind).map((_, n) => n)).map((n) => `${part}|${n}`),
    );
    lastUnits = { position, machine, order: found };
    return found;
  }

  function columnsShown(position) {
    const size = machine.cells.length;
    if (size <= ALL_SHOWN || one("all-cells").checked) return [...Array(size).keys()];
    const memories = [history.at(position).state.memory, ...(position ? [history.at(position - 1).state.memory] : [])];
    const wanted = new Set(memories.flatMap((memory) => memory.flatMap((v, k) => (Math.abs(v) > 0.5 ? [k] : []))));
    if (detail !== "cell" && picked?.part && picked.index !== null && kindOf(picked.part) === "cells") {
      wanted.add(picked.index);
      const reads = wiring(machine, history.run.weights, picked.part, picked.index).terms;
      for (const { part, index } of reads.filter(({ part }) => kindOf(part) === "cells").slice(0, WIRED)) wanted.add(index);
    }
    if (picked?.rule) machine.cells.forEach(({ rules }, k) => rules.includes(picked.rule) && wanted.size < ALL_SHOWN && wanted.add(k));
    return [...wanted].sort((a, b) => a - b);
  }

  function render() {
    const { position } = walk;
    const { tokens } = history;
    const step = history.at(position);
    const before = position ? history.at(position - 1).state : null;
    const found = partsOf(machine, before, step.state, position ? tokens[position - 1] : undefined, tokens[position]);
    const view = { step, found, position, damaged: isDamaged(lab.damage) };
    showTapeAndControls(view);
    showParts(view);
    showGraph(view);
    showTruthAndLab(view);
    announce(view);
    news = false;
  }

  function showTapeAndControls({ step, position }) {
    const { tokens, firstWrong } = history;
    tape.show({
      symbols: tokens.map((x) => alphabet[x]),
      position,
      ended,
      firstWrong: firstWrong !== null && firstWrong <= Math.max(position, history.reached) ? firstWrong : null,
      outcome(n) {
        if (n > history.reached) return {};
        const allowed = n > 0 ? follower.allowed(history.at(n - 1).truth) : [];
        const left = n > 0 && !allowed[tokens[n - 1]] && allowed.some(Boolean);
        const output = machine.outputs.length && n > 0 ? (machine.output(history.at(n).state) ?? "") : "";
        return { output, left };
      },
    });
    one("scrubber").max = String(tokens.length);
    one("scrubber").value = String(position);
    one("scrubber").setAttribute("aria-valuetext", `${position} of ${tokens.length} symbols read`);
    say(one("position"), `${position} / ${tokens.length}`);
    say(one("play"), playing ? "Pause" : "Play");
    one("play").setAttribute("aria-pressed", String(Boolean(playing)));
    showAlphabet(step);
  }

  function showAlphabet({ state, truth }) {
    const allowed = allowedBy(machine, state);
    const chances = machine.probabilities(state);
    for (const button of one("alphabet").children) {
      const x = Number(button.dataset.number);
      button.classList.toggle("allowed", allowed[x]);
      const chance = chances && allowed[x] ? short(chances[x]) : "";
      say(button.querySelector("small"), allowed[x] ? chance || "✓" : "–");
      const says = allowed[x] ? `may come next${chance ? `, probability ${chance}` : ""}` : "may not come next";
      button.setAttribute("aria-label", `${whole(alphabet[x])}: ${says}`);
    }
    say(one("outlook"), outlook(allowed, follower.allowed(truth)));
  }

  function outlook(allowed, right) {
    const end = allowed.length - 1;
    if (ended) return "The network has ended the string.";
    if (!allowed.some(Boolean)) return right.some(Boolean) ? "The network allows nothing here." : "Dead: no string of the grammar begins like this.";
    if (allowed[end]) return allowed.slice(0, end).some(Boolean) ? "Accepted: the string may end here, or go on." : "Accepted: a whole string; it ends here.";
    return "Alive: a beginning; the string cannot end here.";
  }

  function showParts({ step, found, position, damaged }) {
    const columns = columnsShown(position);
    const wrong = new Set(history.wrongAt(step));
    const revealed = detail === "cell" && position ? new Set(order(position).slice(0, walk.shown)) : null;
    const names = machine.rows.map(([part]) => part);
    const reached = (part, n) => {
      if (position === 0 || detail === "whole") return true;
      return revealed ? revealed.has(`${part}|${n}`) : names.indexOf(part) < walk.shown;
    };
    const now = detail === "cell" && position ? numberOf(order(position)[walk.shown - 1]) : null;
    const partNow = detail === "part" && position ? { part: names[walk.shown - 1], index: null } : null;
    const focus = picked ?? (walk.shown < units(position) ? (now ?? partNow) : null);
    const on = new Set(cellsOn(machine, step.state));
    const lit = new Set(picked?.rule ? machine.cells.flatMap(({ rules }, k) => (rules.includes(picked.rule) ? [k] : [])) : []);
    parts.show({ machine, parts: found, columns, reached, picked: focus?.part ? focus : null, on, lit, wrong });
    one("all-cells").closest("label").hidden = machine.cells.length <= ALL_SHOWN;
    say(one("hidden-cells"), columns.length < machine.cells.length ? `${columns.length} of ${machine.cells.length} cells are shown: those that are on, change or are picked.` : "");
    showPanel(one("formula-content"), {
      machine,
      weights: history.run.weights,
      parts: found,
      known: focus?.part && focus.index !== null ? reached(focus.part, focus.index) : false,
      picked: focus,
      rules: data.grammar?.rules ?? [],
      damaged,
    }, { pick: (part, index) => pick({ part, index }), pickRule: (rule) => pick({ rule }), clear });
    wire(focus, found, reached);
  }

  function numberOf(text) {
    const cut = text.lastIndexOf("|");
    return { part: text.slice(0, cut), index: Number(text.slice(cut + 1)) };
  }

  let rewire = () => {};
  function wire(focus, found, reached) {
    const target = focus?.part && focus.index !== null ? parts.element(focus.part, focus.index) : null;
    const terms = target ? wiring(machine, history.run.weights, focus.part, focus.index).terms : [];
    const reads = terms.flatMap(({ part, index, weight }) => {
      const element = parts.element(part, index);
      return element ? [{ element, weight, value: reached(part, index) ? (found[part]?.[index] ?? 0) : 0 }] : [];
    });
    rewire = () => drawWires(one("wires"), one("parts"), reads, target ?? null);
    rewire();
  }

  function showGraph({ step, position }) {
    if (!graph) return;
    const everything = data.drawing && (data.grammar.states.length <= WHOLE_GRAPH || one("whole-graph").checked);
    graph.show(everything ? data.drawing : neighbourhood(data.grammar, alphabet, data.grammar.outputs, step.truth));
    const truth = new Set(follower.states(step.truth));
    const { on, astray, missed } = believed(step, truth, position);
    const keyOf = ([p, x, q]) => ruleKey(data.grammar.states[p], alphabet[x], data.grammar.states[q]);
    const rules = rulesPicked();
    graph.light({
      lit: on,
      astray,
      missed,
      moved: new Set(step.truth.passed.map(keyOf)),
      allowed: new Set(follower.moves(step.truth).map(keyOf)),
      picked: new Set(data.grammar.moves.filter((move) => rules.has(data.grammar.rules[move[4]])).map(keyOf)),
      news,
    });
    const where = [...on].map(whole);
    const wrongly = astray.size || missed.size ? ` The network's memory is wrong here: it says ${listed([...astray].map(whole), "and") || "less"}.` : "";
    say(one("where"), where.length ? `Now in ${listed(where, "or")}.${wrongly}` : `In no state: no string of the grammar begins like this.${wrongly}`);
  }

  /** The states that the network's memory stands for, against the truth. */
  function believed({ state }, truth, position) {
    const cells = cellsOn(machine, state);
    const sets = cells.map((k) => machine.cells[k].states).filter(({ length }) => length);
    const started = machine.cells.findIndex(({ state: name }) => name === "");
    if (position === 0 || (started >= 0 && !cells.includes(started) && !sets.length)) {
      const first = new Set(data.grammar.initial.map((n) => data.grammar.states[n]));
      return position === 0 ? { on: first, astray: new Set(), missed: new Set() } : { on: new Set(), astray: first, missed: truth };
    }
    const covered = new Set(sets.flatMap((states) => states.filter((id) => truth.has(id))));
    const astray = new Set(sets.filter((states) => !states.some((id) => truth.has(id))).flat());
    return { on: covered, astray, missed: new Set([...truth].filter((id) => !covered.has(id))) };
  }

  function rulesPicked() {
    if (picked?.rule) return new Set([picked.rule]);
    if (picked?.part && picked.index !== null && kindOf(picked.part) === "cells") return new Set(machine.cells[picked.index].rules);
    return new Set();
  }

  function showTruthAndLab({ step, position, damaged }) {
    const now = truthNow(data.verdicts, machines.own.about.dtype, lab.damage, damaged);
    const elements = { verdict: one("verdict"), margin: one("margin"), wrong: one("first-wrong"), checked: one("checked") };
    const smallestProved = !damaged && verdictOf && verdictOf.kind !== "refused" ? verdictOf.margin : null;
    showTruth(elements, { now, history, position, smallestProved, total: history.tokens.length });
    lab.show(machine.about.options.gain);
    document.documentElement.classList.toggle("damaged", damaged);
    const cells = picked?.part && picked.index !== null && kindOf(picked.part) === "cells"
      ? [picked.index]
      : stateCells(step.state);
    say(one("chart-words"), drawChart(one("chart"), { history, cells, position, machine }));
  }

  function stateCells(state) {
    const on = cellsOn(machine, state).filter((k) => machine.cells[k].state !== "");
    if (on.length) return on;
    const largest = Math.max(...state.memory.map(Math.abs));
    return state.memory.flatMap((v, k) => (machine.cells[k].state !== "" && Math.abs(v) === largest && v !== 0 ? [k] : []));
  }

  let heard = 0;
  function announce({ step, position }) {
    const { tokens } = history;
    const busy = playing && performance.now() - heard < KEPT_BUSY;
    if (busy && position < tokens.length) return;
    heard = performance.now();
    const read = position ? `Symbol ${position} of ${tokens.length}: ${whole(alphabet[tokens[position - 1]])}. ` : "Before the first symbol. ";
    const allowed = allowedBy(machine, step.state).flatMap((is, x) => (is ? [whole(machine.symbols[x])] : []));
    const said = machine.outputs.length && position ? ` Output ${whole(machine.output(step.state) ?? "none")}.` : "";
    const piece = walk.shown < units(position) && detail === "part" ? ` Shown up to ${machine.rows[walk.shown - 1][0]}.` : "";
    const next = allowed.length ? `Next ${listed(allowed)}.` : "Nothing may come next.";
    const wrong = history.wrongAt(step).length ? " This prediction is wrong." : "";
    say(one("live"), `${read}${graph ? `${one("where").textContent} ` : ""}${next}${said}${piece}${wrong}`);
  }

  // ---- what people do

  function go(position) {
    const to = Math.min(history.tokens.length, Math.max(0, position));
    ended = false;
    news = to === walk.position + 1;
    walk = standing(to, units);
    render();
  }

  function step() {
    const next = onward(walk, history.tokens.length, units);
    if (next.position === walk.position && next.shown === walk.shown) return false;
    news = next.position !== walk.position;
    walk = detail === "whole" ? standing(next.position, units) : next;
    if (!playing || detail === "whole") render();
    else render();
    return true;
  }

  function back() {
    walk = backward(walk, units);
    ended = false;
    render();
  }

  function play() {
    if (playing) return pause();
    if (walk.position === history.tokens.length && walk.shown >= units(walk.position) && !one("keep-writing").checked) {
      walk = standing(0, units);
    }
    playing = setTimeout(tick, 0);
    render();
    return undefined;
  }

  function tick() {
    const moved = step() || (one("keep-writing").checked && !ended && choose());
    if (!moved) return pause();
    playing = setTimeout(tick, 2200 / 1.62 ** Number(one("speed").value));
    return undefined;
  }

  function pause() {
    clearTimeout(playing);
    playing = null;
    render();
  }

  /** Write a symbol where one stands; what stood behind it goes. */
  function write(x) {
    const { position } = walk;
    const same = history.tokens[position] === x;
    setTokens(same ? history.tokens : [...history.tokens.slice(0, position), x], position);
    one("tape-input").value = joinString(history.tokens, alphabet);
    news = true;
    walk = { position: Math.min(position + 1, history.tokens.length), shown: 1 };
    if (detail === "whole") walk = standing(walk.position, units);
    render();
    ahead();
  }

  /** Let the network choose what comes next, by its probabilities; whether there was something to choose. */
  function choose() {
    const { state } = history.at(walk.position).state ? history.at(walk.position) : {};
    const weights = machine.probabilities(state) ?? allowedBy(machine, state).map(Number);
    const seedText = one("choose-seed").value.trim();
    const share = seedText === "" ? Math.random() : randomStream(Number(seedText) * 1_000_003 + walk.position)();
    const x = allowedBy(machine, state).some(Boolean) ? chosen(weights, share) : -1;
    if (x < 0) {
      say(one("live"), "Nothing may come next: the network cannot choose.");
      return false;
    }
    if (x === alphabet.length) {
      setTokens(history.tokens.slice(0, walk.position), walk.position);
      one("tape-input").value = joinString(history.tokens, alphabet);
      ended = true;
      render();
      return false;
    }
    ended = false;
    write(x);
    return true;
  }

  function pick(next) {
    const same = picked && picked.part === next.part && picked.index === next.index && picked.rule === next.rule;
    picked = same ? null : next;
    render();
  }

  function pickKey(key) {
    const move = data.grammar.moves.find(([p, x, q]) => ruleKey(data.grammar.states[p], alphabet[x], data.grammar.states[q]) === key);
    if (move) pick({ rule: data.grammar.rules[move[4]] });
  }

  function clear() {
    picked = null;
    render();
  }

  function typed() {
    const { tokens, unknown } = splitString(one("tape-input").value, alphabet);
    const long = tokens.length > LONGEST ? `Only the first ${LONGEST} symbols are read.` : "";
    const problem = unknown ? `Symbol ${unknown.place}, ${whole(`'${unknown.symbol}'`)}, is not in the alphabet.` : long;
    say(one("tape-problem"), problem);
    one("tape-input").setAttribute("aria-invalid", String(Boolean(problem)));
    const atEnd = walk.position > 0 && walk.position === history.tokens.length;
    const longer = tokens.length > history.tokens.length;
    let common = 0;
    while (common < walk.position && tokens[common] === history.tokens[common]) common++;
    setTokens(tokens, atEnd && longer && common === walk.position ? tokens.length : common);
    render();
    ahead();
  }

  function load(tokens, position) {
    one("tape-input").value = joinString(tokens, alphabet);
    say(one("tape-problem"), "");
    one("tape-input").setAttribute("aria-invalid", "false");
    setTokens(tokens, position);
    render();
    ahead();
  }

  /** Compute on to the end of the tape, in slices: to find the first wrong prediction, and for the chart. */
  let waiting = null;
  function ahead() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const before = history.firstWrong;
      const done = history.proceed(SLICE);
      if (done || history.firstWrong !== before) render();
      if (!done) ahead();
    }, 0);
  }

  function runLoop() {
    if (!loop) return;
    const times = Math.max(1, Math.min(20_000, Math.trunc(Number(one("lab-times").value)) || 1));
    const cycles = Array.from({ length: times }, () => loop.cycle).flat();
    load([...loop.prefix, ...cycles], 0);
    history.reach(history.tokens.length);
    go(history.firstWrong ?? history.tokens.length);
  }

  async function readFile(file) {
    if (!file) return;
    const lines = (await file.text()).split(/\r?\n/).filter((line) => line.trim() !== "").slice(0, 500);
    const group = one("examples").querySelector("optgroup[data-file]") ?? make("optgroup", { "data-file": true });
    group.label = `from ${shown(file.name, 30)}`;
    group.replaceChildren(...lines.map((line) => make("option", { value: `text:${line}` }, shown(line, 40))));
    one("examples").append(group);
    if (lines.length) {
      one("tape-input").value = lines[0];
      walk = standing(0, units);
      typed();
    }
  }

  function link() {
    const hash = toHash({ name: machines.own.about.name, tokens: history.tokens, position: walk.position, damage: lab.toText() }, alphabet);
    const frame = place();
    try {
      frame.location.hash = hash;
    } catch {
      // a frame that may not touch its page still shows the link below
    }
    const address = `${String(frame.location.href).split("#")[0]}${hash}`;
    one("link-text").value = address;
    one("link-text").hidden = false;
    one("link-text").select();
    navigator.clipboard?.writeText(address).then(
      () => say(one("live"), "The link is copied, and stands in the address of this page."),
      () => say(one("live"), "The link stands beside the button."),
    );
  }

  /** The window whose address people see: in an embedded page that around it. */
  function place() {
    try {
      return location.href === "about:srcdoc" && parent.location.href ? parent : window;
    } catch {
      return window;
    }
  }

  function restore() {
    const found = fromHash(place().location.hash, machines.own.about.name, alphabet);
    if (!found) return false;
    if (found.tokens.join() === history.tokens.join() && found.position === walk.position) return true;
    lab.fromText(found.damage);
    rebuild(found.tokens);
    load(found.tokens, found.position);
    return true;
  }

  // ---- once

  function prepare() {
    one("alphabet").append(
      ...alphabet.map((symbol, x) =>
        make("button", { type: "button", "data-symbol": symbol, "data-number": x, onclick: () => write(x) }, make("bdi", {}, shown(symbol, 12)), make("small")),
      ),
    );
    fillExamples();
    listVerdicts(one("verdicts"), data.verdicts);
    one("proofs").hidden = data.verdicts.length === 0;
    one("tape-hint").textContent = byCharacter(alphabet) ? "" : "Symbols are separated by blanks.";
    one("lab-seed").disabled = !machines.seed;
    one("lab-seed").closest("label").hidden = !machines.seed;
    one("lab-loop").hidden = !loop;
    if (loop) say(one("lab-loop-text"), loopText());
    one("graph-box").hidden = !graph;
    one("no-graph").hidden = Boolean(graph);
    one("whole-graph").closest("label").hidden = !graph || !data.drawing || data.grammar.states.length <= WHOLE_GRAPH;
  }

  function loopText() {
    const join = (tokens) => joinString(tokens, alphabet.map((symbol) => shown(symbol, 12)));
    return `${join(loop.prefix)}${loop.prefix.length ? " then " : ""}${join(loop.cycle)}`;
  }

  function fillExamples() {
    for (const { title, strings } of data.examples) {
      const options = strings.map((tokens) => make("option", { value: tokens.join(".") }, shown(joinString(tokens, alphabet), 40) || "(empty)"));
      one("examples").append(make("optgroup", { label: title }, ...options));
    }
  }

  function connect() {
    const click = { play, step, back, reset: () => go(0), choose, "lab-run": runLoop, link };
    for (const [id, action] of Object.entries(click)) one(id).addEventListener("click", () => action());
    one("scrubber").addEventListener("input", () => go(Number(one("scrubber").value)));
    one("tape-input").addEventListener("input", typed);
    one("first-wrong").addEventListener("click", () => go(history.firstWrong ?? 0));
    one("all-cells").addEventListener("change", () => ((lastUnits = null), render()));
    one("whole-graph").addEventListener("change", render);
    one("detail").addEventListener("change", () => {
      detail = one("detail").value;
      lastUnits = null;
      walk = standing(walk.position, units);
      render();
    });
    one("examples").addEventListener("change", () => {
      const { value } = one("examples");
      if (value.startsWith("text:")) {
        one("tape-input").value = value.slice(5);
        walk = standing(0, units);
        typed();
      } else if (value !== "none") load(value === "" ? [] : value.split(".").map(Number), 0);
    });
    one("file").addEventListener("change", () => readFile(one("file").files[0]));
    connectDrop();
    listenToKeys({ step, back, play, first: () => go(0), last: () => go(history.tokens.length), clear });
    addEventListener("hashchange", restore);
    if (place() !== window) place().addEventListener("hashchange", restore);
    new ResizeObserver(() => rewire()).observe(one("parts"));
  }

  function connectDrop() {
    const drop = document.documentElement;
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      one("drop").classList.add("over");
    });
    drop.addEventListener("dragleave", () => one("drop").classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      one("drop").classList.remove("over");
      readFile(event.dataTransfer.files[0]);
    });
  }

  prepare();
  rebuild([]);
  connect();
  if (!restore()) load(data.examples[0]?.strings.at(-1) ?? [], 0);
  connectTheme();
  fitFrame();
  window.lstmc = {
    ready: true,
    state: () => history.at(walk.position).state,
    position: () => walk.position,
    string: () => joinString(history.tokens, alphabet),
  };
}

/** Light, dark, or as the system has it. */
function connectTheme() {
  const themes = ["auto", "light", "dark"];
  const button = one("theme");
  button.addEventListener("click", () => {
    const theme = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
    document.documentElement.dataset.theme = theme;
    say(button, `Colours: ${theme}`);
  });
}

/** An embedded page is as high as what it shows. */
function fitFrame() {
  if (!document.documentElement.classList.contains("embed")) return;
  const fit = () => {
    try {
      if (frameElement) frameElement.style.height = `${document.body.scrollHeight + 2}px`;
    } catch {
      // a sandboxed frame keeps the height that it was given, and scrolls
    }
  };
  new ResizeObserver(fit).observe(document.body);
}
