/** How much a cumulative figure has grown within the last window: marks of it at every tick, in a ring. */
import { assert } from '../../base/errors.ts';
import { ZERO_US } from '../../base/units.ts';

export class SignalWindow {
  /** Of the latest `growth`: the time that it is over, less than the window until that is full. */
  spanUs = ZERO_US;
  private readonly tickUs: number;
  private readonly atUs: Float64Array;
  private readonly marks: Float64Array;
  private readonly mask: number;
  private newest = 0;
  private count = 1;

  /** @param longestUs of the windows that will be asked for, a whole number of ticks. There is a mark of 0 at time 0. */
  constructor(longestUs: number, tickUs: number) {
    assert(longestUs % tickUs === 0, 'a window is a whole number of ticks');
    const capacity = 2 ** Math.ceil(Math.log2(longestUs / tickUs + 2));
    this.tickUs = tickUs;
    this.atUs = new Float64Array(capacity);
    this.marks = new Float64Array(capacity);
    this.mask = capacity - 1;
  }

  /** Forgets all before now. */
  restart(nowUs: number, figure: number): void {
    this.count = 0;
    this.record(nowUs, figure);
  }

  record(nowUs: number, figure: number): void {
    this.newest = (this.newest + 1) & this.mask;
    this.atUs[this.newest] = nowUs;
    this.marks[this.newest] = figure;
    if (this.count <= this.mask) this.count++;
  }

  /**
   * Growth within (now - window, now]. Between two ticks, where no mark stands at the window's start, from the next mark on:
   * never older than the window.
   */
  growth(nowUs: number, windowUs: number, figure: number): number {
    const sinceNewestUs = nowUs - this.atUs[this.newest]!;
    const back = Math.max(0, Math.floor((windowUs - sinceNewestUs) / this.tickUs));
    const mark = (this.newest - Math.min(back, this.count - 1)) & this.mask;
    this.spanUs = nowUs - this.atUs[mark]!;
    return figure - this.marks[mark]!;
  }
}
