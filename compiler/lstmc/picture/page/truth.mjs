// The truth strip: what is proved for these weights, and how close any decision has come to the wrong side.

import { make, say } from "./dom.mjs";
import { marginText } from "./numbers.mjs";

const KINDS = { "every-length": "every length", bounded: "bounded", refused: "refused" };

/** The verdicts, once; they are about the weights as compiled. */
export function listVerdicts(table, verdicts) {
  const rows = verdicts.map(({ contract, kind, detail, margin }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, contract),
      make("td", {}, make("span", { class: `verdict ${kind}` }, KINDS[kind])),
      make("td", {}, detail ?? ""),
      make("td", {}, margin === null ? "" : marginText(margin)),
    ),
  );
  table.tBodies[0].replaceChildren(...rows);
}

/** What holds for what runs now: { kind, text }. */
export function truthNow(verdicts, dtype, damage, damaged) {
  if (damage.seed)
    return { kind: "refused", text: "The seed's toy weights: made by hand, and no proof holds for them." };
  if (damaged && (damage.gain !== 1 || damage.noise))
    return { kind: "refused", text: "Damaged: nothing is proved for what runs now." };
  const contract = damage.format === "int8" ? "int8-weights" : damage.format || dtype;
  const verdict = verdicts.find((each) => each.contract === contract);
  if (!verdict) return { kind: "unknown", text: "No proof came with these weights." };
  const under = `under the contract ${contract}`;
  if (verdict.kind === "every-length")
    return { kind: verdict.kind, text: `Proved ${under}: right on strings of every length.` };
  if (verdict.kind === "bounded") return { kind: verdict.kind, text: `Proved ${under}, as long as ${verdict.detail}.` };
  return { kind: verdict.kind, text: `Not proved ${under}: ${verdict.detail}.` };
}

/** The strip. history: what was computed so far; position; known: whether a grammar judges. */
export function showTruth(elements, { now, history, position, smallestProved, total }) {
  say(elements.verdict, now.text);
  elements.verdict.className = `verdict ${now.kind}`;
  const smallest = history.smallest[position];
  const proved = smallestProved === null ? "" : `; proved never to be below ${marginText(smallestProved)}`;
  say(
    elements.margin,
    `Smallest margin so far: ${marginText(smallest)}${smallest < 0 ? ", on the wrong side" : ""}${proved}`,
  );
  elements.margin.classList.toggle("bad", smallest < 0);
  const wrong = history.firstWrong;
  elements.wrong.hidden = wrong === null;
  if (wrong !== null)
    say(
      elements.wrong,
      wrong === 0 ? "⚠ Wrong before the first symbol" : `⚠ First wrong prediction: after symbol ${wrong}`,
    );
  const rest = total - history.reached;
  say(
    elements.checked,
    wrong === null && total > 0
      ? rest
        ? `${history.reached} of ${total} symbols checked`
        : `All ${total} predictions on the tape are right`
      : "",
  );
}
