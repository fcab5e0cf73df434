/**
 * One pool, simulated a second time: written from the rules of the model alone, with objects, a sorted list of events and
 * every figure taken afterwards from what each replica and each request remembers. Slow, and easy to check by reading.
 */

import { keyed, type StartPurpose } from '../../src/base/random.ts';
import {
  ARRIVAL,
  COMPLETION,
  DEADLINE,
  IDLE_EXPIRY,
  POOL_CHANGE,
  READY,
  RETRY,
} from '../../src/engine/event-order.ts';
import { REFUSALS } from '../../src/engine/gate.ts';
import type { MeterRule, Scenario } from '../../src/engine/scenario.ts';
import { SlotSharing, type SlotSpeed, speedOfEach } from '../../src/engine/slot-sharing.ts';
import type { PathCounts } from '../../src/engine/start-paths.ts';
import type {
  MeterReading,
  Mishaps,
  Reading,
  RequestCounts,
  Timeline,
} from '../../src/engine/totals.ts';
import { NaiveSharing } from './naive-sharing.ts';

export interface NaiveRequest {
  readonly arrivalUs: number;
  readonly serviceUs: number;
}

export interface NaiveTotals {
  readonly requests: RequestCounts;
  /** Of completed requests that count, ascending. */
  readonly latenciesUs: readonly number[];
  readonly waitsUs: readonly number[];
  readonly withinLatency: readonly number[];
  readonly withinWait: readonly number[];
  readonly whole: Reading;
  readonly observed: Reading;
  readonly observedUs: number;
  readonly peakReplicas: number;
  readonly unusedStarts: number;
  readonly unusedKept: number;
  /** Microseconds from the latest departure that no start had taken to each start on demand, ascending. */
  readonly returns: { readonly departures: number; readonly gapsUs: readonly number[] };
  readonly timeouts: readonly number[];
  /** Only the length of a queue refuses anyone here. */
  readonly refusals: readonly number[];
  readonly startPaths: readonly PathCounts[];
  readonly mishaps: Mishaps;
  readonly stranded: number;
  readonly pings: RequestCounts | null;
  readonly horizonUs: number;
  readonly reached: {
    readonly replicas: number;
    readonly waiting: number;
    readonly queueUs: number;
    readonly serviceUs: number;
    readonly latencyUs: number;
  };
  readonly hours: null;
  readonly kept: null;
  readonly timeline: Timeline | null;
  /** For laws about single things. */
  readonly log: {
    readonly replicas: readonly Replica[];
    readonly requests: readonly Request[];
    readonly steps: readonly Step[];
  };
}

interface Stretch {
  readonly fromUs: number;
  toUs: number;
}

interface Request {
  readonly number: number;
  readonly firstUs: number;
  readonly serviceUs: number;
  attempt: number;
  /** How many starts this attempt has caused. */
  starts: number;
  /** When this attempt arrived, and its place among all that happened. */
  attemptUs: number;
  attemptTick: number;
  /** Own binding: the starting replica that keeps a slot for it. */
  slotOf: Replica | null;
  isWaiting: boolean;
  beganUs: number;
  outcome: 'open' | 'completed' | 'rejected' | 'timedOut';
  endUs: number;
  isCold: boolean;
  readonly waits: (Stretch & { readonly holdsPromise: boolean; readonly isFull: boolean })[];
  readonly services: Stretch[];
}

interface Replica {
  readonly order: number;
  readonly startedUs: number;
  /** Started in the run, on demand or by schedule. */
  readonly isStarted: boolean;
  readonly phasesUs: readonly number[];
  state: 'starting' | 'idle' | 'busy' | 'gone';
  readyTick: number;
  leftUs: number;
  hasServed: boolean;
  inService: Request[];
  bound: Request[];
  slotEventUs: number;
  idleSinceUs: number;
  idleTick: number;
  readonly idle: Stretch[];
  readonly busy: Stretch[];
}

/** What holds from one instant to the next. */
interface Step {
  readonly fromUs: number;
  readonly toUs: number;
  readonly ready: number;
  readonly busy: number;
  readonly floor: number;
}

interface Event {
  readonly atUs: number;
  readonly rank: number;
  readonly sequence: number;
  readonly happen: () => void;
}

// At one instant a queue's timeout comes before a client's patience.
const PATIENCE = DEADLINE + 0.5;
const MOST_EVENTS = 1_000_000;

