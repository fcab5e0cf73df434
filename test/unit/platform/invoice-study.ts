/** A small study on a platform that ships, run as users run it: what its invoice says, to be worked by hand beside it. */
import type { Result } from '../../../src/study/document.ts';
import { run, traceOf } from '../study/studies.ts';

/** Start at 0, work of 2.2 s; again 30 s in, for 4 s; and long after, for 1 s. */
export const THREE_REQUESTS = [
  [0, 2.2],
  [30, 4],
  [600, 1],
] as const;

/** 18 s, of which most platforms bill the last 11. */
export const COLD_START =
  'coldStart: [{ phase: capacity, time: 3s }, { phase: pull, time: 4s }, { phase: boot, time: 1s }, { phase: load, time: 10s }]';

export interface Invoice {
  readonly usd: number;
  /** [meter, quantity, unit] */
  readonly lines: readonly (readonly [string, number, string])[];
  readonly result: Result;
}

/** @param deployment the keys of a study's `deployment`, in one line; @param more further lines of the study */
export async function invoiceOf(
  deployment: string,
  rows: readonly (readonly [atS: number, serviceS: number])[] = THREE_REQUESTS,
  more = '',
): Promise<Invoice> {
  const study = `version: 1
workload: { replay: { file: x } }
deployment: { ${deployment} }
${more}
`;
  const result = await run(study, {}, { traces: [traceOf(rows)] });
  const { cost } = result;
  if (cost === null) throw new Error('no cost');
  return {
    usd: cost.usd,
    lines: cost.lines.map(({ meter, quantity, unit }) => [meter, quantity, unit] as const),
    result,
  };
}
