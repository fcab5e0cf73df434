/**
 * The pool's integrals over time, and its readings: at the edges of the observed period or of `measure`, at the end, and
 * at every interval of a time line. A reading at t counts what happened before t.
 */
import { ZERO_US } from '../base/units.ts';
import type { Attempt } from './attempts.ts';
import { type Front, READING } from './event-order.ts';
import { ExactSum } from './exact-sum.ts';
import { type HourGrid, hourCounts, hourGridOf } from './hours.ts';
import type { Meter } from './meter.ts';
import { difference } from './reading.ts';
import type { Recorder } from './recorder.ts';
import { type Replicas, STARTING } from './replicas.ts';
import type { Scenario } from './scenario.ts';
import type { Shortage } from './shortage.ts';
import { StepIntegral } from './step-integral.ts';
import { type HourCounts, LIMITS, MOST_INTERVALS, type Reading, type Timeline } from './totals.ts';
import type { WaitingQueue } from './waiting-queue.ts';

const AT_DOOR = LIMITS.indexOf('account-concurrency');

/** What a time line shows of who decides: how many replicas there should be, and what a controller read. */
interface Steered {
  readonly goal: number;
  readonly shortage: Shortage | null;
  readonly control: { readonly signal: number } | null;
}

export class Ledger {
  readonly starting = new StepIntegral();
  readonly ready = new StepIntegral();
  readonly busy = new StepIntegral();
  readonly draining = new StepIntegral();
  /** `replicas.min`: what a bill by count of always-on replicas asks for. */
  readonly floor = new StepIntegral();
  /** Requests in service, with more than one slot a replica. */
  readonly inService = new StepIntegral();
  /** Ready replicas that the floor asks for. */
  readonly held = new StepIntegral();
  /** Idle replicas that the floor asks for. */
  readonly kept = new StepIntegral();
  /** Requests that wait at the account's door, integrated: without a promise. */
  readonly atDoor = new StepIntegral();
  /** Sum of all service times, for Little's law. */
  readonly servedUs = new ExactSum();
  completed = 0;
  attempts = 0;
  /** Of attempts: retries, and pings. */
  again = 0;
  refused = 0;
  starts = 0;
  scheduledStarts = 0;

  private readonly front: Front;
  private readonly oneSlot: boolean;
  private readonly inputTokens = new ExactSum();
  private readonly cachedTokens = new ExactSum();
  private readonly outputTokens = new ExactSum();
  private readonly phaseUs: bigint[];
  private readonly marksUs: number[];
  private readonly readings: Reading[] = [];
  private readonly replicas: Replicas;
  private readonly queue: WaitingQueue;
  private readonly meters: readonly Meter[];
  private readonly steered: Steered;
  private readonly hours: HourGrid | null;
  private readonly hourReadings: Reading[] = [];
  private readonly intervalUs: number;
  private intervalBeganUs = ZERO_US;
  private intervalEndUs: number;
  private intervalStart = { starting: 0n, ready: 0n, busy: 0n, draining: 0n, waiting: 0n };
  private readonly lines = {
    starting: [] as number[],
    idle: [] as number[],
    busy: [] as number[],
    draining: [] as number[],
    waiting: [] as number[],
    desired: [] as number[],
    signal: [] as number[],
  };

  constructor(
    scenario: Scenario,
    front: Front,
    replicas: Replicas,
    queue: WaitingQueue,
    meters: readonly Meter[],
    oneSlot: boolean,
    steered: Steered,
  ) {
    this.steered = steered;
    this.front = front;
    const span = scenario.measure ?? scenario.period;
    this.oneSlot = oneSlot;
    this.marksUs = [span.fromUs, span.toUs];
    this.phaseUs = scenario.startPhases.map(() => 0n);
    this.replicas = replicas;
    this.queue = queue;
    this.meters = meters;
    this.intervalUs = scenario.timelineUs;
    this.intervalEndUs = this.intervalUs > 0 ? this.intervalUs : Number.POSITIVE_INFINITY;
    this.hours = hourGridOf(scenario);
    front[READING] = Math.min(span.fromUs, this.intervalEndUs);
  }

  /** A replica has been through its start phases. */
  started(replica: number): void {
    const { phaseUs } = this;
    for (let phase = 0; phase < phaseUs.length; phase++) {
      phaseUs[phase]! += BigInt(this.replicas.phaseUs[replica * phaseUs.length + phase]!);
    }
  }

  /** A request has completed. */
  completedTokens({ inputTokens, cachedTokens, outputTokens }: Attempt): void {
    this.inputTokens.add(inputTokens);
    this.cachedTokens.add(cachedTokens);
    this.outputTokens.add(outputTokens);
  }

  /** Of completed requests, input and output. */
  tokens(): number {
    return Number(this.inputTokens.value() + this.outputTokens.value());
  }

