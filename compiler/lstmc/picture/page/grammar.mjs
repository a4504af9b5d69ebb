// What the grammar itself allows: the set of its states that are possible after a string. The network is judged by it.
//
// A follower is { start(), step(state, symbol), allowed(state), states(state), output(state), key(state) }: the grammar
// where it is known, else the undamaged network.

const MOST_TRIED = 5000; // sets of states that are searched for a loop

/** The trimmed grammar as a follower; its states are sorted lists of numbers. */
export function grammarFollower(grammar, size) {
  const moves = grammar.states.map(() => new Map());
  for (const move of grammar.moves) {
    const [source, symbol] = move;
    if (!moves[source].has(symbol)) moves[source].set(symbol, []);
    moves[source].get(symbol).push(move);
  }
  const accepting = new Set(grammar.accepting);
  return {
    start: () => ({ set: grammar.initial, passed: [] }),
    step({ set }, symbol) {
      const passed = set.flatMap((state) => moves[state].get(symbol) ?? []);
      return { set: [...new Set(passed.map(([, , target]) => target))].sort((a, b) => a - b), passed };
    },
    allowed: ({ set }) =>
      Array.from({ length: size + 1 }, (_, x) =>
        x < size ? set.some((state) => moves[state].has(x)) : set.some((state) => accepting.has(state)),
      ),
    states: ({ set }) => set.map((state) => grammar.states[state]),
    moves: ({ set }) => set.flatMap((state) => [...moves[state].values()].flat()),
    output({ set, passed }) {
      const said = new Set([...passed.map((move) => move[3]), ...set.map((state) => grammar.outputOf[state])]);
      said.delete(-1);
      return said.size === 1 ? [...said][0] : -1;
    },
    key: ({ set }) => set.join(),
  };
}

/** Where there is no grammar: the undamaged network, taken at its word. */
export function networkFollower(machine, run, { allowedBy, cellsOn }) {
  return {
    start: run.start,
    step: run.step,
    allowed: (state) => allowedBy(machine, state),
    states: (state) => machine.decode(state),
    moves: () => [],
    output: (state) => machine.outputs.indexOf(machine.output(state)),
    key: (state) => cellsOn(machine, state).join(),
  };
}

/** A short string and a loop behind it, on which a network can be held for long: { prefix, cycle }, or null. */
export function longLoop(follower, size) {
  const first = { state: follower.start(), prefix: [] };
  const waiting = [first];
  const seen = new Map([[follower.key(first.state), first]]);
  let shortest = null;
  for (let n = 0; n < waiting.length && n < MOST_TRIED; n++) {
    const { state, prefix } = waiting[n];
    const allowed = follower.allowed(state);
    for (let x = 0; x < size; x++) {
      if (!allowed[x]) continue;
      const next = { state: follower.step(state, x), prefix: [...prefix, x] };
      const known = seen.get(follower.key(next.state));
      if (known && known === waiting[n]) return { prefix, cycle: [x] }; // the simplest: one symbol that repeats
      if (known) shortest = shorter(shortest, known, next);
      else {
        seen.set(follower.key(next.state), next);
        waiting.push(next);
      }
    }
  }
  return shortest;
}

/** The loop that is closed by coming back to `known`, where its string is a beginning of the new one's. */
function shorter(best, known, next) {
  const back = known.prefix.every((x, n) => next.prefix[n] === x);
  if (!back || (best && best.cycle.length <= next.prefix.length - known.prefix.length)) return best;
  return { prefix: known.prefix, cycle: next.prefix.slice(known.prefix.length) };
}
