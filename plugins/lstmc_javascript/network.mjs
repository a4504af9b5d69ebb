/** How numbers are rounded. float64 is what JavaScript computes in; the others are rounded after every operation. */
export const formats = {
  float64: (x) => x,
  float32: Math.fround,
  float16: (x) => nearest(Math.fround(x), 11, 2 ** -24, 65504),
  bfloat16: (x) => nearest(Math.fround(x), 8, 2 ** -133, 3.3895313892515355e38),
};

/** The nearest number of so many significant bits, ties to even; `least` is the smallest number above 0. */
function nearest(x, bits, least, largest) {
  const unit = Math.max(2 ** (Math.floor(Math.log2(Math.abs(x))) - bits + 1), least);
  const shift = 1.5 * 2 ** 52 * unit; // so large that the last bit of a sum with it is worth one unit
  const rounded = x + shift - shift;
  return Math.abs(rounded) <= largest ? rounded : Math.sign(x) * Infinity;
}

/**
 * The network of these weights, computing in a number format: functions without side effects.
 *
 * They are exported for the weights above; call this to try others: network(weights, "float16"), or changed weights.
 * exp and tanh are Math's, in float64, and then rounded; sums in the half formats are float32 and rounded at the end.
 */
export function network(weights, format = about.dtype) {
  const round = formats[format];
  const wide = format === "float64" ? round : Math.fround;
  const tests = new Map(Object.entries(weights).map(([part, rows]) => [part, packed(rows, round)]));
  const sigmoid = (z) => round(1 / wide(1 + wide(Math.exp(-z))));
  const tanh = (z) => round(Math.tanh(z));

  function sums(part, values, symbol) {
    const { bias, symbols, ends, cells, factors } = tests.get(part);
    const added = bias.slice();
    if (symbol !== undefined) for (const [row, weight] of symbols[symbol]) added[row] = wide(added[row] + weight);
    for (let row = 0, n = 0; row < added.length; row++) {
      let sum = added[row];
      for (; n < ends[row]; n++) sum = wide(sum + wide(factors[n] * values[cells[n]]));
      added[row] = round(sum);
    }
    return added;
  }

  const arithmetic = { sums, sigmoid, tanh, round };

  function whole(state) {
    const said = read(state, arithmetic);
    return weights.output ? { ...said, output: sums("output", state[CARRIED[0]]) } : said;
  }

  /** The state before the first symbol. */
  function start() {
    return whole(Object.fromEntries(CARRIED.map((part) => [part, about.cells.map(() => 0)])));
  }

  /** The state after one more symbol, given by its name or its number: every part of that step by name. */
  function step(state, symbol) {
    return whole(advance(state, numberOf(symbol), arithmetic));
  }

  /** Read strings side by side, each a list of names or numbers of symbols, from the beginning or each from a state. */
  function predict(tokens, states = tokens.map(start)) {
    const found = tokens.map((string, b) => {
      const [logits, outputs] = [[], []];
      let state = states[b];
      for (const symbol of string) {
        state = step(state, symbol);
        logits.push(state.readout);
        outputs.push(state.output);
      }
      return { logits, outputs, state };
    });
    return {
      logits: found.map(({ logits }) => logits),
      outputs: weights.output ? found.map(({ outputs }) => outputs) : null,
      states: found.map(({ state }) => state),
    };
  }

  return { start, step, predict };
}

export const { start, step, predict } = network(weights);

/** The names of what may come next; `end` is among them where the string may end. */
export function next(state) {
  return [...about.alphabet, about.end].filter((_, n) => state.readout[n] > THRESHOLD);
}

/** The probability of each symbol and, last, of the end; null where the grammar has none, or nothing may come. */
export function probabilities(state) {
  if (!about.options.probabilities || next(state).length === 0) return null;
  const largest = Math.max(...state.readout);
  const powers = state.readout.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** The states of the grammar that are on. */
export function decode(state) {
  const names = about.cells.filter((_, k) => state[CARRIED[0]][k] > ON).map((cell) => cell.state);
  return [...new Set(names)].filter((name) => name !== "");
}

/** What a transducer says after the last symbol; null where it says nothing. */
export function output(state) {
  const n = (state.output ?? []).findIndex((logit) => logit > 0);
  return n < 0 ? null : about.outputs[n];
}

const numbers = new Map(about.alphabet.map((symbol, n) => [symbol, n]));

function numberOf(symbol) {
  const n = typeof symbol === "number" ? symbol : numbers.get(symbol);
  if (!Number.isInteger(n) || n < 0 || n >= about.alphabet.length) throw new RangeError(`no symbol is ${String(symbol)}`);
  return n;
}

/** The same tests with rounded numbers: weights on symbols by symbol, and weights on cells in one long list. */
function packed(rows, round) {
  const symbols = about.alphabet.map(() => []);
  rows.forEach(([, pairs], row) => pairs.forEach(([symbol, weight]) => symbols[symbol].push([row, round(weight)])));
  let count = 0;
  return {
    bias: rows.map(([bias]) => round(bias)),
    symbols,
    ends: rows.map(([, , pairs]) => (count += pairs.length)),
    cells: rows.flatMap(([, , pairs]) => pairs.map(([cell]) => cell)),
    factors: rows.flatMap(([, , pairs]) => pairs.map(([, weight]) => round(weight))),
  };
}