  /** Takes every reading that is due up to `untilUs`, before what happens then. */
  readUpTo(untilUs: number): void {
    while (this.front[READING]! <= untilUs) {
      const atUs = this.front[READING]!;
      if (atUs === this.intervalEndUs) {
        this.endInterval(atUs);
        const last = this.lines.busy.length === MOST_INTERVALS - 1;
        this.intervalEndUs = last ? Number.POSITIVE_INFINITY : atUs + this.intervalUs;
      }
      while (this.readings.length < 2 && this.marksUs[this.readings.length]! <= atUs) {
        this.readings.push(this.reading(atUs));
      }
      while (this.nextHourUs <= atUs) this.hourReadings.push(this.reading(atUs));
      const mark = this.marksUs[this.readings.length] ?? Number.POSITIVE_INFINITY;
      this.front[READING] = Math.min(mark, this.intervalEndUs, this.nextHourUs);
    }
  }

  /** The observed span between its two marks; both have been read. */
  observed(): Reading {
    return difference(this.readings[1]!, this.readings[0]!);
  }

  /** All edges of hours have been read. */
  byHour(recorder: Recorder): HourCounts | null {
    return this.hours && hourCounts(this.hours, recorder.byHour(), this.hourReadings);
  }

  private get nextHourUs(): number {
    const { hours, hourReadings } = this;
    const isOver = hours === null || hourReadings.length > hours.count;
    return isOver ? Number.POSITIVE_INFINITY : hours.edgeUs(hourReadings.length);
  }

  timeline(horizonUs: number): Timeline | null {
    if (this.intervalUs === 0) return null;
    if (horizonUs > this.intervalBeganUs) this.endInterval(horizonUs);
    const { lines } = this;
    return {
      intervalUs: this.intervalUs,
      starting: Float64Array.from(lines.starting),
      idle: Float64Array.from(lines.idle),
      busy: Float64Array.from(lines.busy),
      draining: Float64Array.from(lines.draining),
      waiting: Float64Array.from(lines.waiting),
      controlled:
        this.steered.control === null
          ? null
          : { desired: Float64Array.from(lines.desired), signal: Float64Array.from(lines.signal) },
    };
  }

  reading(atUs: number): Reading {
    const busyUs = this.busy.at(atUs);
    const drainingUs = this.draining.at(atUs);
    return {
      atUs,
      startingUs: this.starting.at(atUs),
      idleUs: this.ready.at(atUs) - busyUs,
      idleKeptUs: this.kept.at(atUs),
      busyUs,
      drainingUs,
      floorUs: this.floor.at(atUs),
      heldUs: this.held.at(atUs),
      inServiceUs: this.oneSlot ? busyUs + drainingUs : this.inService.at(atUs),
      waitForStartUs: this.queue.forStart.at(atUs),
      waitForLimitUs: this.queue.forLimit.at(atUs) + this.atDoor.at(atUs),
      shortageUs: this.steered.shortage?.at(atUs) ?? 0n,
      limitUs: this.limitsAt(atUs),
      phaseUs: this.phasesAt(atUs),
      meters: this.meters.map((meter) => meter.reading(atUs)),
      completed: this.completed,
      attempts: this.attempts,
      arrived: this.attempts - this.again,
      inputTokens: this.inputTokens.value(),
      cachedTokens: this.cachedTokens.value(),
      outputTokens: this.outputTokens.value(),
      starts: this.starts,
      scheduledStarts: this.scheduledStarts,
    };
  }

  private limitsAt(atUs: number): bigint[] {
    const us = this.queue.limitsAt(atUs);
    us[AT_DOOR]! += this.atDoor.at(atUs);
    return us;
  }

  /** Starting time by phase, with the part that starting replicas have been through. */
  private phasesAt(atUs: number): bigint[] {
    const { replicas } = this;
    const phases = [...this.phaseUs];
    for (let replica = 0; replica < replicas.end; replica++) {
      if (!replicas.isAlive(replica) || replicas.state[replica] !== STARTING) continue;
      let leftUs = atUs - replicas.startUs[replica]!;
      for (let phase = 0; phase < phases.length; phase++) {
        const passedUs = Math.min(leftUs, replicas.phaseUs[replica * phases.length + phase]!);
        phases[phase]! += BigInt(passedUs);
        leftUs -= passedUs;
      }
    }
    return phases;
  }

  private endInterval(atUs: number): void {
    const end = {
      starting: this.starting.at(atUs),
      ready: this.ready.at(atUs),
      busy: this.busy.at(atUs),
      draining: this.draining.at(atUs),
      waiting: this.queue.forStart.at(atUs) + this.queue.forLimit.at(atUs) + this.atDoor.at(atUs),
    };
    const start = this.intervalStart;
    const mean = (integralUs: bigint) => Number(integralUs) / (atUs - this.intervalBeganUs);
    this.lines.starting.push(mean(end.starting - start.starting));
    this.lines.idle.push(mean(end.ready - start.ready - (end.busy - start.busy)));
    this.lines.busy.push(mean(end.busy - start.busy));
    this.lines.draining.push(mean(end.draining - start.draining));
    this.lines.waiting.push(mean(end.waiting - start.waiting));
    const { control, goal } = this.steered;
    this.lines.desired.push(control === null ? Number.NaN : goal);
    this.lines.signal.push(control?.signal ?? Number.NaN);
    this.intervalStart = end;
    this.intervalBeganUs = atUs;
  }
}
