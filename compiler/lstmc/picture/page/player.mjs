// Plays a session: a step after another, and behind the end whatever the network chooses, if that is wanted.

import { randomStream } from "./numbers.mjs";

const SLOWEST = 1360; // milliseconds from step to step at speed 1
const FASTER = 1.62; // each speed is so many times the one before
const APART = 1_000_003; // makes numbers of seeds and positions differ

/** speed(), keepsWriting() and seed() ask the controls; changed is called when playing begins or ends. */
export class Player {
  constructor(session, { speed, keepsWriting, seed, changed }) {
    Object.assign(this, { session, speed, keepsWriting, seed, changed, timer: null });
  }

  get playing() {
    return this.timer !== null;
  }

  toggle() {
    if (this.playing) return this.pause();
    if (this.session.atEnd && !this.keepsWriting()) this.session.go(0);
    this.timer = setTimeout(() => this.tick(), 0);
    return this.changed();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.changed();
  }

  tick() {
    const moved = this.session.step() || (this.keepsWriting() && !this.session.ended && this.choose());
    if (!moved) return this.pause();
    this.timer = setTimeout(() => this.tick(), SLOWEST / FASTER ** (this.speed() - 1));
    return undefined;
  }

  /** With a seed the same network chooses the same string again. */
  choose() {
    const seed = this.seed();
    return this.session.choose(seed === null ? Math.random() : randomStream(seed * APART + this.session.position)());
  }
}
