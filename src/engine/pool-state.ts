/**
 * The state of one pool while it runs: everything that the rules read and write. Columns and counters, no behavior;
 * what may be done with it is in request-rules.ts, service-rules.ts, start-rules.ts, replica-rules.ts and end-rules.ts.
 */
import { keyed } from '../base/random.ts';
import { ZERO_US } from '../base/units.ts';
import type { Attempt } from './attempts.ts';
import { Bindings } from './bindings.ts';
import { CalendarQueue } from './calendar-queue.ts';
import type { ControlView } from './control/control-view.ts';
import { Controller } from './control/controller.ts';
import { memoryUsOf } from './control/memory.ts';
import { emptyFront } from './event-order.ts';
import { REFUSALS } from './gate.ts';
import { type Gatekeeper, gatekeeperOf } from './gatekeeper.ts';
import { IdleReplicas } from './idle-replicas.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { ServiceKeeper } from './kept-services.ts';
import { Ledger } from './ledger.ts';
import { Meter } from './meter.ts';
import type { Quota } from './quota.ts';
import { RecentLatencies } from './recent-latencies.ts';
import { Recorder } from './recorder.ts';
import { Replicas } from './replicas.ts';
import { RetryQueue } from './retry-queue.ts';
import { ReturnTimes } from './returns.ts';
import { Router } from './router.ts';
import type { Scenario, ServiceLaw } from './scenario.ts';
import { Services } from './services.ts';
import { SharedLink } from './shared-link.ts';
import { Shortage } from './shortage.ts';
import { SlotSharing } from './slot-sharing.ts';
import { StartPaths } from './start-paths.ts';
import { TokenBucket } from './token-bucket.ts';
import { TIMEOUTS } from './totals.ts';
import { WaitingQueue } from './waiting-queue.ts';
import { Weather } from './weather.ts';

export const NEVER = Number.POSITIVE_INFINITY;

/** What a controller looks at when the event that brought it is over. */
export const AFTER_ARRIVAL = 1;
export const AFTER_COMPLETION = 2;
export const AFTER_REFUSAL = 4;
export const AFTER_CHANGE = 8;

/**
 * @param cold 1 if the replica was not ready when the request, a row of the trace, arrived
 * @returns whole microseconds of service
 */
export type ServiceRule = (request: number, waitUs: number, cold: number) => number;

/** Decides where attempts go that arrive at pools which share requests or an account: see pool-group.ts. */
export interface Door {
  arrives(pool: PoolState): void;
}

/** What ties a pool to others. */
export interface Ties {
  /** Its place in the order of deployments and their pools. */
  readonly place: number;
  /** The first pool of its deployment, null for that pool itself: clients try again there. */
  readonly home: PoolState | null;
  readonly door: Door;
  /** How long a request waits here before it moves on. */
  readonly overflowUs: number;
  readonly quota: Quota | null;
  readonly calendarBuckets: number;
}

export class PoolState implements Attempt {
  /** Requests of the trace that have arrived. */
  arrived = 0;

  readonly scenario: Scenario;
  /** null: nothing, a pool by itself. */
  readonly ties: Ties | null;
  readonly home: PoolState;
  readonly replicas: Replicas;
  readonly front = emptyFront();
  readonly services: Services;
  readonly queue = new WaitingQueue();
  readonly idle: IdleReplicas;
  readonly router: Router;
  readonly bindings: Bindings | null;
  readonly startTokens: TokenBucket;
  readonly recorder: Recorder;
  readonly ledger: Ledger;
  readonly meters: readonly Meter[];
  /** Of pings: what becomes of them counts in no figure of requests. */
  readonly pings: Recorder | null;
  /** null: no service is kept. */
  readonly kept: ServiceKeeper | null;
  readonly gatekeeper: Gatekeeper | null;
  readonly control: Controller | null;
  /** The pool as its controller sees it; null without one. */
  view: ControlView | null = null;
  /** How long the controller may go on changing its mind while nothing changes. */
  readonly memoryUs: number;
  readonly recent: RecentLatencies | null;
  readonly weather: Weather | null;
  /** Who waits for what a shortage holds back; null without weather. */
  readonly shortage: Shortage | null;
  readonly ways: StartPaths;
  readonly link: SharedLink | null;
  readonly serviceLaw: ServiceLaw | null;
  readonly sharing: SlotSharing | null;
  /** Requests in service that share their speed, by when a limit cuts them short. */
  readonly limits = new IndexedHeap();

