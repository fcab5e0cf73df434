/**
 * A pool for controllers alone: how many requests are in flight is scripted, replicas become ready after a load time, and
 * requests are served first come first served as far as slots reach. Exact integrals, in doubles.
 */
import type { ControlRule } from '../../src/engine/control/control-rule.ts';
import type { ControlView } from '../../src/engine/control/control-view.ts';
import { Controller } from '../../src/engine/control/controller.ts';

/** From `atUs` on so many are in flight; `refused` attempts beside them are refused there. */
export interface ScriptStep {
  readonly atUs: number;
  readonly inFlight?: number;
  readonly refused?: number;
}

export interface ScriptedOptions {
  readonly loadUs?: number;
  readonly floor?: number;
  readonly max?: number;
  readonly concurrency?: number;
  readonly untilUs: number;
  /** With idle windows: replicas never leave, unless false makes them follow the target down. Default: as the rule says. */
  readonly keeps?: boolean;
}

export interface Look {
  readonly atUs: number;
  readonly signal: number;
  readonly wish: number;
  readonly target: number;
  readonly hold: number;
}

export class ScriptedPool implements ControlView {
  nowUs = 0;
  readonly floor: number;
  readonly max: number;
  readonly concurrency: number;
  ready: number;
  attempts = 0;
  refused = 0;
  completed = 0;
  readonly looks: Look[] = [];
  readonly controller: Controller;
  private readonly keeps: boolean;
  private readonly loadUs: number;
  private readonly readyAtUs: number[] = [];
  private readonly arrivedAtUs: number[] = [];
  private readonly sums = { inService: 0, waiting: 0, busy: 0, ready: 0 };

  constructor(rule: ControlRule, options: ScriptedOptions) {
    this.controller = new Controller(rule);
    this.floor = options.floor ?? 0;
    this.max = options.max ?? 1000;
    this.concurrency = options.concurrency ?? 1;
    this.loadUs = options.loadUs ?? 0;
    this.keeps = options.keeps ?? rule.retires === 'idle-window';
    this.ready = this.floor;
  }

  get starting(): number {
    return this.readyAtUs.length;
  }
  get inService(): number {
    return Math.min(this.arrivedAtUs.length, this.ready * this.concurrency);
  }
  get waiting(): number {
    return this.arrivedAtUs.length - this.inService;
  }
  get busy(): number {
    return Math.min(this.ready, this.inService);
  }
  get tokensInFlight(): number {
    return 100 * this.arrivedAtUs.length;
  }
  get tokensCompleted(): number {
    return 100 * this.completed;
  }
  oldestWaitUs(): number {
    return this.waiting === 0 ? 0 : this.nowUs - this.arrivedAtUs[this.inService]!;
  }
  waitingLongerThan(waitUs: number): number {
    const waiting = this.arrivedAtUs.slice(this.inService);
    return waiting.filter((atUs) => this.nowUs - atUs > waitUs).length;
  }
  inServiceUs(): number {
    return this.sums.inService;
  }
  waitingUs(): number {
    return this.sums.waiting;
  }
  busyUs(): number {
    return this.sums.busy;
  }
  latencyUs(quantile: number, windowUs: number): number {
    return this.completed === 0 ? 0 : quantile * Math.min(windowUs, this.oldestWaitUs() + 1000);
  }

  /** Within an instant: the script, replicas that become ready, the tick. */
  run(script: readonly ScriptStep[], untilUs: number): readonly Look[] {
    let next = 0;
    for (;;) {
      const scriptUs = script[next]?.atUs ?? Number.POSITIVE_INFINITY;
      const readyUs = this.readyAtUs[0] ?? Number.POSITIVE_INFINITY;
      const atUs = Math.min(scriptUs, readyUs, this.controller.nextUs);
      if (atUs > untilUs) return this.looks;
      this.advance(atUs);
      if (scriptUs === atUs) this.apply(script[next++]!);
      else if (readyUs === atUs) this.becomeReady();
      else {
        this.controller.decide(this);
        this.note();
      }
    }
  }

  private advance(atUs: number): void {
    const us = atUs - this.nowUs;
    this.sums.inService += us * this.inService;
    this.sums.waiting += us * this.waiting;
    this.sums.busy += us * this.busy;
    this.sums.ready += us * this.ready;
    this.nowUs = atUs;
  }

  private apply({ inFlight, refused }: ScriptStep): void {
    while (inFlight !== undefined && this.arrivedAtUs.length > inFlight) {
      this.arrivedAtUs.shift();
      this.completed++;
      if (this.controller.looksAtCompletions && this.controller.onCompletion(this)) this.note();
    }
    while (inFlight !== undefined && this.arrivedAtUs.length < inFlight) {
      this.arrivedAtUs.push(this.nowUs);
      this.attempts++;
      if (this.controller.looksAtArrivals && this.controller.onArrival(this)) this.note();
    }
    for (let i = 0; i < (refused ?? 0); i++) {
      this.attempts++;
      this.refused++;
      if (this.controller.looksAtRefusals && this.controller.onRefusal(this)) this.note();
    }
  }

  private becomeReady(): void {
    this.readyAtUs.shift();
    this.ready++;
  }

  private note(): void {
    const { signal, wish, target, hold } = this.controller;
    this.looks.push({ atUs: this.nowUs, signal, wish, target, hold });
    const wanted = Math.min(this.max, Math.max(this.floor, target));
    while (this.ready + this.starting < wanted) this.readyAtUs.push(this.nowUs + this.loadUs);
    if (this.keeps) return;
    while (this.ready + this.starting > wanted) {
      if (this.controller.stopsStarting && this.starting > 0) this.readyAtUs.pop();
      else if (this.ready > 0) this.ready--;
      else return;
    }
  }
}

export function looksOf(
  rule: ControlRule,
  script: readonly ScriptStep[],
  options: ScriptedOptions,
): readonly Look[] {
  return new ScriptedPool(rule, options).run(script, options.untilUs);
}
