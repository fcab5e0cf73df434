/**
 * A pool by itself, fed with a trace in chunks: `advance` feeds arrivals, `step` (event-loop.ts) takes the earliest event.
 * short-path.ts does the common case, a free slot at hand and nothing rare in between, in one piece; what it leaves, the
 * loop does. Pools that share requests or an account run together in pool-group.ts.
 */
import { assert } from '../base/errors.ts';
import { beginControl } from './control-rules.ts';
import { isOver, loseHope, strand } from './ending.ts';
import { step } from './event-loop.ts';
import { ARRIVAL, COMPLETION, NOTHING } from './event-order.ts';
import { beginPings } from './pings.ts';
import { NEVER, PoolState, type ServiceRule } from './pool-state.ts';
import { totalsOf } from './run-totals.ts';
import type { Scenario, TraceChunk } from './scenario.ts';
import { ShortPath } from './short-path.ts';
import { beginFloor } from './start-rules.ts';
import type { RunTotals } from './totals.ts';

export class Pool {
  private readonly state: PoolState;
  private readonly shortPath: ShortPath | null;

  /**
   * @param takesShortPath false sends every event through the loop: the same run, slower; tests compare the two
   * @param serviceOf decides each service as it begins, in place of the trace's: for what a log says of ends only
   */
  constructor(scenario: Scenario, takesShortPath = true, serviceOf: ServiceRule | null = null) {
    this.state = new PoolState(scenario);
    this.state.serviceOf = serviceOf;
    this.shortPath =
      takesShortPath && serviceOf === null && ShortPath.fits(this.state)
        ? new ShortPath(this.state)
        : null;
    beginFloor(this.state);
    beginControl(this.state);
    beginPings(this.state);
  }

  /** Requests of the trace that have arrived. */
  get arrived(): number {
    return this.state.arrived;
  }

  /** Runs up to the last arrival of the chunk; chunks come in order of time. */
  advance(chunk: TraceChunk): void {
    const { state, shortPath } = this;
    const { arrivalUs, serviceUs, count } = chunk;
    const { inputTokens = null, cachedTokens = null, outputTokens = null } = chunk;
    const tokens = inputTokens ?? outputTokens;
    assert(!state.countsTokens || tokens !== null, 'tokens are counted where there are any');
    assert(count === 0 || arrivalUs[0]! >= state.nowUs, 'chunks come in order of time');
    let row = shortPath?.run(chunk, 0) ?? 0;
    while (row < count) {
      state.front[ARRIVAL] = arrivalUs[row]!;
      state.arrivalDemandUs = serviceUs[row]!;
      if (inputTokens !== null) state.arrivalInputTokens = inputTokens[row]!;
      if (cachedTokens !== null) state.arrivalCachedTokens = cachedTokens[row]!;
      if (outputTokens !== null) state.arrivalOutputTokens = outputTokens[row]!;
      let what = COMPLETION;
      while (what === COMPLETION) what = step(state, NEVER);
      if (what === ARRIVAL) row++;
      if (shortPath !== null) row = shortPath.run(chunk, row);
    }
    state.front[ARRIVAL] = NEVER;
  }

  /** Runs to the end: the observed period is over, the last request has ended, no replica is above the floor. */
  finish(): RunTotals {
    const { state } = this;
    const { period, measure } = state.scenario;
    const endUs = Math.max(period.toUs, measure?.toUs ?? 0);
    let what = COMPLETION;
    while (what !== NOTHING) {
      loseHope(state);
      what = step(state, isOver(state) ? endUs : NEVER);
    }
    strand(state, endUs);
    return totalsOf(state, Math.max(state.nowUs, endUs));
  }
}
