/**
 * How replicas come and go: starts that waiting requests ask for and those that the floor asks for, promises that follow
 * starting replicas, the start rate, and leaving when an idle window has ended.
 */
import { assert, InvariantError } from '../base/errors.ts';
import { keyed, type Purpose, type StartPurpose, type Uniforms } from '../base/random.ts';
import { POOL_CHANGE, READY } from './event-order.ts';
import type { Lifecycle } from './lifecycle.ts';
import { drawLifetime, planLife, planStart } from './lifetimes.ts';
import { AFTER_CHANGE, NEVER, type PoolState } from './pool-state.ts';
import { NONE } from './recency-list.ts';
import { becomeIdle, depart, setExpiry, setKept, setReady, setStarting } from './replica-rules.ts';
import { STARTING } from './replicas.ts';
import { LIMITS } from './totals.ts';

/** More than any client makes: a start for the same attempt once more has luck of its own. */
const MOST_ATTEMPTS = 2 ** 20;

const [MAX, RATE, TARGET, ACCOUNT_GPUS] = (['max', 'rate', 'target', 'account-gpus'] as const).map(
  (limit) => LIMITS.indexOf(limit),
) as [number, number, number, number];

/** Handed to phases that draw nothing. */
const NO_LUCK: Uniforms = {
  next(): number {
    throw new InvariantError('a fixed start phase draws no luck');
  },
};

/** At time 0 the floor's replicas are ready, and count in no start; so are those that a controller begins with. */
export function beginFloor(pool: PoolState): void {
  const { floor, lifecycle } = pool.scenario;
  // A reading at 0 counts what was before: nothing, not the minimum that these replicas pay either.
  pool.ledger.readUpTo(0);
  setFloor(pool, floor.count[0]!);
  pool.floorMovesAtUs = floor.atUs[1] ?? NEVER;
  if (lifecycle !== null) beginLifecycle(pool, lifecycle);
  for (let kept = 0; kept < pool.goal && hasQuota(pool); kept++) {
    const replica = pool.replicas.start(0);
    pool.ties?.quota?.take(pool.ties.place);
    makeRoom(pool, replica);
    pool.replicas.becomeReadyAtOnce(replica);
    setReady(pool, pool.ready + 1);
    becomeIdle(pool, replica);
    pool.router.offer(replica, 0);
    if (lifecycle !== null) {
      drawLifetime(pool, lifecycle, replica, 'scheduled-start', -1, kept);
      planLife(pool, lifecycle, replica);
    }
  }
  pool.peakReplicas = pool.ready;
  setPoolChange(pool);
}

/** A schedule's next step. */
export function moveFloor(pool: PoolState): void {
  const { floor } = pool.scenario;
  setFloor(pool, floor.count[pool.nextFloor]!);
  pool.floorMovesAtUs = floor.atUs[++pool.nextFloor] ?? NEVER;
  setKept(pool);
  setExpiry(pool);
  if (pool.control?.looksAtChanges) pool.toLook |= AFTER_CHANGE;
}

function beginLifecycle(pool: PoolState, lifecycle: Lifecycle): void {
  const { rolloutsUs, preemption, startFailure, startTimeoutUs, maxAgeUs } = lifecycle;
  assert(startFailure < 1, 'a start may succeed');
  assert(startTimeoutUs > 0 && maxAgeUs > 0, 'time passes before a replica ends');
  pool.rolloutAtUs = rolloutsUs[0] ?? NEVER;
  if (preemption?.inSpells === true) pool.spellAtUs = pool.weather!.nextBeginUs(0);
}

function setFloor(pool: PoolState, floor: number): void {
  pool.floor = floor;
  pool.ledger.floor.set(floor, pool.nowUs);
  // A controller may have wanted more; what it wants less than before it will say.
  pool.goal = pool.control === null ? floor : goalOf(pool);
  pool.hold = holdOf(pool);
}

/** What a controller wants, within the floor and the limit. */
export function goalOf(pool: PoolState): number {
  return Math.max(pool.floor, Math.min(pool.control!.target, pool.scenario.max));
}

/** Idle windows end replicas down to the floor, or to what a controller holds above it, or none at all. */
export function holdOf({ control, floor }: PoolState): number {
  if (control === null) return floor;
  return control.retires === 'target' ? NEVER : Math.max(floor, control.hold);
}

/** Starts what the floor asks for, then what waiting requests without a promise ask for, as far as it is allowed. */
export function startWanted(pool: PoolState): void {
  pool.tokenAtUs = NEVER;
  startGoal(pool);
  if (pool.control === null) startDemanded(pool);
  setPoolChange(pool);
}

