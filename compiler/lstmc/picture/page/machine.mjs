// A network that can run: its labels, its weights, and where to find things in its states.

// What differs between the types of cells. carried: what its gates read of the step before, and its readers of this one
const TYPES = {
  lstm: {
    carried: "reader",
    remembers: "h",
    on: Math.tanh(1) / 2, // a cell is on that shows more
    threshold: 0, // a symbol may come where the readout is above
    gates: ["eraser", "writer", "write filter", "read filter"],
    layers: { readout: "reader", output: "output" }, // parts that read all cells, and what their weights are called
    rows: [
      ["input", "symbols"],
      ["memory before", "cells"],
      ["reader before", "cells"],
      ["eraser", "cells"],
      ["writer", "cells"],
      ["write filter", "cells"],
      ["memory", "cells"],
      ["read filter", "cells"],
      ["reader", "cells"],
      ["readout", "symbols"],
    ],
  },
  toy: {
    carried: "memory",
    remembers: "memory",
    on: 0.5,
    threshold: 0.5,
    gates: ["eraser", "writer", "write filter"],
    layers: { reader: "reader", "read filter": "read filter", output: "output" },
    rows: [
      ["input", "symbols"],
      ["memory before", "cells"],
      ["eraser", "cells"],
      ["writer", "cells"],
      ["write filter", "cells"],
      ["memory", "cells"],
      ["read filter", "symbols"],
      ["reader", "symbols"],
      ["readout", "symbols"],
    ],
  },
};

/** From the exported module: what the page needs to run it. `words` tells for each part and cell what it does. */
export function machineOf(module, words) {
  const type = TYPES[module.about.cell];
  const { alphabet, end, outputs, cells } = module.about;
  return {
    ...type,
    ...module,
    words,
    alphabet,
    end,
    outputs,
    cells,
    symbols: [...alphabet, end],
    rows: [
      ...type.rows,
      ["prediction", "symbols"],
      ["selection", "symbols"],
      ...(outputs.length ? [["output", "outputs"]] : []),
    ],
  };
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
  return state[machine.carried].flatMap((value, k) => (value > machine.on ? [k] : []));
}

/** Every row of parts of one step: name → numbers. before, next: the state before and the symbol that comes, if any. */
export function partsOf(machine, before, state, symbol, next) {
  const found = {};
  const allowed = allowedBy(machine, state);
  for (const [part] of machine.rows) {
    if (part === "input") found[part] = machine.symbols.map((_, x) => (x === symbol ? 1 : 0));
    else if (part === "memory before") found[part] = before ? before.memory : null;
    else if (part === "reader before") found[part] = before ? before.reader : null;
    else if (part === "prediction") found[part] = machine.probabilities(state) ?? allowed.map(Number);
    else if (part === "selection") found[part] = machine.symbols.map((_, x) => (x === next ? 1 : 0));
    else found[part] = state[part] ?? null; // before the first symbol no gate has computed anything
  }
  return found;
}
