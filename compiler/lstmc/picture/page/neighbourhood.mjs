// A drawing of what lies around the states that are possible now, for graphs too large to be read as a whole:
// where the last symbol came from, where one is, and the next two steps, in columns from left to right.

import { shown } from "./strings.mjs";

const RADIUS = 30;
const COLUMN = 176;
const ROW = 112;
const HIGHEST = 8; // states in a column; the others are left out, and counted
const STEPS = 2; // columns of what may come
const MARGIN = 58;

/** A drawing as layout.py makes them, and how many neighbours were left out. */
export function neighbourhood(grammar, alphabet, outputs, { set, passed }) {
  const columns = columnsAround(grammar, set, passed);
  const place = placed(columns);
  const inside = grammar.moves.filter(([p, , q]) => place.has(p) && place.has(q));
  return {
    width: Math.max(1, columns.length - 1) * COLUMN + 2 * MARGIN,
    height: Math.max(...columns.map(({ length }) => length), 1) * ROW + 2 * MARGIN,
    radius: RADIUS,
    nodes: [...place].map(([state, [x, y]]) => node(grammar, outputs, state, x, y)),
    arcs: arcsOf(grammar, alphabet, outputs, inside, place),
    left: columns.reduce((sum, column) => sum + column.left, 0),
  };
}

function columnsAround(grammar, set, passed) {
  const seen = new Set(set);
  const fresh = (states) => [...new Set(states)].filter((state) => !seen.has(state) && seen.add(state));
  const columns = [limited(fresh(passed.map(([p]) => p))), limited([...set])];
  for (let n = 0; n < STEPS; n++) {
    const here = new Set(columns.at(-1));
    columns.push(limited(fresh(grammar.moves.filter(([p]) => here.has(p)).map(([, , q]) => q))));
  }
  return columns.filter((column) => column.length);
}

function limited(states) {
  return Object.assign(states.slice(0, HIGHEST), { left: Math.max(0, states.length - HIGHEST) });
}

function placed(columns) {
  const highest = Math.max(...columns.map(({ length }) => length), 1);
  const place = new Map();
  columns.forEach((column, n) =>
    column.forEach((state, m) => {
      // Places that are not quite level keep arcs from hiding behind each other.
      const y = MARGIN + ROW * ((highest - column.length) / 2 + m + 0.5) + (n % 2 ? 0 : 7);
      place.set(state, [MARGIN + n * COLUMN, y]);
    }),
  );
  return place;
}

function node(grammar, outputs, state, x, y) {
  return {
    id: grammar.states[state],
    x,
    y,
    start: grammar.initial.includes(state),
    accept: grammar.accepting.includes(state),
    output: outputs[grammar.outputOf[state]] ?? "",
    entry: null,
  };
}

function arcsOf(grammar, alphabet, outputs, moves, place) {
  const pairs = new Map();
  for (const [p, x, q, o] of moves) {
    const key = `${p} ${q}`;
    if (!pairs.has(key)) pairs.set(key, { p, q, symbols: [], texts: [] });
    pairs.get(key).symbols.push(alphabet[x]);
    pairs.get(key).texts.push(shown(alphabet[x]) + (o >= 0 ? `/${shown(outputs[o])}` : ""));
  }
  return [...pairs.values()].map(({ p, q, symbols, texts }) => ({
    source: grammar.states[p],
    target: grammar.states[q],
    symbols,
    texts,
    ...curve(place.get(p), place.get(q), p === q),
  }));
}

/** A path between the rims, and where its label stands. */
function curve([ax, ay], [bx, by], isLoop) {
  if (isLoop) {
    const lift = RADIUS * 2.5;
    const path = [
      [ax - 14, ay - 26.5],
      [ax - 30, ay - lift],
      [ax + 30, ay - lift],
      [ax + 14, ay - 26.5],
    ];
    return { path, label: [ax, ay - lift + 6] };
  }
  if (bx > ax) {
    const reach = (bx - ax) * 0.42;
    const path = [
      [ax + RADIUS, ay],
      [ax + RADIUS + reach / 1.6, ay],
      [bx - RADIUS - reach, by],
      [bx - RADIUS, by],
    ];
    return { path, label: [(ax + bx) / 2 - 8, (ay + by) / 2 - 11] };
  }
  const low = Math.max(ay, by) + ROW * 0.62 + (ax - bx) * 0.12;
  if (bx === ax) {
    const side = ax + RADIUS * 1.9;
    const [from, to] = by > ay ? [21, -21] : [-21, 21];
    const path = [
      [ax + 21, ay + from],
      [side, ay + from * 1.8],
      [side, by + to * 1.8],
      [bx + 21, by + to],
    ];
    return { path, label: [side - 6, (ay + by) / 2] };
  }
  const path = [
    [ax - 15, ay + 26],
    [ax - 30, low],
    [bx + 30, low],
    [bx + 15, by + 26],
  ];
  return { path, label: [(ax + bx) / 2, low - (low - Math.max(ay, by)) * 0.28] };
}
