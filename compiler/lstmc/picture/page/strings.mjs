// Strings as people type them and as networks read them, names that can be shown, and links that bring all back.

const SHOWN = 24; // characters of a name where room is short
const WHOLE = 400; // characters of a name where there is room
const FEWEST = 4; // symbols that are worth a range

/**
 * Whether every symbol is one character: then strings are read character by character, else split at blanks, where a
 * symbol with blanks stands in double quotes, as in JSON. A whole string may be a JSON list of symbols, too.
 */
export function byCharacter(alphabet) {
  return alphabet.every((symbol) => [...symbol].length === 1);
}

/** The numbers of the symbols, up to the first unknown one: { tokens, unknown: null or { place, symbol } }. */
export function splitString(text, alphabet) {
  const number = new Map(alphabet.map((symbol, n) => [symbol, n]));
  const list = text.trim().startsWith("[") ? parsed(text) : null;
  const symbols =
    Array.isArray(list) &&
    list.every((symbol) => typeof symbol === "string") &&
    (list.every((symbol) => number.has(symbol)) || !alphabet.some((symbol) => symbol.startsWith("[")))
      ? list
      : byCharacter(alphabet)
        ? [...text].filter((c) => number.has(c) || c.trim() !== "")
        : (text.match(TOKEN) ?? []).map(unquoted);
  const stop = symbols.findIndex((symbol) => !number.has(symbol));
  const known = stop < 0 ? symbols : symbols.slice(0, stop);
  return {
    tokens: known.map((symbol) => number.get(symbol)),
    unknown: stop < 0 ? null : { place: stop + 1, symbol: symbols[stop] },
  };
}

/** The inverse of splitString, in one line. */
export function joinString(tokens, alphabet) {
  const symbols = tokens.map((x) => alphabet[x]);
  const text = byCharacter(alphabet) ? symbols.join("") : symbols.map(written).join(" ");
  if (!/^\s*\[|[\n\r]/.test(text)) return text;
  const same = !/[\n\r]/.test(text) && splitString(text, alphabet).tokens.join() === tokens.join();
  return same ? text : JSON.stringify(symbols);
}

const TOKEN = /"(?:[^"\\]|\\.)*"(?!\S)|\S+/g; // in quotes, with escapes; or what stands between blanks

function written(symbol) {
  return /^"|\s/.test(symbol) ? JSON.stringify(symbol) : symbol;
}

function unquoted(token) {
  const text = token.startsWith('"') ? parsed(token) : token;
  return typeof text === "string" ? text : token;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A name that can be shown in one line: nothing invisible, nothing that turns the text around it, not too long. */
export function shown(name, length = SHOWN) {
  const plain = name === "" ? "''" : name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escaped);
  const characters = [...plain.slice(0, 2 * length + 2)];
  return characters.length <= length ? plain : `${characters.slice(0, length - 1).join("")}…`;
}

/** The same with more room. */
export function whole(name) {
  return shown(name, WHOLE);
}

function escaped(character) {
  return `\\u{${character.codePointAt(0).toString(16)}}`;
}

/** Where symbols begin and end that stand together: one by one, but four or more that follow each other, as a to z. */
export function ranges(texts) {
  const follows = (text, next) =>
    [text, next].every((each) => /^[0-9A-Za-z]$/.test(each)) && next.charCodeAt() === text.charCodeAt() + 1;
  const found = [];
  for (let first = 0, end; first < texts.length; first = end) {
    for (end = first + 1; end < texts.length && follows(texts[end - 1], texts[end]); ) end++;
    if (end - first < FEWEST) end = first + 1;
    found.push([first, end]);
  }
  return found;
}

/** "a", "a or b", "a, b or c" */
export function listed(names, last = "or") {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}

/** What stands behind the # of a link. */
export function toHash({ name, tokens, position, damage }, alphabet) {
  const text = joinString(tokens, alphabet);
  const readable = splitString(text, alphabet).tokens.join() === tokens.join();
  const parts = { g: name, ...(readable ? { s: text } : { n: tokens.join(".") }), p: position, ...damage };
  return `#${new URLSearchParams(parts)}`;
}

/** The same back; null where it is no such link, or one for another grammar. Numbers that make no sense are dropped. */
export function fromHash(hash, name, alphabet) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  if (parts.get("g") !== name) return null;
  const numbers = (parts.get("n") ?? "").split(".").filter(Boolean).map(Number);
  const fit = numbers.every((x) => Number.isInteger(x) && x >= 0 && x < alphabet.length);
  const tokens = parts.has("n") ? (fit ? numbers : []) : splitString(parts.get("s") ?? "", alphabet).tokens;
  const position = Math.min(tokens.length, Math.max(0, Math.trunc(Number(parts.get("p"))) || 0));
  const damage = Object.fromEntries([...parts].filter(([key]) => !["g", "s", "n", "p"].includes(key)));
  return { tokens, position, damage };
}
