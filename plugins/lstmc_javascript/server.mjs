// The server around a snippet; compiler/lstmc/export/runtime.py says what it reads and writes.
//
//     node server.mjs snippet.mjs reader memory        the parts that make up a state, in order

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const HEAD = 12; // bytes: B, T, goes on

console.log = console.error; // what the snippet prints is no answer
const [snippet, ...carried] = process.argv.slice(2);
const { predict } = await import(pathToFileURL(resolve(snippet)));
await write(Buffer.from("READY\n"));

const chunks = process.stdin[Symbol.asyncIterator]();
let rest = Buffer.alloc(0);
let states;
for (let head; (head = await read(HEAD)); ) {
  const [batch, time, goesOn] = [0, 4, 8].map((place) => head.readInt32LE(place));
  const bytes = await read(4 * batch * time);
  const tokens = Array.from({ length: batch }, (_, b) =>
    Array.from({ length: time }, (_, t) => bytes.readInt32LE(4 * (b * time + t))),
  );
  const began = performance.now();
  const found = predict(tokens, goesOn ? states : undefined);
  const seconds = (performance.now() - began) / 1000;
  states = found.states;
  const parts = carried.map((part) => states.map((state) => state[part]));
  await write(doubles([found.logits, found.outputs ?? [], parts, seconds].flat(Infinity)));
}

async function read(count) {
  const parts = [rest];
  for (let size = rest.length; size < count; size += parts.at(-1).length) {
    const { value, done } = await chunks.next();
    if (done) return null;
    parts.push(value);
  }
  const all = Buffer.concat(parts);
  rest = all.subarray(count);
  return all.subarray(0, count);
}

function write(bytes) {
  return new Promise((done) => process.stdout.write(bytes, done));
}

function doubles(numbers) {
  const bytes = Buffer.alloc(8 * numbers.length);
  numbers.forEach((number, n) => bytes.writeDoubleLE(number, 8 * n));
  return bytes;
}
