// What each number is computed from: the wires of the picture, and the terms of the formulas.
//
//     { kind: "sum", squash, terms: [{ weight, part, index }], bias }    a test, or a line of a reader
//     { kind: "memory" | "reader" | "readout" | ..., terms: [{ part, index }] }

const SQUASH = { eraser: "σ", writer: "tanh", "write filter": "σ", "read filter": "σ", reader: "tanh" };

/** Of one number: part by name, and which cell or symbol. */
export function wiring(machine, weights, part, n) {
  if (machine.gates.includes(part)) return sum(machine, weights[part][n], SQUASH[part], beforePart(machine));
  const layer = machine.layers[part];
  if (layer) return sum(machine, weights[layer][n], part === layer ? SQUASH[part] : undefined, machine.carried);
  if (part === "memory") return product(part, n, ["eraser", "memory before", "write filter", "writer"]);
  if (part === "reader") return product(part, n, ["read filter", "memory"]);
  if (part === "readout") return product(part, n, ["reader", "read filter"]);
  if (part === "prediction")
    return { kind: part, terms: machine.symbols.map((_, x) => ({ part: "readout", index: x })) };
  if (part === "selection") return product(part, n, ["prediction"]);
  return { kind: part, terms: [] }; // what comes in: the input, and what was remembered
}

/** Where the gates read other cells: the part that holds the step before. */
export function beforePart(machine) {
  return `${machine.carried} before`;
}

function sum(machine, [bias, symbols, cells], squash, source) {
  const read = [
    ...symbols.map(([index, weight]) => ({ weight, part: "input", index })),
    ...cells.map(([index, weight]) => ({ weight, part: source, index })),
  ];
  return { kind: "sum", squash: squash ?? "", terms: read.filter(({ weight }) => weight !== 0), bias };
}

function product(kind, n, parts) {
  return { kind, terms: parts.map((part) => ({ part, index: n })) };
}
