// Numbers as people read them, and random numbers that come again with their seed.

const EXACT_LOOK = 0.0005; // closer than this to a whole number, three digits cannot tell the difference

/** Three digits, or as many behind the point; ≈ stands before what only looks whole: a kept memory knows 1 from ≈1. */
export function short(x) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "NaN" : signed("∞", x);
  if (Number.isInteger(x) && Math.abs(x) < 1e6) return signed(String(Math.abs(x)), x);
  const rounded = Number(Math.abs(x) < 1 ? x.toFixed(3) : x.toPrecision(3));
  const whole = Math.abs(x) < EXACT_LOOK ? 0 : rounded;
  if (Number.isInteger(whole) && Math.abs(whole) < 1e6) return `≈${signed(String(Math.abs(whole)), whole)}`;
  return signed(power(String(Math.abs(rounded))), x);
}

/** A weight as it stands in a formula: up to seven digits. */
export function weightText(x) {
  return signed(power(String(Number(Math.abs(x).toPrecision(7)))), x);
}

/** A sum that a gate squashes: four digits. */
export function sumText(x) {
  return Number.isFinite(x) ? signed(power(String(Number(Math.abs(x).toPrecision(4)))), x) : short(x);
}

/** How far a decision is from the other one: never a mere 0 where it is not 0. */
export function marginText(x) {
  return signed(power(String(Number(Math.abs(x).toPrecision(3)))), x);
}

function signed(digits, x) {
  return x < 0 ? `−${digits}` : digits;
}

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

function power(digits) {
  const [factor, exponent] = digits.split("e");
  if (exponent === undefined) return digits;
  const raised = [...exponent.replace("+", "")].map((digit) => RAISED[digit]).join("");
  return `${factor === "1" ? "" : `${factor}·`}10${raised}`;
}

/** A stream of numbers from 0 to 1: the same for the same seed on every machine (mulberry32). */
export function randomStream(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A normally distributed number (Box and Muller, 1958). */
export function gaussian(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Which of the weights a number from 0 to 1 falls on; −1 where all are zero. */
export function chosen(weights, share) {
  const sum = weights.reduce((a, b) => a + b, 0);
  let left = share * sum;
  for (let n = 0; n < weights.length; n++) if (weights[n] > 0 && (left -= weights[n]) < 0) return n;
  return weights.findLastIndex((weight) => weight > 0);
}
