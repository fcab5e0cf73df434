/** Made traffic as a trace, so that it can be described beside the one that it is like. */
import { GrowingColumn, integerColumn, integers, realColumn, reals } from './columns.ts';
import type { Trace } from './trace.ts';
import type { Workload } from './workload.ts';

/** One realization, held in memory: some 20 bytes a request. */
export function collectTrace(workload: Workload, seed: string, replication = 0): Trace {
  const arrival = new GrowingColumn(reals);
  const service = new GrowingColumn(reals);
  const input = new GrowingColumn(reals);
  const output = new GrowingColumn(reals);
  const endpoint = new GrowingColumn(integers);
  const has = { input: false, output: false, endpoint: false };
  let count = 0;
  for (const chunk of workload.chunks(seed, replication)) {
    count += chunk.count;
    has.input ||= chunk.inputTokens !== undefined;
    has.output ||= chunk.outputTokens !== undefined;
    has.endpoint ||= chunk.endpoint !== undefined;
    for (let i = 0; i < chunk.count; i++) {
      arrival.push(chunk.arrivalUs[i]!);
      service.push(chunk.serviceUs[i]!);
      if (has.input) input.push(chunk.inputTokens![i]!);
      if (has.output) output.push(chunk.outputTokens![i]!);
      if (has.endpoint) endpoint.push(chunk.endpoint![i]!);
    }
  }
  const real = () => realColumn(count, false);
  return {
    count,
    arrivalUs: arrival.moveTo(real(), null),
    serviceUs: service.moveTo(real(), null),
    inputTokens: has.input ? input.moveTo(real(), null) : null,
    outputTokens: has.output ? output.moveTo(real(), null) : null,
    endpoint: has.endpoint ? endpoint.moveTo(integerColumn(count, false), null) : null,
    endpointNames: workload.endpointNames,
    status: null,
    firstAtUs: workload.startAtEpochUs,
    zoneOffsetMin: null,
    period: workload.period,
    report: {
      name: workload.label,
      format: 'synthesized',
      why: 'as asked',
      lines: count,
      requests: count,
      skipped: { lines: 0, examples: [] },
      reordered: 0,
      leftOut: 0,
      missing: 0,
      resolutionUs: 1,
      shaping: [],
      stampedAt: 'start',
      durations: 'drawn',
      warnings: [],
    },
  };
}
