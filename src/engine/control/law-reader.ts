/** One law at work: reads its signal, and says how many replicas it wishes for. */
import { Alarm } from './alarm.ts';
import type { AlarmRule, Law } from './control-rule.ts';
import type { ControlView } from './control-view.ts';
import { figureOf, instantOf, SIGNAL_KIND, type SignalKind } from './signal.ts';
import { SignalWindow } from './signal-window.ts';
import { wholeUp } from './whole.ts';

/** The wish of a law that has nothing to say. */
export const NO_WISH = -1;

export class LawReader {
  /** What the latest look read: of backlog and oldest-wait, the wait. */
  signal = -0;
  readonly isBacklog: boolean;
  private readonly law: Law;
  private readonly windowUs: number;
  private readonly kind: SignalKind;
  private readonly window: SignalWindow | null;
  private readonly up: Alarm | null;
  private readonly down: Alarm | null;
  private periodEndUs = -0;
  private readonly cooldownUs: number;
  /** Of the latest step: what it went from, and until when what it added counts. */
  private stepBase = -0;
  private stepEndUs = -0;
  private readyAtPeriod = Number.POSITIVE_INFINITY;
  private figureAtUs = -1;
  private lastFigure = -0;
  /** Of the latest ratio: without a replica there is nothing that each one has. */
  private hasDatapoint = true;

  /**
   * @param panicUs a second, shorter window that `shortWish` reads; 0 without one
   * @param cooldownUs after a move up
   */
  constructor(law: Law, tickUs: number, panicUs: number, cooldownUs: number) {
    this.cooldownUs = cooldownUs;
    this.law = law;
    this.isBacklog = law.kind === 'backlog';
    this.windowUs = law.alarm?.periodUs ?? law.windowUs;
    this.kind = SIGNAL_KIND[law.signal];
    const longestUs = Math.max(this.windowUs, panicUs);
    const hasWindow = this.windowUs > 0 && this.kind !== 'quantile' && this.kind !== 'instant';
    this.window = hasWindow ? new SignalWindow(longestUs, tickUs) : null;
    this.up = law.alarm && new Alarm(law.alarm.up);
    this.down = law.alarm?.down ? new Alarm(law.alarm.down) : null;
    this.periodEndUs = law.alarm?.periodUs ?? 0;
  }

  /** Windows begin now. */
  restart(view: ControlView): void {
    this.window?.restart(view.nowUs, this.figure(view));
    this.up?.clear();
    this.down?.clear();
  }

  /** A mark at a tick: the windows of later looks begin at such. */
  mark(view: ControlView): void {
    this.window?.record(view.nowUs, this.figure(view));
  }

  /** Whether a poll finds the signal active. */
  isActive(view: ControlView): boolean {
    return instantOf(this.law.signal, view) > this.law.activation;
  }

  /** @param current replicas that are the target now */
  wish(view: ControlView, current: number): number {
    const { law } = this;
    switch (law.kind) {
      case 'absolute':
        this.signal = this.read(view, this.windowUs);
        return wholeUp(this.signal / law.target);
      case 'backlog':
        return this.backlogWish(view);
      case 'fixed':
        this.signal = law.target;
        return law.target;
      default:
        if (law.alarm !== null) return this.alarmWish(view, current, law.alarm);
        return this.ratioWish(view, current);
    }
  }

  /** The wish that the last `windowUs` alone would give, of laws that count replicas outright. */
  shortWish(view: ControlView, windowUs: number): number {
    if (this.law.kind !== 'absolute') return NO_WISH;
    return wholeUp(this.read(view, windowUs) / this.law.target);
  }

  private read(view: ControlView, windowUs: number): number {
    const { signal, quantile } = this.law;
    if (this.kind === 'quantile') return view.latencyUs(quantile, windowUs);
    if (this.window === null) return instantOf(signal, view);
    const growth = this.window.growth(view.nowUs, windowUs, this.figure(view));
    if (this.kind === 'count') return growth;
    return this.window.spanUs > 0 ? growth / this.window.spanUs : instantOf(signal, view);
  }

