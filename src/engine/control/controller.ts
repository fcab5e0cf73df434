/** A controlled pool's mind: looks at the pool when its loop or an event says so, and sets how many replicas there should be. */
import type { ControlRule, PanicRule, ReachRule, Wake } from './control-rule.ts';
import type { ControlView } from './control-view.ts';
import { Cooldown } from './cooldown.ts';
import { LawReader, NO_WISH } from './law-reader.ts';
import { Panic } from './panic.ts';
import { RateLimit } from './rate-limit.ts';
import { Stabilization } from './stabilization.ts';
import { StepDown } from './step-down.ts';
import { wholeDown, wholeUp } from './whole.ts';
import { ZeroPolicy } from './zero-policy.ts';

const NEVER = Number.POSITIVE_INFINITY;

export class Controller {
  /** Replicas wanted, starting ones among them. */
  target = 0;
  /** The largest wish of the laws before it was shaped, and what the law that wished it had read. */
  wish = 0;
  signal = -0;
  /** With `retires: 'idle-window'`: how many replicas no idle window may take. */
  hold = 0;
  /** When `decide` is due next. */
  nextUs = -0;

  readonly retires: ControlRule['retires'];
  readonly stopsStarting: boolean;
  readonly looksAtArrivals: boolean;
  readonly looksAtCompletions: boolean;
  readonly looksAtRefusals: boolean;
  /** What a loop would see by itself: without one, the floor that moves and a request that waits no more are looked at. */
  readonly looksAtChanges: boolean;

  private readonly rule: ControlRule;
  private readonly laws: readonly LawReader[];
  private readonly panicRule: PanicRule | null;
  private readonly panic: Panic | null;
  private readonly stabilization: Stabilization;
  private readonly rates: RateLimit;
  private readonly stepDown: StepDown | null;
  private readonly cooldown: Cooldown;
  private readonly zero: ZeroPolicy | null;
  private readonly wakes: Wake;
  private nextTickUs = -0;
  private nextPollUs = -0;
  private hasLooked = false;
  /** Of the latest look at the laws: the largest wish over the panic window, and without backlogs. */
  private shortWish = 0;
  private lastingWish = 0;

  constructor(rule: ControlRule) {
    this.rule = rule;
    this.retires = rule.retires;
    this.stopsStarting = rule.stopsStarting;
    this.panicRule = rule.panic;
    const panicUs = rule.panic?.windowUs ?? 0;
    this.laws = rule.laws.map(
      (law) => new LawReader(law, rule.tickUs, panicUs, rule.cooldown.upUs),
    );
    this.panic = rule.panic && new Panic(rule.panic);
    this.stabilization = new Stabilization(rule.stabilization);
    this.rates = new RateLimit(rule.rateUp, rule.rateDown);
    this.stepDown = rule.stepDown && new StepDown(rule.stepDown);
    this.cooldown = new Cooldown(rule.cooldown);
    this.zero = rule.zero && new ZeroPolicy(rule.zero);
    this.wakes = rule.zero?.wake ?? 'law';
    this.looksAtArrivals = rule.onArrival !== 'never' || this.wakes === 'arrival';
    this.looksAtCompletions = rule.onCompletion;
    this.looksAtRefusals = this.wakes === 'refusal';
    this.looksAtChanges = rule.tickUs === NEVER;
    // A loop looks first when it has run once; a poll, and a rule of events alone, at once.
    this.nextTickUs = rule.tickUs === NEVER ? 0 : rule.tickUs;
    this.nextPollUs = rule.zero?.wake === 'poll' ? 0 : NEVER;
    this.nextUs = Math.min(this.nextTickUs, this.nextPollUs);
  }

  /** At `nextUs`. At one instant the poll comes first. */
  decide(view: ControlView): void {
    const { nowUs } = view;
    if (nowUs >= this.nextPollUs) {
      this.nextPollUs = nowUs + this.rule.zero!.pollUs;
      this.poll(view);
    }
    if (nowUs >= this.nextTickUs) {
      this.nextTickUs = nowUs + this.rule.tickUs;
      for (const law of this.laws) law.mark(view);
      this.look(view);
    }
    this.nextUs = Math.min(this.nextTickUs, this.nextPollUs);
  }

  /** After an arrival has found its slot or its place in the queue. @returns whether `target` or `hold` changed */
  onArrival(view: ControlView): boolean {
    const { onArrival } = this.rule;
    if (this.wakes === 'arrival' && this.currentOf(view) === 0) {
      this.restart(view, 0);
      return this.changed(view, true);
    }
    if (onArrival === 'never') return false;
    // A waiting request can only ask for more.
    const heedless = onArrival === 'waiting' && (view.waiting === 0 || this.target >= view.max);
    return heedless ? false : this.changed(view, false);
  }

