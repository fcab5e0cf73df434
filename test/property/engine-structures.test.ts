import { describe, expect, it } from 'vitest';
import { streamOf } from '../../src/base/random.ts';
import { CalendarQueue } from '../../src/engine/calendar-queue.ts';
import { COMPLETION, emptyFront } from '../../src/engine/event-order.ts';
import { IndexedHeap } from '../../src/engine/indexed-heap.ts';
import { RankedSet } from '../../src/engine/ranked-set.ts';
import { NONE, RecencyList } from '../../src/engine/recency-list.ts';
import { WaitingQueue } from '../../src/engine/waiting-queue.ts';

/** Change it to try others; a failure names it. */
const SEED = process.env['COLDFRONT_FUZZ_SEED'] ?? '1';
const OPERATIONS = 1_000_000;

/** Uniform integers in [0, below), by seed and structure. */
function dice(name: string): (below: number) => number {
  const uniforms = streamOf(`${SEED}/${name}`, 0, 'test');
  return (below) => Math.floor(uniforms.next() * below);
}

/** A million cheap comparisons: `expect` alone would take minutes. */
function same(actual: number | boolean, expected: number | boolean, where: string): void {
  if (actual !== expected) expect(actual, `seed ${SEED}, ${where}`).toBe(expected);
}

interface Entry {
  readonly id: number;
  readonly key: number;
  readonly tie: number;
}

/** Ascending by (key, tie). */
class SortedEntries {
  readonly entries: Entry[] = [];

  insert(entry: Entry): void {
    const { entries } = this;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = entries[middle]!;
      if (other.key < entry.key || (other.key === entry.key && other.tie < entry.tie)) {
        low = middle + 1;
      } else high = middle;
    }
    entries.splice(low, 0, entry);
  }
}

