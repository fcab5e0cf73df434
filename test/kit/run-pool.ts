/** The engine, run on a trace of objects, and its totals made cheap to compare. */
import { Pool } from '../../src/engine/pool.ts';
import type { Scenario, TraceChunk } from '../../src/engine/scenario.ts';
import type { HistogramCounts, RunTotals } from '../../src/engine/totals.ts';
import type { NaiveRequest } from './naive-pool.ts';

export function runPool(
  scenario: Scenario,
  trace: readonly NaiveRequest[],
  takesShortPath = true,
): RunTotals {
  const pool = new Pool(scenario, takesShortPath);
  pool.advance(chunkOf(trace));
  return pool.finish();
}

export function chunkOf(trace: readonly NaiveRequest[]): TraceChunk {
  return {
    count: trace.length,
    arrivalUs: Float64Array.from(trace, ({ arrivalUs }) => arrivalUs),
    serviceUs: Float64Array.from(trace, ({ serviceUs }) => serviceUs),
  };
}

/** Twelve thousand buckets as those that hold something: a thousand times faster to compare. */
export function sparse({ counts, ...rest }: HistogramCounts): unknown {
  const filled: (readonly [bucket: number, count: number])[] = [];
  for (let bucket = 0; bucket < counts.length; bucket++) {
    if (counts[bucket]! > 0) filled.push([bucket, counts[bucket]!]);
  }
  return { ...rest, filled };
}

/** All totals. */
export function comparable({ latency, wait, returns, ...figures }: RunTotals): object {
  const gaps = returns.gaps && sparse(returns.gaps);
  return {
    ...figures,
    returns: { ...returns, gaps },
    latency: sparse(latency),
    wait: sparse(wait),
  };
}

/** Everything that a result shows: not how many events it took, nor their fingerprint. */
export function figuresOf(totals: RunTotals): object {
  return comparable({ ...totals, events: 0, fingerprint: 0 });
}