  onRefusal(view: ControlView): boolean {
    if (this.wakes !== 'refusal' || this.currentOf(view) > 0) return false;
    this.wakeToLeast(view);
    return this.target > 0;
  }

  onCompletion(view: ControlView): boolean {
    return this.rule.onCompletion ? this.changed(view, false) : false;
  }

  onChange(view: ControlView): boolean {
    return this.changed(view, false);
  }

  private changed(view: ControlView, waking: boolean): boolean {
    const { target, hold } = this;
    this.look(view, waking);
    return this.target !== target || this.hold !== hold;
  }

  private poll(view: ControlView): void {
    let active = false;
    for (const law of this.laws) active ||= law.isActive(view);
    const goes = this.zero!.poll(view.nowUs, active);
    const current = this.currentOf(view);
    if (current === 0 && active) this.wakeToLeast(view);
    else this.target = goes ? bounded(0, view) : current;
  }

  /** Laws, then the stages of the shaping in their order, then the bounds. */
  private look(view: ControlView, waking = false): void {
    const { nowUs } = view;
    if (!this.hasLooked) this.begin(view);
    if (this.zero !== null && this.wakes !== 'poll') this.zero.look(view);
    const current = this.currentOf(view);
    if (current === 0 && this.wakes !== 'law' && !waking) {
      this.sleep();
      return;
    }
    this.consultLaws(view, current);
    let replicas = this.withBuffer(this.wish, view);
    replicas = this.panicked(view, replicas);
    replicas = this.stabilization.apply(nowUs, replicas, current);
    replicas = this.rates.apply(nowUs, replicas, current);
    if (this.stepDown !== null) replicas = this.stepDown.apply(nowUs, replicas, current);
    replicas = this.cooldown.apply(nowUs, replicas, current);
    replicas = this.zero === null ? Math.max(1, replicas) : this.zero.apply(nowUs, replicas);
    this.target = bounded(replicas, view);
    this.rates.record(nowUs, this.target - current);
    this.cooldown.record(nowUs, this.target - current);
    if (this.retires === 'idle-window') {
      this.hold = bounded(this.withBuffer(this.lastingWish, view), view);
    }
  }

  private begin(view: ControlView): void {
    this.hasLooked = true;
    this.panic?.begin(view.nowUs, view.ready);
  }

  private sleep(): void {
    this.target = 0;
    this.wish = 0;
    this.signal = 0;
    this.hold = 0;
  }

  private consultLaws(view: ControlView, current: number): void {
    let largest = NO_WISH;
    let short = NO_WISH;
    let lasting = NO_WISH;
    for (const law of this.laws) {
      const wish = law.wish(view, current);
      if (wish > largest) {
        largest = wish;
        this.signal = law.signal;
      }
      if (!law.isBacklog) lasting = Math.max(lasting, wish);
      if (this.panicRule !== null) {
        short = Math.max(short, law.shortWish(view, this.panicRule.windowUs));
      }
    }
    if (largest === NO_WISH) this.signal = this.laws[0]!.signal;
    this.wish = largest === NO_WISH ? current : largest;
    this.shortWish = Math.max(0, short);
    this.lastingWish = Math.max(0, lasting);
  }

  private withBuffer(wish: number, view: ControlView): number {
    const { buffer } = this.rule;
    if (buffer === null) return wish;
    if (!buffer.whileIdle && view.inService + view.waiting === 0) return wish;
    return wish + Math.max(buffer.count, wholeUp(buffer.share * wish));
  }

  private panicked(view: ControlView, wish: number): number {
    const { reach } = this.rule;
    const ready = Math.max(1, view.ready);
    const stable = withinReach(wish, ready, reach);
    if (this.panic === null) return stable;
    const short = withinReach(this.shortWish, ready, reach);
    return this.panic.apply(view.nowUs, ready, this.shortWish, stable, short);
  }

  private wakeToLeast(view: ControlView): void {
    const { least } = this.rule.zero!;
    this.restart(view, least);
    this.target = bounded(least, view);
  }

  /** Awake: what was before is forgotten. */
  private restart(view: ControlView, replicas: number): void {
    for (const law of this.laws) law.restart(view);
    this.stabilization.restart(view.nowUs, replicas);
    this.zero?.woke(view.nowUs);
  }

  private currentOf(view: ControlView): number {
    return bounded(this.target, view);
  }
}

function bounded(replicas: number, { floor, max }: ControlView): number {
  return Math.min(max, Math.max(floor, replicas));
}

function withinReach(wish: number, ready: number, reach: ReachRule | null): number {
  if (reach === null) return wish;
  return Math.min(wholeUp(ready * reach.up), Math.max(wholeDown(ready / reach.down), wish));
}
