/** An alarm: on while so many of the last so many datapoints breach. */
import type { Datapoints } from './control-rule.ts';

export class Alarm {
  private readonly needed: number;
  private readonly breaches: Uint8Array;
  private next = 0;
  private count = 0;

  constructor({ needed, of }: Datapoints) {
    this.needed = needed;
    this.breaches = new Uint8Array(of);
  }

  /** @returns whether the alarm is on with this datapoint */
  record(breach: boolean): boolean {
    this.count += Number(breach) - this.breaches[this.next]!;
    this.breaches[this.next] = Number(breach);
    this.next = (this.next + 1) % this.breaches.length;
    return this.count >= this.needed;
  }

  clear(): void {
    this.breaches.fill(0);
    this.count = 0;
  }
}
