/**
 * The event loop: one pool of replicas with per-request scaling, fed with a trace in chunks.
 *
 * `advance` feeds arrivals, `step` takes the earliest event by the order of event-order.ts: one switch, a handler a kind.
 * The handlers below are the rules of a pool: a request arrives, waits or begins, completes; a replica starts, becomes
 * ready, idles, leaves. Counting is elsewhere: recorder.ts for requests, ledger.ts for time, meter.ts for paid time.
 *
 * Where other ways to serve come in: `begin` decides when a service ends, `complete` what follows; nothing else knows.
 */
import { assert, InvariantError } from '../base/errors.ts';
import { keyed, type Purpose, type Uniforms } from '../base/random.ts';
import { Bindings } from './bindings.ts';
import { CalendarQueue } from './calendar-queue.ts';
import * as kind from './event-order.ts';
import { checkIdentities } from './identities.ts';
import { IdleReplicas } from './idle-replicas.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { Ledger } from './ledger.ts';
import { Meter } from './meter.ts';
import { NONE } from './recency-list.ts';
import { Recorder } from './recorder.ts';
import { BUSY, IDLE, READY_NOW, Replicas, STARTING } from './replicas.ts';
import { RetryQueue } from './retry-queue.ts';
import { Router } from './router.ts';
import type { Scenario, TraceChunk } from './scenario.ts';
import { CANCELED, COMPLETES, LATE, Services, TIMES_OUT } from './services.ts';
import { StartTokens } from './start-tokens.ts';
import type { RunTotals } from './totals.ts';
import { WaitingQueue } from './waiting-queue.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Handed to phases that draw nothing. */
const NO_LUCK: Uniforms = {
  next(): number {
    throw new InvariantError('a fixed start phase draws no luck');
  },
};

export class Pool {
  /** Requests of the trace that have arrived. */
  arrived = 0;

  private readonly scenario: Scenario;
  private readonly replicas: Replicas;
  private readonly services = new Services();
  private readonly queue = new WaitingQueue();
  private readonly idle: IdleReplicas;
  private readonly router: Router;
  private readonly bindings: Bindings | null;
  private readonly tokens: StartTokens;
  private readonly recorder: Recorder;
  private readonly ledger: Ledger;
  private readonly meters: readonly Meter[];

  private readonly completions = new CalendarQueue();
  private readonly readies = new IndexedHeap();
  private readonly retries = new RetryQueue();
  /** Waiting requests whose client goes away, by when. */
  private readonly cancelations = new IndexedHeap();

  private nowUs = 0;
  private starting = 0;
  private ready = 0;
  private busy = 0;
  private inService = 0;
  private floor = 0;
  private nextFloor = 1;
  /** When the floor moves next, and when a wanted start gets its token. */
  private floorMovesAtUs = NEVER;
  private tokenAtUs = NEVER;
  /** Replicas that have become ready, and decisions made, since time 0: they order what happens at one instant. */
  private readied = 0;
  private decided = 0;

  /** The attempt that arrives or ends now. Fields, not arguments: doubles would be boxed on the way. */
  private arrivalUs = 0;
  private arrivalDemandUs = 0;
  private firstUs = 0;
  private demandUs = 0;
  private request = 0;
  private attempt = 0;

  private peakReplicas = 0;
  private longestQueueUs = 0;
  private longestServiceUs = 0;
  private longestLatencyUs = 0;
  private unusedStarts = 0;
  private events = 0;
  private fingerprint = 0;