/** What the floor, or a controller, asks for: only what goes beyond the floor is on demand. */
function startGoal(pool: PoolState): void {
  while (pool.starting + pool.ready < pool.goal) {
    if (!hasRoom(pool) || !takeToken(pool)) return;
    if (pool.plannedAtUs !== pool.nowUs) pool.plannedStarts = 0;
    pool.plannedAtUs = pool.nowUs;
    if (pool.starting + pool.ready < pool.floor) pool.ledger.scheduledStarts++;
    else pool.ledger.starts++;
    start(pool, 'scheduled-start', pool.nowUs, pool.plannedStarts++);
  }
}

function startDemanded(pool: PoolState): void {
  const { queue } = pool;
  while (queue.firstUnpromised !== NONE && hasRoom(pool)) {
    if (!takeToken(pool)) return;
    const cause = queue.firstUnpromised;
    const { request, attempt, startsCaused } = queue.attempts;
    pool.ledger.starts++;
    start(pool, 'start', request[cause]!, attempt[cause]! + startsCaused[cause]!++ * MOST_ATTEMPTS);
  }
}

/** Promises follow the slots that are promised: by their number, or one by one to a replica of their own. */
export function settlePromises(pool: PoolState): void {
  if (pool.bindings !== null) pool.bindings.bind(pool.nowUs);
  else if (pool.queue.size > 0 || pool.queue.promised > 0) {
    pool.queue.promiseTo(pool.starting === 0 ? 0 : pool.starting * pool.concurrency, pool.nowUs);
  }
}

/** Of those who wait once an event is over: what keeps them. Between events nothing changes but the end of a shortage. */
export function tellWhyTheyWait(pool: PoolState): void {
  const { queue, nowUs, startTokens } = pool;
  if (queue.size > queue.promised) {
    const limit = limitOf(pool);
    // Who may not start yet is not kept by the most there may be: a run that never wanted more is the same without it.
    if (limit === TARGET || startTokens.has(nowUs)) queue.isKeptBy(limit, nowUs);
    else queue.isKeptBy(RATE, nowUs, limit, startTokens.nextAtUs());
  }
  pool.shortage?.follow(queue.promised, pool.starting, pool.concurrency, nowUs);
}

function limitOf(pool: PoolState): number {
  const { starting, ready, scenario, control, goal } = pool;
  if (starting + ready >= scenario.max) return MAX;
  if (control !== null && starting + ready >= goal) return TARGET;
  return hasQuota(pool) ? RATE : ACCOUNT_GPUS;
}

export function hasRoom(pool: PoolState): boolean {
  return pool.starting + pool.ready < pool.scenario.max && hasQuota(pool);
}

function hasQuota({ ties }: PoolState): boolean {
  return ties === null || ties.quota === null || ties.quota.has(ties.place);
}

/** The short path writes into columns by replica and makes none longer. */
function makeRoom(pool: PoolState, replica: number): void {
  pool.idle.reserve(replica);
  pool.completions.reserve(replica);
}

function takeToken(pool: PoolState): boolean {
  if (pool.startTokens.take(pool.nowUs)) return true;
  pool.tokenAtUs = pool.startTokens.nextAtUs();
  return false;
}

export function setPoolChange(pool: PoolState): void {
  pool.front[POOL_CHANGE] = Math.min(
    pool.floorMovesAtUs,
    pool.tokenAtUs,
    pool.ends.topKey,
    pool.rolloutAtUs,
    pool.spellAtUs,
  );
}

function start(pool: PoolState, purpose: StartPurpose, key: number, subkey: number): void {
  const { replicas, scenario } = pool;
  const replica = replicas.start(pool.nowUs);
  pool.ties?.quota?.take(pool.ties.place);
  replicas.isStarted[replica] = 1;
  const isOnDemand = pool.starting + pool.ready >= pool.floor;
  pool.returns.starts(pool.nowUs, isOnDemand && pool.recorder.counts(pool.nowUs));
  makeRoom(pool, replica);
  drawPhases(pool, replica, purpose, key, subkey);
  replicas.state[replica] = STARTING;
  setStarting(pool, pool.starting + 1);
  pool.bindings?.started(replica);
  planReady(pool, replica);
  if (scenario.lifecycle !== null) {
    drawLifetime(pool, scenario.lifecycle, replica, purpose, key, subkey);
    planStart(pool, scenario.lifecycle, replica);
  }
  settlePromises(pool);
}