  readonly completions: CalendarQueue;
  readonly readies = new IndexedHeap();
  readonly retries = new RetryQueue();
  /** Waiting requests whose client goes away, by when. */
  readonly cancelations = new IndexedHeap();
  /** Replicas by when something ends them: see end-rules.ts. */
  readonly ends = new IndexedHeap();

  nowUs = ZERO_US;
  starting = 0;
  ready = 0;
  busy = 0;
  draining = 0;
  /** Requests in service, with more than one slot a replica. */
  slotsTaken = 0;
  /** `replicas.min` now. */
  floor = 0;
  nextFloor = 1;
  floorMovesAtUs = NEVER;
  /** How many replicas there should be: the floor, or what a controller wants above it. */
  goal = 0;
  /** Idle windows end replicas down to so many. */
  hold = 0;
  tokenAtUs = NEVER;
  /** Starts that a floor or a controller has asked for at an instant: their luck is keyed to it and their number. */
  plannedAtUs = -1;
  plannedStarts = 0;
  /** When the longest-waiting was told last to move on, and when it is worth asking again, if nothing happens before. */
  askedAtUs = -1;
  askAgainUs = NEVER;
  nextRollout = 0;
  rolloutAtUs = NEVER;
  spellAtUs = NEVER;
  /** Replicas that have become ready, and decisions made, since time 0: they order what happens at one instant. */
  readied = 0;
  decided = 0;

  /** The attempt that arrives or ends now. Fields, not arguments: doubles would be boxed on the way. */
  arrivalDemandUs = ZERO_US;
  arrivalInputTokens = ZERO_US;
  arrivalCachedTokens = ZERO_US;
  arrivalOutputTokens = ZERO_US;
  firstUs = ZERO_US;
  demandUs = ZERO_US;
  request = 0;
  attempt = 0;
  startsCaused = 0;
  inputTokens = ZERO_US;
  cachedTokens = ZERO_US;
  outputTokens = ZERO_US;
  ping = 0;

  /** Decides what a request needs of its slot when it begins, from how long it waited; null: the trace's own. */
  serviceOf: ServiceRule | null = null;

  peakReplicas = 0;
  longestQueueUs = 0;
  longestServiceUs = 0;
  longestLatencyUs = 0;
  unusedStarts = 0;
  readonly returns = new ReturnTimes();
  /** Attempts timed out, in the order of TIMEOUTS. */
  readonly timeouts = new Float64Array(TIMEOUTS.length);
  stranded = 0;
  /** What has happened in this event that the controller looks at. */
  toLook = 0;
  /** When a request came, went on or ended last. */
  changedUs = ZERO_US;
  /** When the controller wanted another number last, or had what it had asked for. */
  movedUs = ZERO_US;
  failedStarts = 0;
  preemptions = 0;
  crashes = 0;
  interrupted = 0;
  /** Starts that came to nothing and services begun anew since a request last completed. */
  inVain = 0;
  /** Too many of them, and nothing new to come: what is interrupted now fails. */
  isHopeless = false;
  /** Attempts refused, by reason. */
  readonly refusals = new Float64Array(REFUSALS.length);
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
  /** Whether those who wait move on to the next pool after a time. */
  readonly movesOn: boolean;
  readonly drawsStarts: boolean;
  /** Whether how a service ends is known only then: replicas may be interrupted, or share their speed. */
  readonly recordsLate: boolean;
  readonly countsTokens: boolean;

  /** Requests in service: with one slot a replica there is one on each that is busy or draining. */
  get inService(): number {
    return this.oneSlot ? this.busy + this.draining : this.slotsTaken;
  }