  // What the loop asks for each request, out of the scenario.
  private readonly concurrency: number;
  private readonly oneSlot: boolean;
  private readonly overheadUs: number;
  private readonly slotOverheadUs: number;
  private readonly executionTimeoutUs: number;
  private readonly queueTimeoutUs: number;
  private readonly patienceUs: number;
  private readonly cancels: boolean;
  private readonly followsStates: boolean;
  private readonly metersRequests: boolean;
  private readonly drawsStarts: boolean;

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
    this.ledger = new Ledger(scenario, this.replicas, this.queue, this.meters);
    this.beginFloor();
  }

  /** Runs up to the last arrival of the chunk; chunks come in order of time. */
  advance(chunk: TraceChunk): void {
    const { arrivalUs, serviceUs, count } = chunk;
    for (let row = 0; row < count; row++) {
      this.arrivalUs = arrivalUs[row]!;
      assert(this.arrivalUs >= this.nowUs || row > 0, 'chunks come in order of time');
      this.arrivalDemandUs = serviceUs[row]!;
      while (this.step(NEVER) !== kind.ARRIVAL);
    }
  }

  /** Runs to the end: the observed period is over, the last request has ended, no replica is above the floor. */
  finish(): RunTotals {
    this.arrivalUs = NEVER;
    const endUs = Math.max(this.scenario.period.toUs, this.scenario.measure?.toUs ?? 0);
    while (this.step(this.isSettled() ? endUs : NEVER) !== kind.NOTHING);
    return this.totals(Math.max(this.nowUs, endUs));
  }

  /** Takes the earliest event, if it comes at or before `limitUs`. @returns its kind */
  private step(limitUs: number): number {
    let atUs = this.completions.nextAtUs;
    let what = kind.COMPLETION;
    if (this.readies.topKey < atUs) {
      atUs = this.readies.topKey;
      what = kind.READY;
    }
    if (this.floorMovesAtUs < atUs || this.tokenAtUs < atUs) {
      atUs = Math.min(this.floorMovesAtUs, this.tokenAtUs);
      what = kind.POOL_CHANGE;
    }
    if (this.arrivalUs < atUs) {
      atUs = this.arrivalUs;
      what = kind.ARRIVAL;
    }
    if (this.retries.byTime.topKey < atUs) {
      atUs = this.retries.byTime.topKey;
      what = kind.RETRY;
    }
    if (this.queue.size > 0) {
      const deadlineUs = this.nextDeadlineUs();
      if (deadlineUs < atUs) {
        atUs = deadlineUs;
        what = kind.DEADLINE;
      }
    }
    if (this.ready > this.floor) {
      const endUs = Math.max(this.nowUs, this.idle.nextEndUs());
      if (endUs < atUs) {
        atUs = endUs;
        what = kind.IDLE_EXPIRY;
      }
    }
    if (atUs > limitUs || atUs === NEVER) {
      assert(limitUs < NEVER, 'a request waits beside nothing that could ever serve it');
      return kind.NOTHING;
    }
    if (atUs >= this.ledger.nextMarkUs) this.ledger.readUpTo(atUs);
    this.nowUs = atUs;
    this.events++;
    switch (what) {
      case kind.COMPLETION:
        this.complete(this.completions.pop());
        break;
      case kind.READY:
        this.becomeReady(this.readies.pop());
        break;
      case kind.POOL_CHANGE:
        this.changePool();
        break;
      case kind.ARRIVAL:
        this.firstUs = atUs;
        this.demandUs = this.arrivalDemandUs;
        this.request = this.arrived++;
        this.attempt = 0;
        this.recorder.arrives(atUs);
        this.arrive();
        break;
      case kind.RETRY:
        this.tryAgain(this.retries.pop());
        break;
      case kind.DEADLINE:
        this.giveUp();
        break;
      case kind.IDLE_EXPIRY:
        this.leave(this.idle.nextToLeave(atUs));
        break;
    }
    this.fingerprint = Math.imul(this.fingerprint ^ (atUs | 0), 0x9e3779b1);
    this.fingerprint = Math.imul(
      this.fingerprint ^ (what + 8 * this.busy + 8192 * this.queue.size),
      0x85ebca6b,
    );
    return what;
  }

  // ---------------------------------------------------------------- a request

  /** An attempt arrives: it takes a free slot, or waits if admission lets it. */
  private arrive(): void {
    this.ledger.attempts++;
    const replica = this.pick();
    if (replica === NONE) {
      this.wait();
      return;
    }
    const row = this.services.take();
    this.services.firstUs[row] = this.firstUs;
    this.services.demandUs[row] = this.demandUs;
    this.services.request[row] = this.request;
    this.services.attempt[row] = this.attempt;
    this.services.isCold[row] = 0;
    this.begin(replica, row);
  }

  private pick(): number {
    if (this.router.byRecency) return this.router.pickRecent();
    return this.router.pickRanked(() => this.luck('routing', this.request, this.attempt));
  }

  private wait(): void {
    const { queue } = this;
    if (!this.admits()) {
      if (!this.retry(this.scenario.client.retries?.onRejected === true)) {
        this.recorder.rejects(this.firstUs);
      }
      return;
    }
    const row = queue.append(this.nowUs);
    queue.firstUs[row] = this.firstUs;
    queue.arrivedUs[row] = this.nowUs;
    queue.demandUs[row] = this.demandUs;
    queue.request[row] = this.request;
    queue.attempt[row] = this.attempt;
    queue.readiesSeen[row] = this.readied;
    if (this.cancels) {
      const goneUs = Math.max(this.nowUs, this.firstUs + this.patienceUs);
      this.cancelations.insert(row, goneUs, this.decided++);
    }
    this.settlePromises();
    this.startWanted();
  }

  private admits(): boolean {
    const { queueLimit } = this.scenario;
    if (queueLimit > 0) return this.queue.size < queueLimit;
    if (this.bindings === null) {
      if (this.queue.size < this.starting * this.concurrency) return true;
    } else if (this.bindings.hasOpenSlot()) return true;
    return this.hasRoom() && this.tokens.has(this.nowUs);
  }

  /** A waiting request takes a slot of a ready replica. */
  private serve(replica: number, waiting: number): void {
    const { queue, services } = this;
    const row = services.take();
    services.firstUs[row] = queue.firstUs[waiting]!;
    services.demandUs[row] = queue.demandUs[waiting]!;
    services.request[row] = queue.request[waiting]!;
    services.attempt[row] = queue.attempt[waiting]!;
    services.isCold[row] = this.replicas.readyOrder[replica]! > queue.readiesSeen[waiting]! ? 1 : 0;
    this.leaveQueue(waiting);
    this.begin(replica, row);
  }

  private leaveQueue(waiting: number): void {
    const { queue } = this;
    const waitedUs = this.nowUs - queue.arrivedUs[waiting]!;
    if (waitedUs > this.longestQueueUs) this.longestQueueUs = waitedUs;
    if (this.cancels) this.cancelations.remove(waiting);
    queue.remove(waiting, this.nowUs);
    this.settlePromises();
  }

  /** A service begins; slots being independent, its end is known. */
  private begin(replica: number, row: number): void {
    const { replicas, services, nowUs } = this;
    if (replicas.state[replica] !== BUSY) this.becomeBusy(replica);
    const full = ++replicas.inService[replica]! >= this.concurrency;
    this.router.began(replica, full, nowUs);
    if (!this.oneSlot) this.ledger.inService.set(++this.inService, nowUs);

    let serviceUs = services.demandUs[row]! + this.slotOverheadUs;
    if (serviceUs > this.longestServiceUs) this.longestServiceUs = serviceUs;
    let end = COMPLETES;
    if (serviceUs > this.executionTimeoutUs) {
      serviceUs = this.executionTimeoutUs;
      end = TIMES_OUT;
    }
    const goneUs = services.firstUs[row]! + this.patienceUs;
    if (nowUs + serviceUs + this.overheadUs > goneUs) {
      if (this.cancels && nowUs + serviceUs > goneUs) {
        serviceUs = Math.max(0, goneUs - nowUs);
        end = CANCELED;
      } else if (end === COMPLETES) end = LATE;
    }
    services.replica[row] = replica;
    services.beginUs[row] = nowUs;
    services.end[row] = end;
    this.completions.insert(row, nowUs + serviceUs);
  }

  /** A service ends; its slot takes the head of the queue at once, or is free. */
  private complete(row: number): void {
    const { replicas, services, nowUs } = this;
    const replica = services.replica[row]!;
    const firstUs = services.firstUs[row]!;
    const end = services.end[row]!;
    const latencyUs = nowUs - firstUs + this.overheadUs;
    if (latencyUs > this.longestLatencyUs) this.longestLatencyUs = latencyUs;
    if (this.metersRequests) this.meterRequest(nowUs - services.beginUs[row]!);
    if (end <= LATE) {
      this.ledger.completed++;
      const waitUs = services.beginUs[row]! - firstUs;
      this.recorder.completes(firstUs, waitUs, latencyUs, services.isCold[row]!, end === LATE);
    } else {
      this.timeOutInService(row, end);
    }
    services.release(row);
    replicas.inService[replica]!--;
    if (!this.oneSlot) this.ledger.inService.set(--this.inService, nowUs);
    const waiting = this.nextForReady();
    if (waiting !== NONE) {
      this.serve(replica, waiting);
      return;
    }
    if (replicas.inService[replica] === 0) this.becomeIdle(replica);
    this.router.offer(replica, nowUs);
  }

  /** The request that a free slot of a ready replica takes: nobody's promise, or with a shared queue its head. */
  private nextForReady(): number {
    return this.bindings === null ? this.queue.first : this.queue.firstUnpromised;
  }

  private timeOutInService(row: number, end: number): void {
    const { services } = this;
    this.firstUs = services.firstUs[row]!;
    this.demandUs = services.demandUs[row]!;
    this.request = services.request[row]!;
    this.attempt = services.attempt[row]!;
    this.timeOut(end === CANCELED);
  }

  /** The attempt of the fields ends unserved or unfinished. */
  private timeOut(clientIsGone: boolean): void {
    const wanted = !clientIsGone && this.scenario.client.retries?.onTimedOut === true;
    if (!this.retry(wanted)) this.recorder.timesOut(this.firstUs);
  }

  /** A waiting request meets its deadline, or its client has gone. */
  private giveUp(): void {
    const { queue } = this;
    const head = queue.first;
    const isTimeout = queue.arrivedUs[head]! + this.queueTimeoutUs <= this.nowUs;
    const waiting = isTimeout ? head : this.cancelations.top();
    this.firstUs = queue.firstUs[waiting]!;
    this.demandUs = queue.demandUs[waiting]!;
    this.request = queue.request[waiting]!;
    this.attempt = queue.attempt[waiting]!;
    const endedUs = this.nowUs - this.firstUs;
    if (endedUs > this.longestLatencyUs) this.longestLatencyUs = endedUs;
    if (queue.boundTo[waiting] !== NONE) this.bindings!.release(waiting);
    this.leaveQueue(waiting);
    this.timeOut(!isTimeout);
  }

  private nextDeadlineUs(): number {
    const timeoutUs = this.queue.arrivedUs[this.queue.first]! + this.queueTimeoutUs;
    return this.cancels ? Math.min(timeoutUs, this.cancelations.topKey) : timeoutUs;
  }

  /** Whether the client tries the attempt of the fields again; decides when. */
  private retry(wanted: boolean): boolean {
    const { retries } = this.scenario.client;
    if (!wanted || retries === null || this.attempt >= retries.max) return false;
    let backoffUs = retries.backoffUs * retries.factor ** this.attempt;
    if (retries.jitter === 'full') {
      backoffUs *= this.luck('retry', this.request, this.attempt).next();
    }
    const atUs = this.nowUs + Math.round(backoffUs);
    const sinceFirstUs = atUs - this.firstUs;
    if (sinceFirstUs > this.longestLatencyUs) this.longestLatencyUs = sinceFirstUs;
    if (sinceFirstUs >= this.patienceUs) return false;
    const row = this.retries.append(atUs);
    this.retries.firstUs[row] = this.firstUs;
    this.retries.demandUs[row] = this.demandUs;
    this.retries.request[row] = this.request;
    this.retries.attempt[row] = this.attempt + 1;
    return true;
  }

  private tryAgain(row: number): void {
    this.firstUs = this.retries.firstUs[row]!;
    this.demandUs = this.retries.demandUs[row]!;
    this.request = this.retries.request[row]!;
    this.attempt = this.retries.attempt[row]!;
    this.recorder.retried(this.firstUs);
    this.arrive();
  }

  // ---------------------------------------------------------------- a replica

  private becomeBusy(replica: number): void {
    const { replicas, nowUs } = this;
    if (replicas.state[replica] === IDLE) {
      this.idle.remove(replica);
      if (this.followsStates) this.meterState(replica, false, replicas.idleSinceUs[replica]!);
    }
    replicas.state[replica] = BUSY;
    replicas.hasServed[replica] = 1;
    replicas.busySinceUs[replica] = nowUs;
    this.setBusy(this.busy + 1);
  }

  private becomeIdle(replica: number): void {
    const { replicas, nowUs } = this;
    if (replicas.state[replica] === BUSY) {
      replicas.busyUs[replica]! += nowUs - replicas.busySinceUs[replica]!;
      if (this.followsStates) this.meterState(replica, true, replicas.busySinceUs[replica]!);
      this.setBusy(this.busy - 1);
    }
    replicas.state[replica] = IDLE;
    replicas.idleSinceUs[replica] = nowUs;
    this.idle.add(replica, nowUs);
  }

  private setBusy(busy: number): void {
    this.busy = busy;
    this.ledger.busy.set(busy, this.nowUs);
    if (this.floor > 0) this.setKept();
  }

  private setKept(): void {
    const kept = Math.max(0, Math.min(this.ready, this.floor) - this.busy);
    this.ledger.kept.set(kept, this.nowUs);
  }

  private setReady(ready: number): void {
    this.ready = ready;
    this.ledger.ready.set(ready, this.nowUs);
    this.setKept();
  }

  private setStarting(starting: number): void {
    this.starting = starting;
    this.ledger.starting.set(starting, this.nowUs);
    this.peakReplicas = Math.max(this.peakReplicas, starting + this.ready);
  }

  /** A replica has started: it takes what is bound to it, then the head of the queue, up to its slots. */
  private becomeReady(replica: number): void {
    const { replicas, bindings } = this;
    this.setStarting(this.starting - 1);
    this.setReady(this.ready + 1);
    replicas.state[replica] = READY_NOW;
    replicas.readyUs[replica] = this.nowUs;
    replicas.readyOrder[replica] = ++this.readied;
    this.ledger.started(replica);
    if (bindings !== null) {
      bindings.ready(replica);
      for (let row = bindings.take(replica); row !== NONE; row = bindings.take(replica)) {
        this.serve(replica, row);
      }
    }
    this.settlePromises();
    while (replicas.inService[replica]! < this.concurrency && this.nextForReady() !== NONE) {
      this.serve(replica, this.nextForReady());
    }
    if (replicas.state[replica] === READY_NOW) this.becomeIdle(replica);
    if (replicas.inService[replica]! < this.concurrency) this.router.offer(replica, this.nowUs);
  }

  private leave(replica: number): void {
    this.idle.remove(replica);
    this.router.withdraw(replica);
    for (const meter of this.meters) meter.life(replica, this.nowUs);
    if (this.isUnusedStart(replica)) this.unusedStarts++;
    this.replicas.leave(replica);
    this.setReady(this.ready - 1);
    this.startWanted();
  }

  private isUnusedStart(replica: number): boolean {
    const { replicas, recorder } = this;
    return (
      replicas.hasServed[replica] === 0 &&
      replicas.isStarted[replica] === 1 &&
      recorder.counts(replicas.startUs[replica]!)
    );
  }

  // ---------------------------------------------------------------- starts

  /** Promises follow the slots that are promised: by their number, or one by one to a replica of their own. */
  private settlePromises(): void {
    if (this.bindings !== null) this.bindings.bind(this.nowUs);
    else if (this.queue.size > 0 || this.queue.promised > 0) {
      this.queue.promiseTo(this.starting === 0 ? 0 : this.starting * this.concurrency, this.nowUs);
    }
  }

  private hasRoom(): boolean {
    return this.starting + this.ready < this.scenario.max;
  }

  /** Starts what the floor asks for, then what waiting requests without a promise ask for, as far as it is allowed. */
  private startWanted(): void {
    this.tokenAtUs = NEVER;
    for (let scheduled = 0; this.starting + this.ready < this.floor; scheduled++) {
      if (!this.takeToken()) return;
      this.ledger.scheduledStarts++;
      this.start('scheduled-start', this.nowUs, scheduled);
    }
    const { queue } = this;
    while (queue.firstUnpromised !== NONE && this.hasRoom()) {
      if (!this.takeToken()) return;
      const cause = queue.firstUnpromised;
      this.ledger.starts++;
      this.start('start', queue.request[cause]!, queue.attempt[cause]!);
      this.settlePromises();
    }
  }

  private takeToken(): boolean {
    if (this.tokens.take(this.nowUs)) return true;
    this.tokenAtUs = this.tokens.nextAtUs();
    return false;
  }

  private start(purpose: 'start' | 'scheduled-start', key: number, subkey: number): void {
    const { replicas, scenario } = this;
    const replica = replicas.start(this.nowUs);
    replicas.isStarted[replica] = 1;
    const luck = this.drawsStarts ? this.luck(purpose, key, subkey) : NO_LUCK;
    const phases = scenario.startPhases;
    let readyUs = this.nowUs;
    for (let phase = 0; phase < phases.length; phase++) {
      const phaseUs = Math.round(phases[phase]!.time.sample(luck));
      replicas.phaseUs[replica * phases.length + phase] = phaseUs;
      readyUs += phaseUs;
    }
    replicas.state[replica] = STARTING;
    this.setStarting(this.starting + 1);
    this.bindings?.started(replica);
    this.readies.insert(replica, readyUs, this.decided++);
  }

  private luck(purpose: Purpose, key: number, subkey: number): Uniforms {
    return keyed(this.scenario.seed, this.scenario.replication, purpose, key, subkey);
  }

  // ---------------------------------------------------------------- the floor

  /** At time 0 the floor's replicas are ready, and count in no start. */
  private beginFloor(): void {
    const { floor } = this.scenario;
    this.floor = floor.count[0]!;
    this.floorMovesAtUs = floor.atUs[1] ?? NEVER;
    for (let kept = 0; kept < this.floor; kept++) {
      const replica = this.replicas.start(0);
      this.replicas.becomeReadyAtOnce(replica);
      this.setReady(this.ready + 1);
      this.becomeIdle(replica);
      this.router.offer(replica, 0);
    }
    this.peakReplicas = this.ready;
  }

  /** The floor moves, or a start-rate token has come. */
  private changePool(): void {
    if (this.floorMovesAtUs === this.nowUs) {
      const { floor } = this.scenario;
      this.floor = floor.count[this.nextFloor]!;
      this.floorMovesAtUs = floor.atUs[++this.nextFloor] ?? NEVER;
      this.setKept();
    }
    this.startWanted();
  }

  // ---------------------------------------------------------------- counting

  private meterRequest(serviceUs: number): void {
    for (const meter of this.meters) meter.request(serviceUs);
  }

  private meterState(replica: number, isBusy: boolean, fromUs: number): void {
    for (const meter of this.meters) {
      if (meter.followsStates) meter.state(replica, isBusy, fromUs, this.nowUs);
    }
  }

  private isSettled(): boolean {
    return (
      this.busy === 0 &&
      this.queue.size === 0 &&
      this.retries.byTime.size === 0 &&
      this.starting + this.ready <= this.floor
    );
  }

  private totals(horizonUs: number): RunTotals {
    const { ledger, recorder, scenario, replicas } = this;
    ledger.readUpTo(horizonUs);
    const run = ledger.reading(horizonUs);
    const observed = ledger.observed();
    const span = scenario.measure ?? scenario.period;
    for (let replica = 0; replica < replicas.end; replica++) {
      if (replicas.isAlive(replica) && this.isUnusedStart(replica)) this.unusedStarts++;
    }
    const totals: RunTotals = {
      requests: recorder.requests(),
      latency: recorder.latency.counts(),
      wait: recorder.wait.counts(),
      withinLatency: recorder.withinLatency,
      withinWait: recorder.withinWait,
      whole: scenario.measure === null ? run : observed,
      observed,
      observedUs: span.toUs - span.fromUs,
      peakReplicas: this.peakReplicas,
      unusedStarts: this.unusedStarts,
      horizonUs,
      reached: {
        replicas: this.peakReplicas,
        waiting: this.queue.peak,
        queueUs: this.longestQueueUs,
        serviceUs: this.longestServiceUs,
        latencyUs: this.longestLatencyUs,
      },
      timeline: ledger.timeline(horizonUs),
      events: this.events,
      fingerprint: this.fingerprint >>> 0,
    };
    checkIdentities(totals, run);
    return totals;
  }
}
