/**
 * The state of one pool while it runs: everything that the rules read and write. Columns and counters, no behavior;
 * what may be done with it is in request-rules.ts, replica-rules.ts and start-rules.ts.
 */
import { ZERO_US } from '../base/units.ts';
import { Bindings } from './bindings.ts';
import { CalendarQueue } from './calendar-queue.ts';
import { emptyFront } from './event-order.ts';
import { IdleReplicas } from './idle-replicas.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { Ledger } from './ledger.ts';
import { Meter } from './meter.ts';
import { Recorder } from './recorder.ts';
import { Replicas } from './replicas.ts';
import { RetryQueue } from './retry-queue.ts';
import { Router } from './router.ts';
import type { Scenario } from './scenario.ts';
import { Services } from './services.ts';
import { StartTokens } from './start-tokens.ts';
import { WaitingQueue } from './waiting-queue.ts';

export const NEVER = Number.POSITIVE_INFINITY;

/**
 * @param cold 1 if the replica was not ready when the request, a row of the trace, arrived
 * @returns whole microseconds of service
 */
export type ServiceRule = (request: number, waitUs: number, cold: number) => number;

export class PoolState {
  /** Requests of the trace that have arrived. */
  arrived = 0;

  readonly scenario: Scenario;
  readonly replicas: Replicas;
  readonly front = emptyFront();
  readonly services: Services;
  readonly queue = new WaitingQueue();
  readonly idle: IdleReplicas;
  readonly router: Router;
  readonly bindings: Bindings | null;
  readonly tokens: StartTokens;
  readonly recorder: Recorder;
  readonly ledger: Ledger;
  readonly meters: readonly Meter[];

  readonly completions = new CalendarQueue(this.front);
  readonly readies = new IndexedHeap();
  readonly retries = new RetryQueue();
  /** Waiting requests whose client goes away, by when. */
  readonly cancelations = new IndexedHeap();

  nowUs = ZERO_US;
  starting = 0;
  ready = 0;
  busy = 0;
  inService = 0;
  floor = 0;
  nextFloor = 1;
  floorMovesAtUs = NEVER;
  /** Replicas that have become ready, and decisions made, since time 0: they order what happens at one instant. */
  readied = 0;
  decided = 0;

  /** The attempt that arrives or ends now. Fields, not arguments: doubles would be boxed on the way. */
  arrivalDemandUs = ZERO_US;
  firstUs = ZERO_US;
  demandUs = ZERO_US;
  request = 0;
  attempt = 0;

  /** Decides what a request needs of its slot when it begins, from how long it waited; null: the trace's own. */
  serviceOf: ServiceRule | null = null;

  peakReplicas = 0;
  longestQueueUs = 0;
  longestServiceUs = 0;
  longestLatencyUs = 0;
  unusedStarts = 0;
  events = 0;
  fingerprint = 0;

  // What the loop asks for each request, out of the scenario.
  readonly concurrency: number;
  readonly oneSlot: boolean;
  readonly overheadUs: number;
  readonly slotOverheadUs: number;
  readonly executionTimeoutUs: number;
  readonly queueTimeoutUs: number;
  readonly patienceUs: number;
  readonly cancels: boolean;
  readonly followsStates: boolean;
  readonly metersRequests: boolean;
  readonly mayTimeOut: boolean;
  readonly hasDeadlines: boolean;
  readonly drawsStarts: boolean;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.concurrency = scenario.concurrency;
    this.oneSlot = scenario.concurrency === 1;
    this.overheadUs = scenario.overheadUs;
    this.slotOverheadUs = scenario.slotOverheadUs;
    this.executionTimeoutUs = scenario.executionTimeoutUs;
    this.queueTimeoutUs = scenario.queueTimeoutUs;
    this.patienceUs = scenario.client.patienceUs;
    this.cancels = scenario.client.cancels && scenario.client.patienceUs < NEVER;
    this.drawsStarts = scenario.startPhases.some((phase) => phase.time.uniformsPerDraw > 0);

    this.mayTimeOut = this.cancels || scenario.executionTimeoutUs < NEVER;
    this.hasDeadlines = this.cancels || scenario.queueTimeoutUs < NEVER;
    this.services = new Services(this.oneSlot);
    this.replicas = new Replicas(scenario.startPhases.length);
    this.meters = scenario.meters.map((rule) => new Meter(rule, this.replicas));
    this.followsStates = this.meters.some((meter) => meter.followsStates);
    this.metersRequests = scenario.meters.some((rule) => rule.scope === 'request');
    this.idle = new IdleReplicas(this.replicas, scenario.idleWindowUs, scenario.unusedWindowUs);
    this.router = new Router(scenario.routing, this.replicas, this.oneSlot ? this.idle.only : null);
    this.bindings =
      scenario.binding === 'own'
        ? new Bindings(this.replicas, this.queue, scenario.concurrency)
        : null;
    this.tokens = new StartTokens(scenario.startRate);
    this.recorder = new Recorder(scenario);
    this.ledger = new Ledger(scenario, this.front, this.replicas, this.queue, this.meters);
  }
}
