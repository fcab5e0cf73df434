/**
 * The state of one pool while it runs: everything that the rules read and write. Columns and counters, no behavior;
 * what may be done with it is in request-rules.ts, replica-rules.ts and start-rules.ts.
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
import { Ledger } from './ledger.ts';
import { Meter } from './meter.ts';
import { RecentLatencies } from './recent-latencies.ts';
import { Recorder } from './recorder.ts';
import { Replicas } from './replicas.ts';
import { RetryQueue } from './retry-queue.ts';
import { Router } from './router.ts';
import type { Scenario } from './scenario.ts';
import { Services } from './services.ts';
import { SharedLink } from './shared-link.ts';
import { SlotSharing } from './slot-sharing.ts';
import { StartPaths } from './start-paths.ts';
import { StartTokens } from './start-tokens.ts';
import { WaitingQueue } from './waiting-queue.ts';
import { Weather } from './weather.ts';

export const NEVER = Number.POSITIVE_INFINITY;

/** What a controller looks at when the event that brought it is over. */
export const AFTER_ARRIVAL = 1;
export const AFTER_COMPLETION = 2;
export const AFTER_REFUSAL = 4;

/**
 * @param cold 1 if the replica was not ready when the request, a row of the trace, arrived
 * @returns whole microseconds of service
 */
export type ServiceRule = (request: number, waitUs: number, cold: number) => number;

export class PoolState implements Attempt {
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
  /** Of pings: what becomes of them counts in no figure of requests. */
  readonly pings: Recorder | null;
  readonly gatekeeper: Gatekeeper | null;
  readonly control: Controller | null;
  /** The pool as its controller sees it; null without one. */
  view: ControlView | null = null;
  /** How long the controller may go on changing its mind while nothing changes. */
  readonly memoryUs: number;
  readonly recent: RecentLatencies | null;
  readonly weather: Weather | null;
  readonly ways: StartPaths;
  readonly link: SharedLink | null;
  readonly sharing: SlotSharing | null;
  /** Requests in service that share their speed, by when a limit cuts them short. */
  readonly limits = new IndexedHeap();

  readonly completions = new CalendarQueue(this.front);
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
  inService = 0;
  /** `replicas.min` now. */
  floor = 0;
  nextFloor = 1;
  floorMovesAtUs = NEVER;
  /** How many replicas there should be: the floor, or what a controller wants above it. */
  goal = 0;
  /** Idle windows end replicas down to so many. */
  hold = 0;
  tokenAtUs = NEVER;
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
  stranded = 0;
  /** What has happened in this event that the controller looks at. */
  toLook = 0;
  /** The last event that was no look of a controller. */
  changedUs = ZERO_US;
  failedStarts = 0;
  preemptions = 0;
  crashes = 0;
  interrupted = 0;
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
  readonly drawsStarts: boolean;
  /** Whether how a service ends is known only then: replicas may be interrupted, or share their speed. */
  readonly recordsLate: boolean;
  /** Whether requests in service are counted apart from busy replicas. */
  readonly countsInService: boolean;
  readonly countsTokens: boolean;

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
    this.mayTimeOut = this.cancels || scenario.executionTimeoutUs < NEVER;
    this.hasDeadlines = this.cancels || scenario.queueTimeoutUs < NEVER;
    this.countsTokens = scenario.countsTokens;
    const looksAtLatency =
      scenario.control?.laws.some(({ signal }) => signal === 'latency') ?? false;
    this.recordsLate = scenario.lifecycle !== null || scenario.slotSpeed !== null || looksAtLatency;
    this.countsInService =
      !this.oneSlot ||
      scenario.lifecycle !== null ||
      scenario.control !== null ||
      scenario.gate !== null;
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
    this.pings = scenario.pings === null ? null : new Recorder(scenario);
    this.gatekeeper = gatekeeperOf(scenario.gate);
    this.control = scenario.control === null ? null : new Controller(scenario.control);
    this.memoryUs = scenario.control === null ? 0 : memoryUsOf(scenario.control);
    this.recent = looksAtLatency ? new RecentLatencies() : null;
    const { lifecycle } = scenario;
    this.weather = weatherOf(scenario);
    this.ways = new StartPaths(
      lifecycle?.shortcuts ?? [],
      lifecycle?.reviveWithinUs ?? 0,
      scenario.startPhases,
    );
    this.drawsStarts = this.ways.drawsPhases;
    const link = lifecycle?.link ?? null;
    this.link = link === null ? null : new SharedLink(link.ownBytesPerUs, link.allBytesPerUs);
    this.sharing = scenario.slotSpeed === null ? null : new SlotSharing(scenario.slotSpeed);
    this.ledger = new Ledger(
      scenario,
      this.front,
      this.replicas,
      this.queue,
      this.meters,
      this.countsInService,
      this.control,
    );
  }
}

function weatherOf({ lifecycle, seed, replication }: Scenario): Weather | null {
  const rule = lifecycle?.weather ?? null;
  return rule === null ? null : new Weather(rule, keyed(seed, replication, 'weather', 0, 0));
}