describe(`queues and lists against plain arrays, a million random operations each (seed ${SEED})`, () => {
  it('the calendar queue gives the least time, of equal ones the first inserted', () => {
    const roll = dice('calendar');
    const front = emptyFront();
    const queue = new CalendarQueue(front);
    const model = new SortedEntries();
    const spare: number[] = [];
    let ids = 0;
    let nowUs = 0;
    // A regime is a mix of sizes, gaps and bursts; widths follow them, so regimes change while many are pending.
    let regime = { size: 1, scaleUs: 1, burst: 1, grid: 1 };
    for (let n = 0; n < OPERATIONS; n++) {
      if (n % 5000 === 0) {
        regime = {
          size: [1, 5, 50, 500, 3000][roll(5)]!,
          scaleUs: [0, 1, 30, 1000, 1e6, 1e9][roll(6)]!,
          burst: [1, 1, 10, 300][roll(4)]!,
          grid: [1, 1, 100, 1e6][roll(4)]!,
        };
      }
      const wantsMore = model.entries.length < regime.size ? roll(4) > 0 : roll(4) === 0;
      if (wantsMore || model.entries.length === 0) {
        const nextUs = model.entries[0]?.key ?? nowUs + regime.scaleUs;
        // The clock may pass on between events, and now and then a completion lies far ahead.
        if (roll(3) === 0) nowUs += Math.floor((nextUs - nowUs) * (roll(5) / 4));
        const far = roll(500) === 0 ? 5000 : 1;
        const gapUs = Math.floor((roll(1000) / 1000) * regime.scaleUs * far);
        const atUs = Math.max(nowUs, Math.floor((nowUs + gapUs) / regime.grid) * regime.grid);
        const many = roll(50) === 0 ? regime.burst : 1;
        for (let k = 0; k < many; k++) {
          const id = spare.pop() ?? ids++;
          queue.reserve(id);
          queue.atUs[id] = atUs;
          queue.insert(id);
          model.insert({ id, key: atUs, tie: n * 1000 + k });
        }
      } else {
        const { id, key } = model.entries.shift()!;
        same(queue.pop(), id, `operation ${n}`);
        nowUs = key;
        spare.push(id);
      }
      const next = model.entries[0]?.key ?? Number.POSITIVE_INFINITY;
      same(front[COMPLETION]!, next, `operation ${n}`);
    }
  });

  it('the heap gives the least (key, tie), and lets go of any id', () => {
    const roll = dice('heap');
    const heap = new IndexedHeap();
    const model = new SortedEntries();
    const spare: number[] = [];
    let ids = 0;
    let size = 0;
    for (let n = 0; n < OPERATIONS; n++) {
      if (n % 10_000 === 0) size = [2, 20, 200, 1000][roll(4)]!;
      const { entries } = model;
      const what = roll(entries.length < size ? 4 : 8);
      if (entries.length === 0 || what < 3) {
        const id = spare.pop() ?? ids++;
        same(heap.has(id), false, `operation ${n}`);
        const entry = { id, key: roll(size), tie: n };
        heap.insert(id, entry.key, n);
        model.insert(entry);
      } else if (what < 6) {
        const { id } = entries.shift()!;
        same(heap.pop(), id, `operation ${n}`);
        spare.push(id);
      } else {
        const { id } = entries.splice(roll(entries.length), 1)[0]!;
        same(heap.has(id), true, `operation ${n}`);
        heap.remove(id);
        spare.push(id);
      }
      same(heap.size, entries.length, `operation ${n}`);
      same(heap.top(), entries[0]?.id ?? -1, `operation ${n}`);
      same(heap.topKey, entries[0]?.key ?? Number.POSITIVE_INFINITY, `operation ${n}`);
    }
  });

  it('the ranked set knows its k-th and the next after any rank', () => {
    const roll = dice('ranked');
    const set = new RankedSet();
    const model = new SortedEntries();
    let size = 0;
    for (let n = 0; n < OPERATIONS; n++) {
      if (n % 10_000 === 0) size = [2, 20, 200, 1000][roll(4)]!;
      const { entries } = model;
      if (entries.length === 0 || roll(2 * size) >= entries.length) {
        const rank = roll(1e9) + n / OPERATIONS;
        set.insert(n, rank);
        model.insert({ id: n, key: rank, tie: 0 });
      } else {
        const { key } = entries.splice(roll(entries.length), 1)[0]!;
        set.remove(key);
      }
      same(set.size, entries.length, `operation ${n}`);
      if (entries.length === 0) continue;
      const k = roll(entries.length);
      same(set.at(k), entries[k]!.id, `operation ${n}`);
      same(set.placeAfter(entries[k]!.key), k + 1, `operation ${n}`);
      same(set.placeAfter(entries[k]!.key - 1e-7), k, `operation ${n}`);
    }
  });

  it('the recency list keeps the order of joining through removals anywhere', () => {
    const roll = dice('recency');
    const list = new RecencyList();
    const model: { id: number; atUs: number }[] = [];
    const spare: number[] = [];
    let ids = 0;
    let size = 0;
    for (let n = 0; n < OPERATIONS; n++) {
      if (n % 10_000 === 0) size = [2, 20, 200][roll(3)]!;
      if (model.length === 0 || roll(2 * size) >= model.length) {
        const id = spare.length > 0 ? spare.splice(roll(spare.length), 1)[0]! : ids++;
        list.append(id, n);
        model.push({ id, atUs: n });
      } else {
        const { id } = model.splice(roll(model.length), 1)[0]!;
        list.remove(id);
        spare.push(id);
      }
      same(list.first, model[0]?.id ?? NONE, `operation ${n}`);
      same(list.last, model.at(-1)?.id ?? NONE, `operation ${n}`);
      if (model.length === 0) continue;
      const k = roll(model.length);
      const { id, atUs } = model[k]!;
      same(list.sinceUs[id]!, atUs, `operation ${n}`);
      same(list.next(id), model[k + 1]?.id ?? NONE, `operation ${n}`);
      same(list.previous(id), model[k - 1]?.id ?? NONE, `operation ${n}`);
    }
  });

  it('the waiting queue keeps promises at its front, and integrates who waits for what', () => {
    const roll = dice('waiting');
    const queue = new WaitingQueue();
    const model: { row: number; atUs: number }[] = [];
    let promised = 0;
    let nowUs = 0;
    let forStartUs = 0;
    let forLimitUs = 0;
    let waitedUs = 0;
    let peak = 0;
    let size = 0;
    for (let n = 0; n < OPERATIONS; n++) {
      if (n % 10_000 === 0) size = [2, 20, 200][roll(3)]!;
      const passedUs = roll(3) * roll(100);
      forStartUs += promised * passedUs;
      forLimitUs += (model.length - promised) * passedUs;
      nowUs += passedUs;
      const what = roll(3);
      if (what === 0) {
        const count = roll(size + 2);
        queue.promiseTo(count, nowUs);
        promised = Math.min(count, model.length);
      } else if (model.length === 0 || roll(2 * size) >= model.length) {
        const row = queue.append(nowUs);
        queue.arrivedUs[row] = nowUs;
        model.push({ row, atUs: nowUs });
      } else {
        // The head is served more often than others give up.
        const k = what === 1 ? 0 : roll(model.length);
        const { row, atUs } = model.splice(k, 1)[0]!;
        queue.remove(row, nowUs);
        waitedUs += nowUs - atUs;
        if (k < promised) promised--;
      }
      peak = Math.max(peak, model.length);
      same(queue.size, model.length, `operation ${n}`);
      same(queue.peak, peak, `operation ${n}`);
      same(queue.promised, promised, `operation ${n}`);
      same(queue.first, model[0]?.row ?? NONE, `operation ${n}`);
      same(queue.last, model.at(-1)?.row ?? NONE, `operation ${n}`);
      same(queue.firstUnpromised, model[promised]?.row ?? NONE, `operation ${n}`);
      if (model.length === 0) continue;
      const k = roll(model.length);
      same(queue.next(model[k]!.row), model[k + 1]?.row ?? NONE, `operation ${n}`);
    }
    expect(queue.forStart.at(nowUs)).toBe(BigInt(forStartUs));
    expect(queue.forLimit.at(nowUs)).toBe(BigInt(forLimitUs));
    expect(queue.waitedUs.value()).toBe(BigInt(waitedUs));
  });
});
