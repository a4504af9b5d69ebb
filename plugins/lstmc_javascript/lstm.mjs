const CARRIED = ["reader", "memory"]; // what a step needs of the state before it: an LSTM's h and c
const ON = Math.tanh(1) / 2; // a cell is on that shows more; on it shows tanh 1, off 0
const THRESHOLD = 0; // a symbol may come where the readout is above

/** memory' = eraser*memory + write filter*writer        reader = read filter*tanh(memory') */
function advance({ reader: h, memory: before }, symbol, { sums, sigmoid, tanh, round }) {
  const eraser = sums("eraser", h, symbol).map(sigmoid);
  const writer = sums("writer", h, symbol).map(tanh);
  const writeFilter = sums("write filter", h, symbol).map(sigmoid);
  const readFilter = sums("read filter", h, symbol).map(sigmoid);
  const memory = before.map((old, k) => round(round(eraser[k] * old) + round(writeFilter[k] * writer[k])));
  const reader = memory.map((value, k) => round(readFilter[k] * tanh(value)));
  return { "memory before": before, eraser, writer, "write filter": writeFilter, memory, "read filter": readFilter, reader };
}

/** readout = reader*h + bias */
function read(state, { sums }) {
  return { ...state, readout: sums("reader", state.reader) };
}
