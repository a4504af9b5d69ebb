// A network that can run: its labels, its weights, and where to find things in its states.

/**
 * From the exported module: what the page needs to run it. cells: for each cell type what page_cell.py knows of it;
 * words: for each part and cell what it does.
 */
export function machineOf(module, cells, words) {
  const type = cells[module.about.cell];
  const { alphabet, end, outputs } = module.about;
  return {
    ...type,
    ...module,
    words,
    alphabet,
    end,
    outputs,
    cells: module.about.cells,
    symbols: [...alphabet, end],
    rows: [
      ...type.rows,
      ["prediction", "symbols"],
      ["selection", "symbols"],
      ...(outputs.length ? [["output", "outputs"]] : []),
    ],
  };
}

/** What the gates read of other cells: the part that holds what they showed before the step. */
export function beforePart(machine) {
  return `${machine.states[0]} before`;
}

/** The names of what a row of parts has numbers for. */
export function columnsOf(machine, kind) {
  return { symbols: machine.symbols, outputs: machine.outputs, cells: machine.cells.map((cell) => cell.name) }[kind];
}

/** Which symbols may come next, the end last, as the network says. */
export function allowedBy(machine, state) {
  return state.readout.map((value) => value > machine.threshold);
}

/** The numbers of the cells that are on. */
export function cellsOn(machine, state) {
  return state[machine.states[0]].flatMap((value, k) => (value > machine.on ? [k] : []));
}

/** Every row of parts of one step: name → numbers. before, next: the state before and the symbol that comes, if any. */
export function partsOf(machine, before, state, symbol, next) {
  const found = {};
  const allowed = allowedBy(machine, state);
  const carried = new Map(machine.states.map((part) => [`${part} before`, part]));
  for (const [part] of machine.rows) {
    if (part === "input") found[part] = machine.symbols.map((_, x) => (x === symbol ? 1 : 0));
    else if (carried.has(part)) found[part] = before ? before[carried.get(part)] : null;
    else if (part === "prediction") found[part] = machine.probabilities(state) ?? allowed.map(Number);
    else if (part === "selection") found[part] = machine.symbols.map((_, x) => (x === next ? 1 : 0));
    else found[part] = state[part] ?? null; // before the first symbol no gate has computed anything
  }
  return found;
}