  /** An integral up to now is read once: it cannot change within the instant, as a count can. */
  private figure(view: ControlView): number {
    if (this.kind !== 'integral') return figureOf(this.law.signal, view);
    if (this.figureAtUs !== view.nowUs) {
      this.figureAtUs = view.nowUs;
      this.lastFigure = figureOf(this.law.signal, view);
    }
    return this.lastFigure;
  }

  private backlogWish(view: ControlView): number {
    const { signal, target, covers } = this.law;
    const timed = signal === 'oldest-wait';
    this.signal = instantOf(signal, view);
    const waiting = timed ? view.waitingLongerThan(target) : view.waiting;
    return view.ready + Math.max(view.starting, Math.ceil(waiting / covers));
  }

  private ratioWish(view: ControlView, current: number): number {
    const { metricType } = this.law;
    this.signal = this.read(view, this.windowUs);
    if (metricType === 'per-replica') {
      this.hasDatapoint = view.ready > 0;
      if (!this.hasDatapoint) return current;
      this.signal /= view.ready;
      return this.perReplicaWish(view, current);
    }
    const all = view.ready + view.starting;
    const replicas = metricType === 'value' ? view.ready : all > 0 ? all : Math.max(1, current);
    const perTarget = this.signal / this.law.target;
    const ratio = metricType === 'value' ? perTarget : perTarget / replicas;
    return this.isTolerated(ratio) ? current : wholeUp(ratio * replicas);
  }

  /** Ready replicas have the signal; on the way up starting ones count as replicas with none. */
  private perReplicaWish(view: ControlView, current: number): number {
    const ratio = this.signal / this.law.target;
    if (ratio <= 1 || view.starting === 0) {
      return this.isTolerated(ratio) ? current : wholeUp(ratio * view.ready);
    }
    const all = view.ready + view.starting;
    const diluted = (ratio * view.ready) / all;
    return diluted < 1 || this.isTolerated(diluted) ? current : wholeUp(diluted * all);
  }

  private isTolerated(ratio: number): boolean {
    return 1 - this.law.toleranceDown <= ratio && ratio <= 1 + this.law.toleranceUp;
  }

  /** Moves only at a period's end, with an alarm on. A tracking law without one stays; a step has no say. */
  private alarmWish(view: ControlView, current: number, alarm: AlarmRule): number {
    const { kind, target } = this.law;
    const isStep = kind === 'step';
    if (view.nowUs < this.periodEndUs) return isStep ? NO_WISH : current;
    this.periodEndUs = view.nowUs + alarm.periodUs;
    if (isStep) {
      this.signal = this.read(view, alarm.periodUs);
      return this.stepWish(view, current, this.up!.record(this.signal > target));
    }
    const wish = this.ratioWish(view, current);
    const high = this.up!.record(this.hasDatapoint && this.signal > target);
    const low = this.down?.record(this.hasDatapoint && this.signal < target * alarm.lowShare);
    if (high) return Math.max(wish, current);
    return low ? Math.min(wish, current) : current;
  }

  /**
   * A datapoint speaks of the replicas that were ready when its period began. Until the cooldown of a step is over, what it
   * added is part of what the next one adds, and no step takes anything away.
   */
  private stepWish(view: ControlView, current: number, isOn: boolean): number {
    const cools = view.nowUs < this.stepEndUs;
    const base = cools ? this.stepBase : Math.min(this.readyAtPeriod, view.ready);
    this.readyAtPeriod = view.ready;
    if (!isOn) return NO_WISH;
    const wish = base + this.law.step;
    if (wish <= current) return current;
    if (!cools) {
      this.stepBase = base;
      this.stepEndUs = view.nowUs + this.cooldownUs;
    }
    return wish;
  }
}
