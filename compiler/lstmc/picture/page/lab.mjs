// The damage lab: its controls, and what they say.

import { NO_DAMAGE } from "./damage.mjs";
import { one, say } from "./dom.mjs";
import { weightText } from "./numbers.mjs";

const FULL = 100; // the gain's slider at the right end: as compiled; ten to the left halves it

/** Connect the controls: change(damage) with every move, loop(times) for the long loop. */
export class Lab {
  constructor(change) {
    this.damage = NO_DAMAGE;
    const changed = () => {
      this.damage = this.read();
      change(this.damage);
    };
    for (const id of ["lab-gain", "lab-noise", "lab-random"]) one(id).addEventListener("input", changed);
    for (const id of ["lab-format", "lab-seed"]) one(id).addEventListener("change", changed);
    one("lab-mend").addEventListener("click", () => {
      this.set(NO_DAMAGE);
      change(this.damage);
    });
  }

  read() {
    return {
      gain: 2 ** ((Number(one("lab-gain").value) - FULL) / 10),
      noise: Number(one("lab-noise").value) / 100,
      random: Math.trunc(Number(one("lab-random").value)) || 0,
      format: one("lab-format").value,
      seed: one("lab-seed").checked && !one("lab-seed").disabled,
    };
  }

  set(damage) {
    one("lab-gain").value = FULL + 10 * Math.log2(damage.gain);
    one("lab-noise").value = damage.noise * 100;
    one("lab-random").value = damage.random;
    one("lab-format").value = damage.format;
    one("lab-seed").checked = damage.seed;
    this.damage = this.read();
  }

  /** Say in numbers what the sliders are set to. */
  show(gain) {
    const now = gain * this.damage.gain;
    const part =
      this.damage.gain === 1 ? "as compiled" : `${weightText(Number((100 * this.damage.gain).toPrecision(2)))} %`;
    const text = `${weightText(Number(now.toPrecision(3)))} (${part})`;
    say(one("lab-gain-value"), text);
    one("lab-gain").setAttribute("aria-valuetext", text);
    const noise = `${Math.round(this.damage.noise * 100)} % of each weight`;
    say(one("lab-noise-value"), this.damage.noise ? noise : "none");
    one("lab-noise").setAttribute("aria-valuetext", this.damage.noise ? noise : "none");
  }

  /** For a link: what differs from no damage, as text. */
  toText() {
    const d = this.damage;
    return {
      ...(d.gain !== 1 ? { gain: one("lab-gain").value } : {}),
      ...(d.noise ? { noise: one("lab-noise").value, random: d.random } : {}),
      ...(d.format ? { format: d.format } : {}),
      ...(d.seed ? { toy: 1 } : {}),
    };
  }

  /** The same back. Values that a control does not take change nothing. */
  fromText({ gain, noise, random, format, toy }) {
    this.set(NO_DAMAGE);
    if (Number.isFinite(Number(gain)) && gain) one("lab-gain").value = gain;
    if (Number.isFinite(Number(noise)) && noise) one("lab-noise").value = noise;
    if (Number.isFinite(Number(random)) && random) one("lab-random").value = random;
    if ([...one("lab-format").options].some(({ value }) => value === format)) one("lab-format").value = format;
    one("lab-seed").checked = toy === "1" && !one("lab-seed").disabled;
    this.damage = this.read();
  }
}
