// What each number is computed from: the wires of the picture, and the terms of the formulas.
//
//     { kind: "sum", text, terms: [{ weight, part, index }], names: [{ part, index }], bias }
//     { kind: part, text, terms: [{ part, index }] }          a product and the like of some parts

/** Of one number: part by name, and which cell or symbol. */
export function wiring(machine, weights, part, n) {
  const formula = machine.formulas[part];
  if (formula?.weights) return sum(formula, weights[formula.weights][n], n);
  if (formula) return { kind: part, text: formula.text, terms: at(formula.names, n) };
  if (part === "prediction") return { kind: part, terms: machine.symbols.map((_, x) => ({ part: "readout", index: x })) };
  if (part === "selection") return { kind: part, terms: at(["prediction"], n) };
  return { kind: part, terms: [] }; // what comes in: the input, and what was remembered
}

function at(parts, n) {
  return parts.map((part) => ({ part, index: n }));
}

function sum({ text, names, over }, [bias, symbols, cells], n) {
  const read = [
    ...symbols.map(([index, weight]) => ({ weight, part: "input", index })),
    ...cells.map(([index, weight]) => ({ weight, part: over, index })),
  ];
  return { kind: "sum", text, terms: read.filter(({ weight }) => weight !== 0), names: at(names, n), bias };
}