  constructor(scenario: Scenario, ties: Ties | null = null) {
    this.scenario = scenario;
    this.ties = ties;
    this.home = ties?.home ?? this;
    this.completions = new CalendarQueue(this.front, ties?.calendarBuckets);
    this.concurrency = scenario.concurrency;
    this.oneSlot = scenario.concurrency === 1;
    this.overheadUs = scenario.overheadUs;
    this.slotOverheadUs = scenario.slotOverheadUs;
    this.executionTimeoutUs = scenario.executionTimeoutUs;
    this.queueTimeoutUs = scenario.queueTimeoutUs;
    this.patienceUs = scenario.client.patienceUs;
    this.cancels = scenario.client.cancels && scenario.client.patienceUs < NEVER;
    this.mayTimeOut = this.cancels || scenario.executionTimeoutUs < NEVER;
    this.movesOn = ties !== null && ties.overflowUs < NEVER;
    this.hasDeadlines = this.cancels || scenario.queueTimeoutUs < NEVER || this.movesOn;
    this.countsTokens = scenario.countsTokens;
    const looksAtLatency =
      scenario.control?.laws.some(({ signal }) => signal === 'latency') ?? false;
    this.recordsLate = scenario.lifecycle !== null || scenario.slotSpeed !== null || looksAtLatency;
    this.services = new Services(this.oneSlot);
    this.replicas = new Replicas(scenario.startPhases.length);
    this.meters = scenario.meters.map((rule) => new Meter(rule, this.replicas));
    this.followsStates = this.meters.some((meter) => meter.followsStates);
    this.metersRequests = scenario.meters.some((rule) => rule.scope === 'request');
    this.idle = new IdleReplicas(
      this.replicas,
      scenario.idleWindowUs,
      scenario.unusedWindowUs,
      scenario.unusedFrom,
    );
    this.router = new Router(scenario.routing, this.replicas, this.oneSlot ? this.idle.only : null);
    this.bindings =
      scenario.binding === 'own'
        ? new Bindings(this.replicas, this.queue, scenario.concurrency)
        : null;
    this.startTokens = new TokenBucket(scenario.startRate);
    this.recorder = new Recorder(scenario);
    this.pings =
      scenario.pings === null ? null : new Recorder({ ...scenario, clockOffsetUs: null });
    this.kept = scenario.keepsServices ? new ServiceKeeper(scenario.startPhases.length) : null;
    this.gatekeeper = gatekeeperOf(scenario.gate);
    this.control = scenario.control === null ? null : new Controller(scenario.control);
    const windowsUs = [scenario.idleWindowUs, scenario.unusedWindowUs];
    this.memoryUs = scenario.control === null ? 0 : memoryUsOf(scenario.control, windowsUs);
    this.recent = looksAtLatency ? new RecentLatencies() : null;
    const { lifecycle } = scenario;
    this.weather = weatherOf(scenario);
    this.shortage = this.weather === null ? null : new Shortage();
    this.ways = new StartPaths(
      lifecycle?.shortcuts ?? [],
      lifecycle?.reviveWithinUs ?? 0,
      scenario.startPhases,
    );
    this.drawsStarts = this.ways.drawsPhases;
    const link = lifecycle?.link ?? null;
    this.link = link === null ? null : new SharedLink(link.ownBytesPerUs, link.allBytesPerUs);
    this.serviceLaw = scenario.serviceLaw;
    this.sharing = scenario.slotSpeed === null ? null : new SlotSharing(scenario.slotSpeed);
    this.ledger = new Ledger(
      scenario,
      this.front,
      this.replicas,
      this.queue,
      this.meters,
      this.oneSlot,
      this,
    );
  }
}

function weatherOf({ lifecycle, seed, replication }: Scenario): Weather | null {
  const rule = lifecycle?.weather ?? null;
  const sharedSeed = rule !== null && 'seed' in rule ? (rule.seed ?? seed) : seed;
  return rule === null ? null : new Weather(rule, keyed(sharedSeed, replication, 'weather', 0, 0));
}