/** Which way the start takes, and how long each phase of it. */
function drawPhases(
  pool: PoolState,
  replica: number,
  purpose: StartPurpose,
  key: number,
  subkey: number,
): void {
  const { replicas, ways, weather, nowUs } = pool;
  const { lifecycle, startPhases } = pool.scenario;
  const u = ways.drawsPath ? luck(pool, `${purpose}/path`, key, subkey).next() : 0;
  const path = ways.choose(nowUs, u);
  replicas.path[replica] = path;
  const from = replica * startPhases.length;
  const uniforms = pool.drawsStarts ? luck(pool, purpose, key, subkey) : NO_LUCK;
  ways.draw(path, uniforms, replicas.phaseUs, from);
  if (lifecycle === null) return;
  if (weather !== null) {
    const endUs = weather.endOfSpellUs(nowUs);
    replicas.phaseUs[from + lifecycle.capacityPhase]! += endUs - nowUs;
    if (endUs > nowUs) pool.shortage!.holds(replica, endUs, nowUs);
  }
  if (lifecycle.link !== null && lifecycle.link.bytes[path]! > 0) {
    // How long that takes is known when it is over: it depends on who loads at the same time.
    replicas.phaseUs[from + lifecycle.link.phase] = NEVER;
    replicas.needsLink[replica] = 1;
  }
}

/** The replica is ready after its phases, or its turn at the shared link comes after those before it. */
function planReady(pool: PoolState, replica: number): void {
  const { replicas } = pool;
  const { startPhases, lifecycle } = pool.scenario;
  const untilPhase =
    replicas.needsLink[replica] === 1 ? lifecycle!.link!.phase : startPhases.length;
  let atUs = replicas.startUs[replica]!;
  for (let phase = 0; phase < untilPhase; phase++) {
    atUs += replicas.phaseUs[replica * startPhases.length + phase]!;
  }
  pool.readies.insert(replica, atUs, pool.decided++);
  setReadyFront(pool);
}

function setReadyFront({ front, readies, link }: PoolState): void {
  front[READY] = link === null ? readies.topKey : Math.min(readies.topKey, link.nextUs);
}

/**
 * The next step of a start is over.
 * @returns the replica that has been through all its phases, or NONE if one only came to or from the shared link
 */
export function nextStarted(pool: PoolState): number {
  const { readies, link, replicas, nowUs } = pool;
  if (link === null) {
    const replica = readies.pop();
    setReadyFront(pool);
    return replica;
  }
  const rule = pool.scenario.lifecycle!.link!;
  if (readies.topKey <= link.nextUs) {
    const replica = readies.pop();
    const waitsForLink = replicas.needsLink[replica] === 1;
    if (waitsForLink) link.join(replica, rule.bytes[replicas.path[replica]!]!, nowUs);
    setReadyFront(pool);
    return waitsForLink ? NONE : replica;
  }
  const replica = link.pop();
  replicas.endLink(replica, rule.phase, nowUs);
  planReady(pool, replica);
  return NONE;
}

/** A start comes to nothing, or is called off: its promises are lost, for others to settle; what it has taken is paid. */
export function abandonStart(pool: PoolState, replica: number): void {
  const { replicas, nowUs, readies, link } = pool;
  if (readies.has(replica)) readies.remove(replica);
  else if (replicas.needsLink[replica] === 1) link!.leave(replica, nowUs);
  setReadyFront(pool);
  replicas.cutPhases(replica, nowUs);
  pool.ledger.started(replica);
  pool.shortage?.lets(replica);
  pool.bindings?.lose(replica, nowUs);
  depart(pool, replica);
}

/** Someone was refused because nothing was there: a start is on its way, if it may be and none is yet. */
export function wake(pool: PoolState): void {
  if (pool.starting + pool.ready > 0 || !hasRoom(pool) || !pool.startTokens.take(pool.nowUs))
    return;
  pool.ledger.starts++;
  start(pool, 'start', pool.request, pool.attempt);
  setPoolChange(pool);
}

/** An idle replica's window has ended. */
export function leave(pool: PoolState, replica: number): void {
  pool.returns.leaves(pool.nowUs, pool.recorder.counts(pool.nowUs));
  depart(pool, replica);
  pool.ways.departs(pool.nowUs);
  const { control } = pool;
  if (control !== null) {
    // What an idle window took is not wanted back, until the controller says so again.
    control.target = Math.min(control.target, pool.starting + pool.ready);
    pool.goal = goalOf(pool);
  }
  startWanted(pool);
}

export function luck(pool: PoolState, purpose: Purpose, key: number, subkey: number): Uniforms {
  return keyed(pool.scenario.seed, pool.scenario.replication, purpose, key, subkey);
}
