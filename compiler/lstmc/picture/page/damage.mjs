// The damage lab: the same network with softer gates, noise in its weights, or rounded numbers.

import { gaussian, randomStream } from "./numbers.mjs";

export const NO_DAMAGE = Object.freeze({ gain: 1, noise: 0, random: 1, format: "", seed: false });
const LEVELS = 127; // of an int8 number on each side of 0

/** Whether anything is done to the weights. */
export function isDamaged(damage) {
  return damage.gain !== 1 || damage.noise !== 0 || damage.format !== "" || damage.seed;
}

/** The network that the damage leaves: functions start and step. With no damage, that of the weights as they are. */
export function runDamaged(machine, damage) {
  const weights = damagedWeights(machine, damage);
  const format = damage.format === "int8" ? "float32" : damage.format || machine.about.dtype;
  return { ...machine.network(weights, format), weights };
}

/** The weights, first softened, then noisy, then rounded to int8. Other formats round while they compute. */
export function damagedWeights(machine, damage) {
  let weights = machine.weights;
  if (damage.gain !== 1) weights = mapped(weights, (w, part) => (machine.gates.includes(part) ? w * damage.gain : w));
  if (damage.noise) {
    const random = randomStream(damage.random);
    weights = mapped(weights, (w) => w * (1 + damage.noise * gaussian(random)));
  }
  return damage.format === "int8" ? quantized(machine, weights) : weights;
}

function mapped(weights, change) {
  const rows = ([part, tests]) => [
    part,
    tests.map(([bias, symbols, cells]) => [
      change(bias, part, "bias"),
      symbols.map(([x, w]) => [x, change(w, part, "symbols")]),
      cells.map(([k, w]) => [k, change(w, part, "cells")]),
    ]),
  ];
  return Object.fromEntries(Object.entries(weights).map(rows));
}

/** Each matrix rounded to 255 levels of its largest weight; several gates may share one, as in frameworks. */
function quantized(machine, weights) {
  const matrices = new Map(Object.values(machine.formulas).map(({ weights: part, matrices }) => [part, matrices]));
  const largest = new Map();
  mapped(weights, (w, part, source) => {
    const name = matrices.get(part)[source];
    largest.set(name, Math.max(largest.get(name) ?? 0, Math.abs(w)));
    return w;
  });
  return mapped(weights, (w, part, source) => {
    const unit = largest.get(matrices.get(part)[source]) / LEVELS;
    return source === "bias" || unit === 0 ? w : Math.round(w / unit) * unit;
  });
}
