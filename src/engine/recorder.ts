/** What became of the requests that arrived within the measured span: counts, latencies, waits, objectives. */
import { Histogram } from './histogram.ts';
import { CountsByHour, HourGrid, hourGridOf, type RequestHours } from './hours.ts';
import type { Scenario } from './scenario.ts';
import { HOUR_REQUESTS, type HourRequest, type RequestCounts } from './totals.ts';

const FOR_EVER = new HourGrid(0, 0, 0);

export class Recorder {
  readonly latency = new Histogram();
  readonly wait = new Histogram();
  readonly withinLatency: Float64Array;
  readonly withinWait: Float64Array;
  readonly latencyThresholdsUs: Float64Array;
  private readonly waitThresholdsUs: Float64Array;
  private readonly fromUs: number;
  private readonly toUs: number;
  private arrived = 0;
  private completed = 0;
  private rejected = 0;
  private timedOut = 0;
  private late = 0;
  private retries = 0;
  private cold = 0;
  /** Where no hours are told apart, one that lasts for ever: a field of one class costs less than one that may be null. */
  private readonly hours: CountsByHour;

  constructor(scenario: Scenario) {
    this.latencyThresholdsUs = Float64Array.from(scenario.latencyThresholdsUs);
    this.waitThresholdsUs = Float64Array.from(scenario.waitThresholdsUs);
    this.withinLatency = new Float64Array(this.latencyThresholdsUs.length);
    this.withinWait = new Float64Array(this.waitThresholdsUs.length);
    this.fromUs = scenario.measure?.fromUs ?? Number.NEGATIVE_INFINITY;
    this.toUs = scenario.measure?.toUs ?? Number.POSITIVE_INFINITY;
    this.hours = new CountsByHour(hourGridOf(scenario) ?? FOR_EVER, this.counters());
  }

  /** What is counted next belongs to requests that arrived in the hour of `firstUs`. */
  turnTo(firstUs: number): void {
    const { hours } = this;
    if (firstUs >= hours.hourFromUs && firstUs < hours.hourToUs) return;
    hours.turnTo(firstUs, this.counters());
  }

  /** Whether a request whose first attempt arrived then is counted. */
  counts(firstUs: number): boolean {
    return firstUs >= this.fromUs && firstUs < this.toUs;
  }

  arrives(firstUs: number): void {
    if (!this.counts(firstUs)) return;
    this.turnTo(firstUs);
    this.arrived++;
  }

  /** A request goes on elsewhere, and is counted there. */
  hands(firstUs: number, to: Recorder): void {
    if (!this.counts(firstUs)) return;
    this.turnTo(firstUs);
    to.turnTo(firstUs);
    this.arrived--;
    to.arrived++;
  }

  retried(firstUs: number): void {
    if (this.counts(firstUs)) this.retries++;
  }

  rejects(firstUs: number): void {
    if (!this.counts(firstUs)) return;
    this.turnTo(firstUs);
    this.rejected++;
  }

  timesOut(firstUs: number): void {
    if (!this.counts(firstUs)) return;
    this.turnTo(firstUs);
    this.timedOut++;
  }

  completes(firstUs: number, waitUs: number, latencyUs: number, cold: number, late: boolean): void {
    if (!this.counts(firstUs)) return;
    this.turnTo(firstUs);
    this.completed++;
    this.cold += cold;
    this.latency.add(latencyUs);
    this.wait.add(waitUs);
    if (late) {
      this.late++;
      return;
    }
    const { latencyThresholdsUs, waitThresholdsUs } = this;
    for (let i = 0; i < latencyThresholdsUs.length; i++) {
      if (latencyUs <= latencyThresholdsUs[i]!) this.withinLatency[i]!++;
    }
    for (let i = 0; i < waitThresholdsUs.length; i++) {
      if (waitUs <= waitThresholdsUs[i]!) this.withinWait[i]!++;
    }
  }

  /** Requests arrived and found a free slot; `late` of them will be late. Their latencies are in the histogram already. */
  completeAtOnce(requests: number, late: number): void {
    this.arrived += requests;
    this.completed += requests;
    this.late += late;
    this.wait.addZeros(requests);
    for (let i = 0; i < this.withinWait.length; i++) this.withinWait[i]! += requests - late;
  }

  /** Where hours are told apart. */
  byHour(): RequestHours {
    const columns = this.hours.counts(this.counters());
    const { length } = HOUR_REQUESTS;
    const requests = HOUR_REQUESTS.map((key, i) => [key, columns[i]!]);
    return {
      requests: Object.fromEntries(requests) as Record<HourRequest, Float64Array>,
      withinLatency: columns.slice(length, length + this.withinLatency.length),
      withinWait: columns.slice(length + this.withinLatency.length),
    };
  }

  private counters(): readonly number[] {
    const counted = HOUR_REQUESTS.map((key) => this[key]);
    return [...counted, ...this.withinLatency, ...this.withinWait];
  }

  requests(): RequestCounts {
    const { arrived, completed, rejected, timedOut, late, retries, cold } = this;
    return { arrived, completed, rejected, timedOut, late, retries, cold };
  }
}
