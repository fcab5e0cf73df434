/** Made traffic as a trace, so that it can be described beside the one that it is like. */
import { formatDurationUs } from '../base/units.ts';
import { GrowingColumn, integerColumn, integers, realColumn, reals } from './columns.ts';
import type { Trace } from './trace.ts';
import type { Workload } from './workload.ts';

/** Where to stop: the first request that arrives so late, or of which so many came before. */
export interface CollectLimits {
  readonly untilUs?: number;
  readonly most?: number;
}

/**
 * One realization, held in memory: some 20 bytes a request. One that goes on beyond a limit is observed up to there, which
 * `report.shaping` says.
 */
export function collectTrace(
  workload: Workload,
  seed: string,
  { untilUs = Number.POSITIVE_INFINITY, most = Number.POSITIVE_INFINITY }: CollectLimits = {},
): Trace {
  const arrival = new GrowingColumn(reals);
  const service = new GrowingColumn(reals);
  const input = new GrowingColumn(reals);
  const cached = new GrowingColumn(reals);
  const output = new GrowingColumn(reals);
  const endpoint = new GrowingColumn(integers);
  const has = { input: false, cached: false, output: false, endpoint: false };
  let count = 0;
  let cutUs: number | null = null;
  for (const chunk of workload.chunks(seed, 0)) {
    has.input ||= chunk.inputTokens !== undefined;
    has.cached ||= chunk.cachedTokens !== undefined;
    has.output ||= chunk.outputTokens !== undefined;
    has.endpoint ||= chunk.endpoint !== undefined;
    for (let i = 0; i < chunk.count; i++) {
      const isLate = chunk.arrivalUs[i]! >= untilUs;
      if (isLate || count === most) {
        cutUs = isLate ? untilUs : chunk.arrivalUs[i]!;
        break;
      }
      count++;
      arrival.push(chunk.arrivalUs[i]!);
      service.push(chunk.serviceUs[i]!);
      if (has.input) input.push(chunk.inputTokens![i]!);
      if (has.cached) cached.push(chunk.cachedTokens![i]!);
      if (has.output) output.push(chunk.outputTokens![i]!);
      if (has.endpoint) endpoint.push(chunk.endpoint![i]!);
    }
    if (cutUs !== null) break;
  }
  const real = () => realColumn(count, false);
  return {
    count,
    arrivalUs: arrival.moveTo(real(), null),
    serviceUs: service.moveTo(real(), null),
    inputTokens: has.input ? input.moveTo(real(), null) : null,
    cachedTokens: has.cached ? cached.moveTo(real(), null) : null,
    outputTokens: has.output ? output.moveTo(real(), null) : null,
    endpoint: has.endpoint ? endpoint.moveTo(integerColumn(count, false), null) : null,
    endpointNames: workload.endpointNames,
    status: null,
    firstAtUs: workload.startAtEpochUs,
    zoneOffsetMin: null,
    period: cutUs === null ? workload.period : { ...workload.period, toUs: cutUs },
    report: {
      name: workload.label,
      format: 'synthesized',
      why: 'as asked',
      lines: count,
      requests: count,
      others: 0,
      skipped: { lines: 0, examples: [] },
      reordered: 0,
      leftOut: 0,
      missing: 0,
      resolutionUs: 1,
      shaping: cutUs === null ? [] : [`the first ${formatDurationUs(cutUs)} only`],
      stampedAt: 'start',
      durations: 'drawn',
      warnings: [],
    },
  };
}