export function runNaivePool(scenario: Scenario, trace: readonly NaiveRequest[]): NaiveTotals {
  const { concurrency, client, routing, startRate, max } = scenario;
  const { retries, patienceUs } = client;

  let nowUs = 0;
  let ticks = 0;
  let sequence = 0;
  const events: Event[] = [];
  const replicas: Replica[] = [];
  const queue: Request[] = [];
  const steps: Step[] = [];
  const attemptsUs: number[] = [];
  const startsUs: number[] = [];
  const scheduledUs: number[] = [];
  const moves: { readonly atUs: number; readonly what: 'leaves' | 'demand' | 'schedule' }[] = [];
  const timeouts = { forStart: 0, forLimit: 0, inService: 0, clientGone: 0 };
  let floor = scenario.floor.count[0]!;
  let lastToBegin = -1;
  let openRequests = trace.length;
  let peakReplicas = 0;
  let mostWaiting = 0;
  let longestInQueueUs = 0;
  let longestServiceUs = 0;
  let longestLatencyUs = 0;
  let refusedAttempts = 0;
  let failedStarts = 0;
  const failing: Replica[] = [];
  const { slotSpeed } = scenario;
  const sharing = slotSpeed && naiveSharing(slotSpeed);
  const sharers = new Map<number, { readonly limitUs: number; readonly end: () => void }>();
  let services = 0;
  let sharedChanges = 0;

  const requests = trace.map(
    ({ arrivalUs, serviceUs }, number): Request => ({
      number,
      firstUs: arrivalUs,
      serviceUs,
      attempt: 0,
      starts: 0,
      attemptUs: arrivalUs,
      attemptTick: 0,
      slotOf: null,
      isWaiting: false,
      beganUs: 0,
      outcome: 'open',
      endUs: 0,
      isCold: false,
      waits: [],
      services: [],
    }),
  );

  function at(atUs: number, rank: number, happen: () => void): void {
    if (atUs === Number.POSITIVE_INFINITY) return;
    events.push({ atUs, rank, sequence: sequence++, happen });
  }

  const alive = (): Replica[] => replicas.filter(({ state }) => state !== 'gone');
  const starting = (): Replica[] => replicas.filter(({ state }) => state === 'starting');
  const ready = (): Replica[] => alive().filter(({ state }) => state !== 'starting');
  const withFreeSlot = (): Replica[] =>
    ready().filter(({ inService }) => inService.length < concurrency);

  // --- Promises -----------------------------------------------------------------------------------------------------

  /** Shared: the requests that wait longest hold the promised slots. Own: those that are bound to one. */
  function holdsPromise(request: Request): boolean {
    if (scenario.binding === 'own') return request.slotOf !== null;
    return queue.indexOf(request) < starting().length * concurrency;
  }

  function waitingWithoutPromise(): Request | undefined {
    return queue.find((request) => !holdsPromise(request));
  }

  function bind(request: Request): void {
    const replica = starting().find(({ bound }) => bound.length < concurrency);
    if (scenario.binding === 'shared' || !replica) return;
    request.slotOf = replica;
    replica.bound.push(request);
  }

  /** Rule 4: whoever waits longest without a promise takes what is there; the schedule's starts come before. */
  function handOutPromises(): void {
    while (alive().length < floor && takeToken()) {
      const nth = scheduledUs.filter((us) => us === nowUs).length;
      scheduledUs.push(nowUs);
      moves.push({ atUs: nowUs, what: 'schedule' });
      start('scheduled-start', nowUs, nth);
    }
    for (;;) {
      const request = waitingWithoutPromise();
      if (!request) break;
      bind(request);
      if (holdsPromise(request)) continue;
      if (!startFor(request)) break;
    }
    if (alive().length < floor || (waitingWithoutPromise() && alive().length < max)) {
      at(nextTokenUs(), POOL_CHANGE, changePool);
    }
  }

  function startFor(request: Request): boolean {
    if (alive().length >= max || !takeToken()) return false;
    startsUs.push(nowUs);
    moves.push({ atUs: nowUs, what: 'demand' });
    start('start', request.number, request.attempt + request.starts++ * 2 ** 20);
    return true;
  }

  // --- The start rate: a bucket of whole tokens, each in `periodUs` parts of which `count` come every microsecond ------

  let tokenParts = startRate ? BigInt(startRate.count) * BigInt(startRate.periodUs) : 0n;
  let tokensAtUs = 0;

  function refill(): void {
    if (!startRate) return;
    const full = BigInt(startRate.count) * BigInt(startRate.periodUs);
    tokenParts += BigInt(startRate.count) * BigInt(nowUs - tokensAtUs);
    if (tokenParts > full) tokenParts = full;
    tokensAtUs = nowUs;
  }

  function takeToken(): boolean {
    if (!startRate) return true;
    refill();
    if (tokenParts < BigInt(startRate.periodUs)) return false;
    tokenParts -= BigInt(startRate.periodUs);
    return true;
  }

  function nextTokenUs(): number {
    if (!startRate) return Number.POSITIVE_INFINITY;
    refill();
    const missing = BigInt(startRate.periodUs) - tokenParts;
    const count = BigInt(startRate.count);
    return nowUs + Number((missing + count - 1n) / count);
  }

  // --- Replicas -----------------------------------------------------------------------------------------------------

  function newReplica(isStarted: boolean, phasesUs: readonly number[]): Replica {
    const replica: Replica = {
      order: replicas.length,
      startedUs: nowUs,
      isStarted,
      phasesUs,
      state: 'starting',
      readyTick: 0,
      leftUs: Number.POSITIVE_INFINITY,
      hasServed: false,
      inService: [],
      bound: [],
      slotEventUs: nowUs,
      idleSinceUs: nowUs,
      idleTick: 0,
      idle: [],
      busy: [],
    };
    replicas.push(replica);
    peakReplicas = Math.max(peakReplicas, alive().length);
    return replica;
  }

  function start(purpose: StartPurpose, key: number, subkey: number): void {
    const { seed, replication, lifecycle } = scenario;
    const uniforms = keyed(seed, replication, purpose, key, subkey);
    const phasesUs = scenario.startPhases.map(({ time }) => Math.round(time.sample(uniforms)));
    const replica = newReplica(true, phasesUs);
    const failure = keyed(seed, replication, `${purpose}/failure`, key, subkey).next();
    const fails = lifecycle !== null && failure < lifecycle.startFailure;
    at(nowUs + sum(phasesUs), READY, () => {
      if (!fails) becomeReady(replica);
      else {
        failing.push(replica);
        at(nowUs, POOL_CHANGE, changePool);
      }
    });
  }

  /** All starts that fail at this instant, then who is served at once, then other promises. */
  function changePool(): void {
    for (const replica of failing.splice(0)) {
      replica.state = 'gone';
      replica.leftUs = nowUs;
      failedStarts++;
      for (const request of replica.bound) request.slotOf = null;
      replica.bound = [];
    }
    for (;;) {
      const request = queue.find(({ slotOf }) => slotOf === null);
      const replica = request && choose(request);
      if (!request || !replica) break;
      begin(request, replica);
    }
    handOutPromises();
  }

  function becomeReady(replica: Replica): void {
    replica.state = 'idle';
    replica.readyTick = ++ticks;
    replica.slotEventUs = nowUs;
    for (const request of replica.bound) begin(request, replica);
    replica.bound = [];
    takeFromQueue(replica);
    if (replica.inService.length === 0) becomeIdle(replica);
    at(nowUs, IDLE_EXPIRY, expire);
  }

  function takeFromQueue(replica: Replica): void {
    while (replica.inService.length < concurrency) {
      const request = queue.find(({ slotOf }) => slotOf === null);
      if (!request) return;
      begin(request, replica);
    }
  }

  function becomeIdle(replica: Replica): void {
    replica.state = 'idle';
    replica.idleSinceUs = nowUs;
    replica.idleTick = ++ticks;
    replica.idle.push({ fromUs: nowUs, toUs: Number.POSITIVE_INFINITY });
    at(windowEndUs(replica), IDLE_EXPIRY, expire);
  }

  function windowEndUs({ hasServed, idleSinceUs }: Replica): number {
    return idleSinceUs + (hasServed ? scenario.idleWindowUs : scenario.unusedWindowUs);
  }

  /** Rule 8: those that the floor held come first, then those whose window ends now; of each the longest idle first. */
  function expire(): void {
    const idle = alive()
      .filter(({ state }) => state === 'idle')
      .sort((a, b) => a.idleTick - b.idleTick);
    const held = idle.filter((replica) => windowEndUs(replica) < nowUs);
    const due = idle.filter((replica) => windowEndUs(replica) === nowUs);
    for (const replica of [...held, ...due]) {
      if (ready().length <= floor) return;
      replica.state = 'gone';
      replica.leftUs = nowUs;
      moves.push({ atUs: nowUs, what: 'leaves' });
      replica.idle.at(-1)!.toUs = nowUs;
      handOutPromises();
    }
  }

  function choose(request: Request): Replica | undefined {
    const free = withFreeSlot();
    const first = (...keys: ((replica: Replica) => number)[]): Replica | undefined =>
      [...free].sort((a, b) => {
        const key = keys.find((of) => of(a) !== of(b));
        return key ? key(a) - key(b) : 0;
      })[0];
    switch (routing) {
      case 'most-recent':
        return first(
          (r) => -r.slotEventUs,
          (r) => -r.order,
        );
      case 'least-recent':
        return first(
          (r) => r.slotEventUs,
          (r) => r.order,
        );
      case 'newest':
        return first((r) => -r.order);
      case 'oldest':
        return first((r) => r.order);
      case 'least-loaded':
        return first(
          (r) => r.inService.length,
          (r) => r.order,
        );
      case 'round-robin':
        return free.find(({ order }) => order > lastToBegin) ?? free[0];
      case 'random': {
        const { seed, replication } = scenario;
        const u = keyed(seed, replication, 'routing', request.number, request.attempt).next();
        return free[Math.floor(u * free.length)];
      }
    }
  }

  // --- Requests -----------------------------------------------------------------------------------------------------

  function arrive(request: Request): void {
    request.attemptUs = nowUs;
    request.attemptTick = ++ticks;
    attemptsUs.push(nowUs);
    const replica = choose(request);
    if (replica) begin(request, replica);
    else if (!joinQueue(request)) fail(request, 'rejected');
  }

  function joinQueue(request: Request): boolean {
    if (scenario.queueLimit > 0 && queue.length >= scenario.queueLimit) return false;
    queue.push(request);
    bind(request);
    if (!holdsPromise(request) && startFor(request)) bind(request);
    if (scenario.queueLimit === 0 && !holdsPromise(request)) {
      queue.pop();
      return false;
    }
    request.isWaiting = true;
    mostWaiting = Math.max(mostWaiting, queue.length);
    const { attempt } = request;
    const isStill = (): boolean => request.isWaiting && request.attempt === attempt;
    at(nowUs + scenario.queueTimeoutUs, DEADLINE, () => isStill() && giveUp(request, false));
    if (client.cancels) {
      at(request.firstUs + patienceUs, PATIENCE, () => isStill() && giveUp(request, true));
    }
    handOutPromises();
    return true;
  }

  function leaveQueue(request: Request): void {
    queue.splice(queue.indexOf(request), 1);
    request.isWaiting = false;
    longestInQueueUs = Math.max(longestInQueueUs, nowUs - request.attemptUs);
  }

  function giveUp(request: Request, clientIsGone: boolean): void {
    if (clientIsGone) timeouts.clientGone++;
    else if (holdsPromise(request)) timeouts.forStart++;
    else timeouts.forLimit++;
    leaveQueue(request);
    const replica = request.slotOf;
    if (replica) replica.bound.splice(replica.bound.indexOf(request), 1);
    request.slotOf = null;
    fail(request, 'timedOut', clientIsGone);
    handOutPromises();
  }

  function begin(request: Request, replica: Replica): void {
    if (request.isWaiting) leaveQueue(request);
    request.slotOf = null;
    request.beganUs = nowUs;
    request.isCold = replica.readyTick > request.attemptTick;
    lastToBegin = replica.order;
    replica.hasServed = true;
    if (replica.state !== 'busy') {
      replica.state = 'busy';
      const idle = replica.idle.at(-1);
      if (idle) idle.toUs = Math.min(idle.toUs, nowUs);
      replica.busy.push({ fromUs: nowUs, toUs: Number.POSITIVE_INFINITY });
    }
    replica.inService.push(request);

    const fullUs = request.serviceUs + scenario.slotOverheadUs;
    const limitedUs = Math.min(fullUs, scenario.executionTimeoutUs);
    const patientUs = client.cancels ? request.firstUs + patienceUs - nowUs : fullUs;
    const serviceUs = Math.min(limitedUs, patientUs);
    longestServiceUs = Math.max(longestServiceUs, fullUs);
    if (sharing === null) {
      request.services.push({ fromUs: nowUs, toUs: nowUs + serviceUs });
      at(nowUs + serviceUs, COMPLETION, () => {
        if (serviceUs < fullUs) leaveSlot(request, replica, 'timedOut', serviceUs < limitedUs);
        else leaveSlot(request, replica, 'completed');
      });
      return;
    }
    const service = { fromUs: nowUs, toUs: Number.POSITIVE_INFINITY };
    request.services.push(service);
    const id = services++;
    sharing.join(replica.order, id, fullUs, nowUs);
    const member = sharing.members.at(-1)!;
    const goneUs = client.cancels ? request.firstUs + patienceUs : Number.POSITIVE_INFINITY;
    const cutUs = nowUs + scenario.executionTimeoutUs;
    sharers.set(id, {
      limitUs: Math.max(nowUs, Math.min(cutUs, goneUs)),
      end: () => {
        service.toUs = nowUs;
        longestServiceUs = Math.max(longestServiceUs, nowUs - service.fromUs);
        sharing.leave(id, nowUs);
        sharers.delete(id);
        leaveSlot(request, replica, member.left > 0n ? 'timedOut' : 'completed', goneUs < cutUs);
        followShares();
      },
    });
    followShares();
  }

  /** Whatever changed among those who share: the next end is another. At one time what began first ends first. */
  function followShares(): void {
    const change = ++sharedChanges;
    const limits = [...sharers].map(([id, { limitUs }]) => ({ id, atUs: limitUs }));
    const all = [...limits, sharing!.next() ?? []].flat();
    const next = all.sort((a, b) => a.atUs - b.atUs || a.id - b.id)[0];
    if (!next) return;
    at(next.atUs, COMPLETION, () => {
      if (change === sharedChanges) sharers.get(next.id)!.end();
    });
  }

  function leaveSlot(
    request: Request,
    replica: Replica,
    outcome: 'completed' | 'timedOut',
    clientIsGone = false,
  ): void {
    replica.inService.splice(replica.inService.indexOf(request), 1);
    replica.slotEventUs = nowUs;
    if (outcome === 'timedOut') {
      if (clientIsGone) timeouts.clientGone++;
      else timeouts.inService++;
      fail(request, 'timedOut', clientIsGone);
    } else end(request, 'completed');
    takeFromQueue(replica);
    if (replica.inService.length === 0) {
      replica.busy.at(-1)!.toUs = nowUs;
      becomeIdle(replica);
    }
  }

  function end(request: Request, outcome: Request['outcome']): void {
    request.outcome = outcome;
    request.endUs = nowUs;
    openRequests--;
    // A rejection comes when its attempt does.
    const reachedUs = outcome === 'completed' ? latencyUs(request) : nowUs - request.firstUs;
    longestLatencyUs = Math.max(longestLatencyUs, reachedUs);
  }

  function fail(request: Request, how: 'rejected' | 'timedOut', clientIsGone = false): void {
    if (how === 'rejected') refusedAttempts++;
    const wanted =
      retries !== null &&
      !clientIsGone &&
      request.attempt < retries.max &&
      (how === 'rejected' ? retries.onRejected : retries.onTimedOut);
    if (!wanted) {
      end(request, how);
      return;
    }
    const { seed, replication } = scenario;
    const backoffUs = retries.backoffUs * retries.factor ** request.attempt;
    const share =
      retries.jitter === 'full'
        ? keyed(seed, replication, 'retry', request.number, request.attempt).next()
        : 1;
    const atUs = nowUs + Math.round(share * backoffUs);
    // A longer patience would have let it try then: the latency was reached, though by nobody.
    longestLatencyUs = Math.max(longestLatencyUs, atUs - request.firstUs);
    if (atUs >= request.firstUs + patienceUs) {
      end(request, how);
      return;
    }
    request.attempt++;
    request.starts = 0;
    at(atUs, RETRY, () => {
      arrive(request);
    });
  }

  function latencyUs({ firstUs, endUs }: Request): number {
    return endUs - firstUs + scenario.overheadUs;
  }

  // --- The loop -----------------------------------------------------------------------------------------------------

  /** Every waiting request notes whether it holds a promise from now to the next instant. */
  function noteUntil(nextUs: number): void {
    if (nextUs === nowUs) return;
    const isFull = alive().length >= max;
    const tokenUs = startRate ? Math.min(nextUs, Math.max(nowUs, nextTokenUs())) : nowUs;
    for (const request of queue) {
      const promise = holdsPromise(request);
      // Until a token is there the start rate keeps it waiting, whatever there may be at most.
      request.waits.push({ fromUs: nowUs, toUs: tokenUs, holdsPromise: promise, isFull: false });
      request.waits.push({ fromUs: tokenUs, toUs: nextUs, holdsPromise: promise, isFull });
    }
    const busy = ready().filter(({ state }) => state === 'busy').length;
    steps.push({ fromUs: nowUs, toUs: nextUs, ready: ready().length, busy, floor });
  }

  for (let i = 0; i < floor; i++) becomeIdle(newReplica(false, []));
  scenario.floor.atUs.forEach((atUs, i) => {
    if (i === 0) return;
    at(atUs, POOL_CHANGE, () => {
      floor = scenario.floor.count[i]!;
      changePool();
      at(nowUs, IDLE_EXPIRY, expire);
    });
  });
  for (const request of requests) at(request.firstUs, ARRIVAL, () => arrive(request));

  const atLeastUs = Math.max(scenario.period.toUs, scenario.measure?.toUs ?? 0);
  for (let happened = 0; ; happened++) {
    if (happened > MOST_EVENTS) throw new Error('the naive pool does not come to an end');
    events.sort((a, b) => a.atUs - b.atUs || a.rank - b.rank || a.sequence - b.sequence);
    const event = events[0];
    if (!event) break;
    const isOver = openRequests === 0 && alive().length <= floor;
    if (isOver && event.atUs > atLeastUs) break;
    events.shift();
    noteUntil(event.atUs);
    nowUs = event.atUs;
    event.happen();
  }
  const horizonUs = Math.max(atLeastUs, nowUs);
  noteUntil(horizonUs);

  // --- The figures, from what everyone remembers ----------------------------------------------------------------------

  const { measure, period } = scenario;
  const started = replicas.filter(({ isStarted, readyTick }) => isStarted && readyTick > 0);
  const isMeasured = (us: number): boolean =>
    !measure || (measure.fromUs <= us && us < measure.toUs);
  const counted = requests.filter(({ firstUs }) => isMeasured(firstUs));
  const completed = counted.filter(({ outcome }) => outcome === 'completed');
  const inTime = completed.filter((request) => latencyUs(request) <= patienceUs);
  const waitUs = ({ beganUs, firstUs }: Request): number => beganUs - firstUs;

  function phaseStretches(replica: Replica, phase: number): Stretch[] {
    if (!replica.isStarted) return [];
    const fromUs = replica.startedUs + sum(replica.phasesUs.slice(0, phase));
    return [{ fromUs, toUs: fromUs + replica.phasesUs[phase]! }];
  }

  /** What happened before `untilUs`; at the horizon everything did. */
  function reading(untilUs: number, isAll: boolean): Reading {
    const isBefore = (us: number): boolean => isAll || us < untilUs;
    const within = (stretches: readonly Stretch[]): bigint =>
      BigInt(sum(stretches.map((stretch) => overlapUs(stretch, 0, untilUs))));
    const phaseUs = scenario.startPhases.map((_, phase) =>
      within(replicas.flatMap((replica) => phaseStretches(replica, phase))),
    );
    const waits = requests.flatMap((request) => request.waits);
    return {
      atUs: untilUs,
      startingUs: phaseUs.reduce((a, b) => a + b, 0n),
      idleUs: within(replicas.flatMap(({ idle }) => idle)),
      idleKeptUs: steps.reduce(
        (total, step) =>
          total +
          BigInt(Math.max(0, Math.min(step.ready, step.floor) - step.busy)) * within([step]),
        0n,
      ),
      busyUs: within(replicas.flatMap(({ busy }) => busy)),
      drainingUs: 0n,
      heldUs: steps.reduce(
        (total, step) => total + BigInt(Math.min(step.ready, step.floor)) * within([step]),
        0n,
      ),
      floorUs: steps.reduce((total, step) => total + BigInt(step.floor) * within([step]), 0n),
      inServiceUs: within(requests.flatMap(({ services }) => services)),
      waitForStartUs: within(waits.filter((wait) => wait.holdsPromise)),
      waitForLimitUs: within(waits.filter((wait) => !wait.holdsPromise)),
      shortageUs: 0n,
      limitUs: [
        within(waits.filter((wait) => !wait.holdsPromise && wait.isFull)),
        within(waits.filter((wait) => !wait.holdsPromise && !wait.isFull)),
        0n,
        0n,
        0n,
      ],
      phaseUs,
      meters: scenario.meters.map((meter) => meterReading(meter, untilUs, isBefore)),
      completed: requests.filter((r) => r.outcome === 'completed' && isBefore(r.endUs)).length,
      attempts: attemptsUs.filter(isBefore).length,
      arrived: requests.filter(({ firstUs }) => isBefore(firstUs)).length,
      cachedTokens: 0n,
      inputTokens: 0n,
      outputTokens: 0n,
      starts: startsUs.filter(isBefore).length,
      scheduledStarts: scheduledUs.filter(isBefore).length,
    };
  }

  function meterReading(
    meter: MeterRule,
    untilUs: number,
    isBefore: (us: number) => boolean,
  ): MeterReading {
    const { quantumUs } = meter;
    const up = (us: number): number => Math.ceil(us / quantumUs) * quantumUs;
    const cut = (stretches: readonly Stretch[]): Stretch[] =>
      stretches
        .map(({ fromUs, toUs }) => ({ fromUs, toUs: Math.min(toUs, untilUs) }))
        .filter(({ fromUs, toUs }) => toUs > fromUs);
    // What a quantum rounds: the lives of replicas, cut at the reading, or the services of requests, once they end.
    const lives: Stretch[][] =
      meter.scope === 'request'
        ? requests.flatMap(({ services }) =>
            services.filter(({ toUs }) => isBefore(toUs)).map((service) => cut([service])),
          )
        : replicas
            .filter(({ startedUs }) => isBefore(startedUs))
            .map((replica) =>
              cut([
                ...meter.phases.flatMap((paid, i) => (paid ? phaseStretches(replica, i) : [])),
                ...(meter.idle ? replica.idle : []),
                ...(meter.busy ? replica.busy : []),
              ]),
            );
    let usedUs = 0n;
    let paidUs = 0n;
    for (const life of lives) {
      const lifeUs = sum(life.map(({ fromUs, toUs }) => toUs - fromUs));
      usedUs += BigInt(lifeUs);
      paidUs += BigInt(
        meter.scope === 'minute'
          ? Math.max(meter.minimumUs, sum(minutesOf(life, meter.minuteOffsetUs).map(up)))
          : Math.max(meter.minimumUs, up(lifeUs)),
      );
    }
    return { usedUs, paidUs };
  }

  const whole = measure
    ? between(reading(measure.fromUs, false), reading(measure.toUs, false))
    : reading(horizonUs, true);
  const observedSpan = measure ?? period;

  return {
    requests: {
      arrived: counted.length,
      completed: completed.length,
      rejected: counted.filter(({ outcome }) => outcome === 'rejected').length,
      timedOut: counted.filter(({ outcome }) => outcome === 'timedOut').length,
      late: completed.length - inTime.length,
      retries: sum(counted.map(({ attempt }) => attempt)),
      cold: completed.filter(({ isCold }) => isCold).length,
    },
    latenciesUs: completed.map(latencyUs).sort(ascending),
    waitsUs: completed.map(waitUs).sort(ascending),
    withinLatency: scenario.latencyThresholdsUs.map(
      (us) => inTime.filter((request) => latencyUs(request) <= us).length,
    ),
    withinWait: scenario.waitThresholdsUs.map(
      (us) => inTime.filter((request) => waitUs(request) <= us).length,
    ),
    whole,
    observed: between(reading(observedSpan.fromUs, false), reading(observedSpan.toUs, false)),
    observedUs: observedSpan.toUs - observedSpan.fromUs,
    peakReplicas,
    unusedStarts: replicas.filter(
      ({ isStarted, hasServed, startedUs }) => isStarted && !hasServed && isMeasured(startedUs),
    ).length,
    unusedKept: replicas.filter(
      ({ isStarted, hasServed, state }) => !isStarted && !hasServed && state !== 'gone',
    ).length,
    returns: {
      departures: moves.filter(({ atUs, what }) => what === 'leaves' && isMeasured(atUs)).length,
      gapsUs: gapsUs().sort(ascending),
    },
    timeouts: Object.values(timeouts),
    refusals: REFUSALS.map((why) => (why === 'queue' ? refusedAttempts : 0)),
    startPaths: [
      {
        name: 'cold',
        starts: startsUs.length + scheduledUs.length,
        ready: started.length,
        tookUs: BigInt(sum(started.map(({ phasesUs }) => sum(phasesUs)))),
      },
    ],
    mishaps: { failedStarts, preemptions: 0, crashes: 0, interrupted: 0 },
    stranded: 0,
    pings: null,
    horizonUs,
    reached: {
      replicas: peakReplicas,
      waiting: mostWaiting,
      queueUs: longestInQueueUs,
      serviceUs: longestServiceUs,
      latencyUs: longestLatencyUs,
    },
    hours: null,
    kept: null,
    timeline: scenario.timelineUs > 0 ? timeline(scenario.timelineUs) : null,
    log: { replicas, requests, steps },
  };

  /** Departures and starts match like brackets. */
  function gapsUs(): number[] {
    return moves.flatMap(({ atUs, what }, i) => {
      if (what !== 'demand' || !isMeasured(atUs)) return [];
      let open = 1;
      for (let k = i - 1; k >= 0; k--) {
        open += moves[k]!.what === 'leaves' ? -1 : 1;
        if (open === 0) return [atUs - moves[k]!.atUs];
      }
      return [];
    });
  }

  function timeline(intervalUs: number): Timeline {
    const count = Math.ceil(horizonUs / intervalUs);
    const means = (stretches: readonly Stretch[]): Float64Array =>
      Float64Array.from({ length: count }, (_, i) => {
        const toUs = Math.min(horizonUs, (i + 1) * intervalUs);
        const fromUs = i * intervalUs;
        return sum(stretches.map((s) => overlapUs(s, fromUs, toUs))) / (toUs - fromUs);
      });
    return {
      intervalUs,
      starting: means(
        replicas.flatMap((r) => r.phasesUs.flatMap((_, phase) => phaseStretches(r, phase))),
      ),
      idle: means(replicas.flatMap(({ idle }) => idle)),
      busy: means(replicas.flatMap(({ busy }) => busy)),
      draining: new Float64Array(count),
      waiting: means(requests.flatMap(({ waits }) => waits)),
      controlled: null,
    };
  }
}

