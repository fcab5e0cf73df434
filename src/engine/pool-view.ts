/** A pool as its controller sees it. */
import type { ControlView } from './control/control-view.ts';
import type { PoolState } from './pool-state.ts';
import { NONE } from './recency-list.ts';

export class PoolView implements ControlView {
  private readonly pool: PoolState;

  constructor(pool: PoolState) {
    this.pool = pool;
  }

  get nowUs(): number {
    return this.pool.nowUs;
  }
  get floor(): number {
    return this.pool.floor;
  }
  get max(): number {
    return this.pool.scenario.max;
  }
  get starting(): number {
    return this.pool.starting;
  }
  get ready(): number {
    return this.pool.ready;
  }
  get busy(): number {
    return this.pool.busy;
  }
  get inService(): number {
    return this.pool.inService;
  }
  get waiting(): number {
    return this.pool.queue.size;
  }
  get concurrency(): number {
    return this.pool.concurrency;
  }
  get attempts(): number {
    return this.pool.ledger.attempts;
  }
  get refused(): number {
    return this.pool.ledger.refused;
  }
  get completed(): number {
    return this.pool.ledger.completed;
  }
  get tokensCompleted(): number {
    return this.pool.ledger.tokens();
  }

  oldestWaitUs(): number {
    const { queue, nowUs } = this.pool;
    return queue.first === NONE ? 0 : nowUs - queue.arrivedUs[queue.first]!;
  }

  waitingLongerThan(waitUs: number): number {
    const { queue, nowUs } = this.pool;
    let count = 0;
    for (let row = queue.first; row !== NONE; row = queue.next(row)) {
      if (nowUs - queue.arrivedUs[row]! <= waitUs) break;
      count++;
    }
    return count;
  }

  inServiceUs(): number {
    const { ledger, nowUs, oneSlot } = this.pool;
    return oneSlot
      ? ledger.busy.about(nowUs) + ledger.draining.about(nowUs)
      : ledger.inService.about(nowUs);
  }
  waitingUs(): number {
    const { queue, nowUs } = this.pool;
    return queue.forStart.about(nowUs) + queue.forLimit.about(nowUs);
  }
  busyUs(): number {
    return this.pool.ledger.busy.about(this.pool.nowUs);
  }

  get tokensInFlight(): number {
    const { queue, services } = this.pool;
    let tokens = 0;
    for (let row = 0; row < services.rows; row++) {
      if (services.replica[row] !== NONE) tokens += services.attempts.tokens(row);
    }
    for (let row = queue.first; row !== NONE; row = queue.next(row)) {
      tokens += queue.attempts.tokens(row);
    }
    return tokens;
  }

  latencyUs(quantile: number, windowUs: number): number {
    return this.pool.recent!.quantileUs(quantile, this.pool.nowUs - windowUs);
  }
}
