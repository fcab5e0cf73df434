/** A production trace against counts that were worked out apart from the engine. */
import { describe, expect, it } from 'vitest';
import { US_PER_S } from '../../src/base/units.ts';
import { Pool } from '../../src/engine/pool.ts';
import type { Scenario } from '../../src/engine/scenario.ts';
import type { RunTotals } from '../../src/engine/totals.ts';
import { BASE } from '../../src/study/verify.ts';
import { makeWorkload } from '../../src/workload/workload.ts';
import { noRealTraces, realTrace } from '../unit/workload/read-trace.ts';

const FILES = [
  ['ISO stamps', 'azure-llm-2023/AzureLLMInferenceTrace_code.csv'],
  ['relative seconds', 'splitwise-relative/splitwise_code.csv'],
] as const;

describe.skipIf(noRealTraces)(
  'the Azure LLM code trace (skipped where ../shared/traces is absent)',
  () => {
    describe.each(FILES)('%s', (_, path) => {
      const run = noRealTraces ? null : replay(path);

      it.each([
        [5, 1552, null],
        [60, 564, '58479.650'],
        [300, 144, '130662.056'],
      ])('one request a replica, window %s s: %s cold, idle %s s', (windowS, cold, idleS) => {
        const totals = run!({ ...window(windowS), max: Number.POSITIVE_INFINITY });
        expect(totals.requests).toMatchObject({ arrived: 8819, completed: 8819, cold });
        expect(totals.whole.starts).toBe(cold);
        expect(secondsOf(totals.whole.busyUs, 4)).toBe('10988.8748');
        if (idleS !== null) expect(secondsOf(totals.whole.idleUs, 3)).toBe(idleS);
      });

      it.each([
        [5, 41, '238.204'],
        [60, 12, '1478.931'],
        [300, 1, '2374.501'],
      ])('one replica for all, window %s s: %s cold, idle %s s', (windowS, cold, idleS) => {
        const totals = run!({ ...window(windowS), concurrency: Number.POSITIVE_INFINITY });
        expect(totals.whole.starts).toBe(cold);
        expect(secondsOf(totals.whole.inServiceUs, 4)).toBe('10988.8748');
        expect(secondsOf(totals.whole.idleUs, 3)).toBe(idleS);
      });
    });
  },
);

function replay(path: string): (pool: Partial<Scenario>) => RunTotals {
  const service = {
    kind: 'tokens',
    baseUs: 0,
    perInputTokenUs: 200,
    perOutputTokenUs: 30_000,
  } as const;
  const workload = makeWorkload({ kind: 'replay', service }, realTrace(path), null);
  return (pool) => {
    const { period } = workload;
    const run = new Pool({ ...BASE, ...pool, period, measure: null, seed: '', replication: 0 });
    for (const chunk of workload.chunks('', 0)) run.advance(chunk);
    return run.finish();
  };
}

function window(seconds: number): Partial<Scenario> {
  const idleWindowUs = seconds * US_PER_S;
  return { floor: { atUs: [0], count: [0] }, idleWindowUs, unusedWindowUs: idleWindowUs };
}

function secondsOf(us: bigint, decimals: number): string {
  return (Number(us) / US_PER_S).toFixed(decimals);
}