/** In the engine's units of speed, so that both may agree to the microsecond. */
function naiveSharing(points: SlotSpeed): NaiveSharing {
  const { unit } = new SlotSharing(points);
  return new NaiveSharing(unit, (n) => Math.max(1, Math.round(speedOfEach(points, n) * unit)));
}

function between(from: Reading, to: Reading): Reading {
  return {
    atUs: to.atUs,
    startingUs: to.startingUs - from.startingUs,
    idleUs: to.idleUs - from.idleUs,
    idleKeptUs: to.idleKeptUs - from.idleKeptUs,
    busyUs: to.busyUs - from.busyUs,
    drainingUs: to.drainingUs - from.drainingUs,
    floorUs: to.floorUs - from.floorUs,
    heldUs: to.heldUs - from.heldUs,
    inServiceUs: to.inServiceUs - from.inServiceUs,
    waitForStartUs: to.waitForStartUs - from.waitForStartUs,
    waitForLimitUs: to.waitForLimitUs - from.waitForLimitUs,
    shortageUs: 0n,
    limitUs: to.limitUs.map((us, i) => us - from.limitUs[i]!),
    phaseUs: to.phaseUs.map((us, i) => us - from.phaseUs[i]!),
    meters: to.meters.map(({ usedUs, paidUs }, i) => ({
      usedUs: usedUs - from.meters[i]!.usedUs,
      paidUs: paidUs - from.meters[i]!.paidUs,
    })),
    completed: to.completed - from.completed,
    attempts: to.attempts - from.attempts,
    arrived: to.arrived - from.arrived,
    cachedTokens: 0n,
    inputTokens: 0n,
    outputTokens: 0n,
    starts: to.starts - from.starts,
    scheduledStarts: to.scheduledStarts - from.scheduledStarts,
  };
}

/** Time used in each calendar minute that a life touches. */
function minutesOf(life: readonly Stretch[], offsetUs: number): number[] {
  const used = new Map<number, number>();
  for (const { fromUs, toUs } of life) {
    for (let us = fromUs; us < toUs; ) {
      const minute = Math.floor((us + offsetUs) / 60e6);
      const endUs = Math.min(toUs, (minute + 1) * 60e6 - offsetUs);
      used.set(minute, (used.get(minute) ?? 0) + endUs - us);
      us = endUs;
    }
  }
  return [...used.values()];
}

function overlapUs(stretch: Stretch, fromUs: number, toUs: number): number {
  return Math.max(0, Math.min(stretch.toUs, toUs) - Math.max(stretch.fromUs, fromUs));
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function ascending(a: number, b: number): number {
  return a - b;
}
