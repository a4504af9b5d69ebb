// Where the reader stands: after how many symbols, and how much of the last one's step is shown.
//
//     { position, shown }      shown counts parts or cells, up to units(position); all of them where shown whole

/** One unit further; the same where nothing is left. */
export function onward({ position, shown }, length, units) {
  if (shown < units(position)) return { position, shown: shown + 1 };
  return position < length ? { position: position + 1, shown: 1 } : { position, shown };
}

/** One unit back: the exact inverse of onward. */
export function backward({ position, shown }, units) {
  if (position === 0) return { position, shown: units(0) };
  return shown > 1 ? { position, shown: shown - 1 } : { position: position - 1, shown: units(position - 1) };
}

/** Standing after so many symbols, with all shown. */
export function standing(position, units) {
  return { position, shown: units(position) };
}
