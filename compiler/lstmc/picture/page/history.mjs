// A string on its way through a network: any step at once, and the same numbers each time.
//
// States are plain values, and a step is a pure function: so a few of them are kept, and the others computed again. The
// grammar follows beside, and says of every prediction whether it is right, and by how much.

const KEPT = 2_000_000; // numbers that may be kept of all states of a string

export class History {
  /** run: the network's start and step; follower: the grammar; allowedBy: what the network says may come next. */
  constructor({ machine, run, follower, allowedBy }, tokens) {
    this.machine = machine;
    this.run = run;
    this.follower = follower;
    this.allowedBy = allowedBy;
    this.tokens = tokens;
    this.spacing = Math.max(1, Math.ceil((tokens.length * machine.cells.length * 8) / KEPT));
    const start = { state: run.start(), truth: follower.start() };
    this.kept = [start];
    this.last = start; // the furthest step that was computed, and where it is
    this.reached = 0;
    this.smallest = [this.marginOf(start)]; // the smallest margin up to each position
    this.firstWrong = this.wrongAt(start).length ? 0 : null;
    this.again = { position: 0, step: start }; // the last step that was asked for
  }

  /** The network's state and the grammar's after so many symbols. */
  at(position) {
    this.reach(position);
    if (position === this.reached) return this.last;
    const kept = position - (position % this.spacing);
    const near = this.again.position <= position && this.again.position >= kept;
    let n = near ? this.again.position : kept;
    let step = near ? this.again.step : this.kept[kept / this.spacing];
    for (; n < position; n++) step = this.after(step, this.tokens[n]);
    this.again = { position, step };
    return step;
  }

  /** Compute at least so many steps. */
  reach(position) {
    while (this.reached < position) {
      this.last = this.after(this.last, this.tokens[this.reached]);
      this.reached += 1;
      if (this.reached % this.spacing === 0) this.kept.push(this.last);
      const margin = this.marginOf(this.last);
      if (!(margin > 0) && this.firstWrong === null && this.wrongAt(this.last).length) this.firstWrong = this.reached;
      this.smallest.push(Math.min(this.smallest.at(-1), margin));
    }
  }

  /** Compute on for some milliseconds; whether the string's end is reached. */
  proceed(milliseconds) {
    const stop = performance.now() + milliseconds;
    while (this.reached < this.tokens.length && performance.now() < stop) {
      this.reach(Math.min(this.tokens.length, this.reached + 16));
    }
    return this.reached === this.tokens.length;
  }

  /** Continue with another string that has a beginning in common; nothing of that is computed again. */
  follow(tokens) {
    let common = 0;
    while (common < tokens.length && common < this.tokens.length && tokens[common] === this.tokens[common]) common++;
    if (tokens.length * this.machine.cells.length * 8 > KEPT * this.spacing) {
      return new History(this, tokens);
    }
    if (common < this.reached) {
      const kept = Math.floor(common / this.spacing);
      const step = this.at(common);
      this.kept.length = kept + 1;
      this.smallest.length = common + 1;
      this.last = step;
      this.reached = common;
      if (this.firstWrong > common) this.firstWrong = null;
    }
    this.again = { position: 0, step: this.kept[0] };
    this.tokens = tokens;
    return this;
  }

  after({ state, truth }, symbol) {
    return { state: this.run.step(state, symbol), truth: this.follower.step(truth, symbol) };
  }

  /** How far the closest decision of the readout is from the wrong side; below 0 it is wrong. */
  marginOf({ state, truth }) {
    const allowed = this.follower.allowed(truth);
    const { threshold } = this.machine;
    const least = state.readout.reduce(
      (best, value, x) => Math.min(best, allowed[x] ? value - threshold : threshold - value), // NaN stays NaN
      Infinity,
    );
    return Number.isNaN(least) ? -Infinity : least;
  }

  /** Which predictions at a step are wrong: numbers of symbols. */
  wrongAt({ state, truth }) {
    const said = this.allowedBy(this.machine, state);
    return this.follower.allowed(truth).flatMap((allowed, x) => (allowed === said[x] ? [] : [x]));
  }
}
