/** How fast configurations have been finishing lately, and so how long the others may take. */

/** Long enough to level batches out, short enough to follow a grid whose rows differ. */
const WINDOW_MS = 30_000;
const LEAST_GAP_MS = 500;
/** Below this the start of the threads is most of what a clock sees. */
const LEAST_MS = 2_000;

interface Mark {
  readonly atMs: number;
  readonly done: number;
}

export class Pace {
  #marks: Mark[] = [];

  /** @param done so far, without what was there from the beginning */
  note(atMs: number, done: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && atMs - last.atMs < LEAST_GAP_MS) return;
    this.#marks.push({ atMs, done });
    const oldest = this.#marks.findLastIndex((mark) => atMs - mark.atMs >= WINDOW_MS);
    if (oldest > 0) this.#marks = this.#marks.slice(oldest);
  }

  /** @returns null as long as it says nothing */
  perSecond(): number | null {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined) return null;
    const tookMs = last.atMs - first.atMs;
    const finished = last.done - first.done;
    return tookMs < LEAST_MS || finished <= 0 ? null : (finished * 1_000) / tookMs;
  }
}
