// Opens the page: connects its controls to a session with the network, and shows the session after every change.

import { NO_DAMAGE, runDamaged } from "./damage.mjs";
import { Display, WHOLE_GRAPH } from "./display.mjs";
import { make, one, say } from "./dom.mjs";
import { fitFrame, connectTheme } from "./frame.mjs";
import { grammarFollower, longLoop, networkFollower } from "./grammar.mjs";
import { listenToKeys } from "./keys.mjs";
import { Lab } from "./lab.mjs";
import { listenToLinks, makeLink, restoreLink } from "./links.mjs";
import { allowedBy, cellsOn, machineOf } from "./machine.mjs";
import { Player } from "./player.mjs";
import { LONGEST, Session } from "./session.mjs";
import { byCharacter, joinString, shown, splitString, whole } from "./strings.mjs";
import { listVerdicts } from "./truth.mjs";

const FIRST = 14; // symbols of the string that is shown at first
const LINES = 500; // of a file, offered among the examples
const MOST_TIMES = 20_000; // repetitions of the long loop
const SLICE = 12; // milliseconds of computing ahead before the page may answer again

/** data: what page.py wrote; compiled, seed: exported modules (seed: the hand-made toy network, or null). */
export function openPage(data, compiled, seed) {
  const machines = {
    own: machineOf(compiled, data.cells, data.words),
    seed: seed && machineOf(seed, data.cells, {}),
  };
  const { alphabet } = machines.own;
  const follower = data.grammar
    ? grammarFollower(data.grammar, alphabet.length)
    : networkFollower(machines.own, runDamaged(machines.own, NO_DAMAGE), { allowedBy, cellsOn });
  const loop = longLoop(follower, alphabet.length);

  const show = () => display.show(player.playing);
  const session = new Session({ machines, follower, changed: () => (writeInput(), show(), ahead()) });
  const display = new Display(data, session);
  const player = new Player(session, {
    speed: () => Number(one("speed").value),
    keepsWriting: () => one("keep-writing").checked,
    seed: () => (one("choose-seed").value.trim() === "" ? null : Math.trunc(Number(one("choose-seed").value))),
    changed: show,
  });
  const lab = new Lab((damage) => session.setDamage(damage));

  let typing = false; // what somebody types is left as it is typed
  function writeInput() {
    lab.show(session.machine.about.options.gain);
    if (typing) return;
    one("tape-input").value = joinString(session.tokens, alphabet);
    complain("");
  }

  function typed() {
    const { tokens, unknown } = splitString(one("tape-input").value, alphabet);
    const long = tokens.length > LONGEST ? `Only the first ${LONGEST} symbols are read.` : "";
    complain(unknown ? `Symbol ${unknown.place}, ${whole(`'${unknown.symbol}'`)}, is not in the alphabet.` : long);
    typing = true;
    session.type(tokens);
    typing = false;
  }

  function complain(problem) {
    say(one("tape-problem"), problem);
    one("tape-input").setAttribute("aria-invalid", String(problem !== ""));
  }

  /** Text from elsewhere, read from its beginning. */
  function take(text) {
    session.load([], 0);
    one("tape-input").value = text;
    typed();
  }

  /** Compute on to the end of the tape, in slices: to find the first wrong prediction, and for the chart. */
  let waiting = null;
  function ahead() {
    const { history } = session;
    clearTimeout(waiting);
    if (history.reached === history.tokens.length) return;
    waiting = setTimeout(() => {
      const before = history.firstWrong;
      const done = history.proceed(SLICE);
      if (done || history.firstWrong !== before) show();
      ahead();
    }, 0);
  }

  function runLoop() {
    const times = Math.max(1, Math.min(MOST_TIMES, Math.trunc(Number(one("lab-times").value)) || 1));
    session.load([...loop.prefix, ...Array.from({ length: times }, () => loop.cycle).flat()], 0);
    session.history.reach(session.tokens.length);
    session.go(session.history.firstWrong ?? session.tokens.length);
  }

  async function readFile(file) {
    if (!file) return;
    const lines = (await file.text())
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "")
      .slice(0, LINES);
    one("examples").querySelector("[data-file]")?.remove();
    const options = lines.map((line) => make("option", { value: `text:${line}` }, shown(line, 40)));
    one("examples").append(make("optgroup", { "data-file": true, label: `from ${shown(file.name, 30)}` }, ...options));
    if (lines.length) take(lines[0]);
  }

  function takeExample() {
    const { value } = one("examples");
    if (value.startsWith("text:")) take(value.slice("text:".length));
    else if (value !== "none") session.load(value === "" ? [] : value.split(".").map(Number), 0);
  }

  function connect() {
    const clicks = {
      play: () => player.toggle(),
      step: () => session.step(),
      back: () => session.back(),
      reset: () => session.go(0),
      choose: () => player.choose() || (session.ended ? undefined : say(one("live"), "Nothing may come next here.")),
      link: () => makeLink(session, lab),
      "lab-run": runLoop,
      "first-wrong": () => session.go(session.history.firstWrong ?? 0),
    };
    for (const [id, action] of Object.entries(clicks)) one(id).addEventListener("click", action);
    const changes = {
      examples: takeExample,
      file: () => readFile(one("file").files[0]),
      detail: () => session.show({ detail: one("detail").value }),
      "all-cells": () => session.show({ everyCell: one("all-cells").checked }),
      "whole-graph": show,
    };
    for (const [id, action] of Object.entries(changes)) one(id).addEventListener("change", action);
    one("scrubber").addEventListener("input", () => session.go(Number(one("scrubber").value)));
    one("tape-input").addEventListener("input", typed);
    listenToDrops(readFile);
    listenToKeys({
      ...clicks,
      first: clicks.reset,
      last: () => session.go(session.tokens.length),
      letGo: () => session.letGo(),
    });
  }

  prepare(data, machines, loop, (x) => session.write(x));
  connect();
  connectTheme(one("theme"));
  const restore = () => restoreLink(session, lab, (tokens, position) => session.load(tokens, position));
  if (!restore()) session.load(firstString(data.examples[0]?.strings ?? [[]]), 0);
  listenToLinks(restore);
  fitFrame();
  window.lstmc = {
    ready: true,
    state: () => session.history.at(session.position).state,
    position: () => session.position,
    string: () => joinString(session.tokens, alphabet),
  };
}

