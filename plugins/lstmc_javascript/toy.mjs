const CARRIED = ["memory"]; // what a step needs of the state before it
const ON = 0.5; // a cell is on that remembers more; on it is 1, off 0
const THRESHOLD = 0.5; // a symbol may come where the readout is above

/** memory' = eraser*memory + write filter*writer */
function advance({ memory: before }, symbol, { sums, sigmoid, tanh, round }) {
  const eraser = sums("eraser", before, symbol).map(sigmoid);
  const writer = sums("writer", before, symbol).map(tanh);
  const writeFilter = sums("write filter", before, symbol).map(sigmoid);
  const memory = before.map((old, k) => round(round(eraser[k] * old) + round(writeFilter[k] * writer[k])));
  return { "memory before": before, eraser, writer, "write filter": writeFilter, memory };
}

/** readout = reader*read filter, for each symbol */
function read(state, { sums, sigmoid, tanh, round }) {
  const readFilter = sums("read filter", state.memory).map(sigmoid);
  const reader = sums("reader", state.memory).map(tanh);
  const readout = reader.map((value, n) => round(value * readFilter[n]));
  return { ...state, "read filter": readFilter, reader, readout };
}
