/**
 * The services of a run, and the starts that became ready, one by one: for bounds that look back at what was served. Kept
 * only where a scenario asks for it; pings are nobody's service.
 */
import { grown } from './indexed-heap.ts';
import type { Replicas } from './replicas.ts';

export interface KeptServices {
  /** In no order: [beginUs, endUs) of each service, whatever ended it. */
  readonly beginUs: Float64Array;
  readonly endUs: Float64Array;
  /** Of each start that became ready: when, and how long each start phase took. */
  readonly readyUs: Float64Array;
  readonly phaseUs: Float64Array;
}

export class ServiceKeeper {
  private readonly phases: number;
  private beginUs = new Float64Array(1024);
  private endUs = new Float64Array(1024);
  private services = 0;
  private readyUs = new Float64Array(64);
  private phaseUs: Float64Array;
  private starts = 0;

  constructor(phases: number) {
    this.phases = phases;
    this.phaseUs = new Float64Array(64 * phases);
  }

  serves(beginUs: number, endUs: number): void {
    if (this.services === this.beginUs.length) {
      this.beginUs = grown(this.beginUs, this.services + 1);
      this.endUs = grown(this.endUs, this.services + 1);
    }
    this.beginUs[this.services] = beginUs;
    this.endUs[this.services++] = endUs;
  }

  becomesReady(replicas: Replicas, replica: number): void {
    const { phases, starts } = this;
    if (starts === this.readyUs.length) {
      this.readyUs = grown(this.readyUs, starts + 1);
      this.phaseUs = grown(this.phaseUs, this.readyUs.length * phases);
    }
    this.readyUs[starts] = replicas.readyUs[replica]!;
    for (let phase = 0; phase < phases; phase++) {
      this.phaseUs[starts * phases + phase] = replicas.phaseUs[replica * phases + phase]!;
    }
    this.starts++;
  }

  kept(): KeptServices {
    return {
      beginUs: this.beginUs.subarray(0, this.services),
      endUs: this.endUs.subarray(0, this.services),
      readyUs: this.readyUs.subarray(0, this.starts),
      phaseUs: this.phaseUs.subarray(0, this.starts * this.phases),
    };
  }
}