/** What is on the page from the beginning, and stays. */
function prepare(data, machines, loop, write) {
  const { alphabet } = machines.own;
  const button = (symbol, x) =>
    make(
      "button",
      { type: "button", "data-symbol": symbol, title: whole(symbol), onclick: () => write(x) },
      make("bdi", {}, shown(symbol, 12)),
      make("small"),
      make("span", { class: "unseen" }),
    );
  one("alphabet").append(...alphabet.map(button));
  for (const { title, strings } of data.examples) {
    const name = (tokens) => shown(joinString(tokens, alphabet), 40);
    const options = strings.map((tokens) =>
      make("option", { value: tokens.join(".") }, tokens.length ? name(tokens) : "(empty)"),
    );
    one("examples").append(make("optgroup", { label: title }, ...options));
  }
  listVerdicts(one("verdicts"), data.verdicts);
  say(one("tape-hint"), byCharacter(alphabet) ? "" : "Symbols are separated by blanks.");
  if (loop) say(one("lab-loop-text"), loopText(loop, alphabet));
  one("lab-loop").hidden = !loop;
  one("proofs").hidden = data.verdicts.length === 0;
  one("lab-seed").disabled = !machines.seed;
  one("lab-seed").closest("label").hidden = !machines.seed;
  one("graph-box").hidden = !data.grammar;
  one("no-graph").hidden = Boolean(data.grammar);
  one("whole-graph").closest("label").hidden = !data.drawing || data.grammar.states.length <= WHOLE_GRAPH;
}

function loopText({ prefix, cycle }, alphabet) {
  const text = (tokens) => shown(joinString(tokens, alphabet), 60);
  return prefix.length ? `${text(prefix)} then ${text(cycle)}` : text(cycle);
}

/** The example that shows most: of those that fit on a screen the one with most symbols. */
function firstString(strings) {
  const fitting = strings.filter(({ length }) => length <= FIRST);
  const variety = (tokens) => new Set(tokens).size + tokens.length / 100;
  return (fitting.length ? fitting : strings).reduce((best, each) => (variety(each) > variety(best) ? each : best));
}

function listenToDrops(readFile) {
  const over = (is) => one("drop").classList.toggle("over", is);
  document.addEventListener("dragover", (event) => (event.preventDefault(), over(true)));
  document.addEventListener("dragleave", () => over(false));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    readFile(event.dataTransfer.files[0]);
  });
}
