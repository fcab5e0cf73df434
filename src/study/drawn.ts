/** Where there is luck: without any, replications would be copies and intervals would claim what they do not know. */
import { drawsService } from '../workload/service.ts';
import { synthesisDraws } from '../workload/synthesis/synthesis.ts';
import type { Workload, WorkloadSpec } from '../workload/workload.ts';
import type { PoolPart } from './deployment-section.ts';

/** In words; empty where nothing is drawn. */
export function drawnBy(pool: PoolPart, drawn: Workload['drawn']): readonly string[] {
  const { startPhases, client, routing } = pool;
  const jitter = client.retries !== null && client.retries.jitter === 'full';
  return [
    ...(drawn.arrivals ? ['arrivals'] : []),
    ...(drawn.service ? ['service times'] : []),
    ...(startPhases.some(({ time }) => time.uniformsPerDraw > 0) ? ['starts'] : []),
    ...(jitter ? ['retries'] : []),
    ...(routing === 'random' ? ['routing'] : []),
  ];
}

/** The same as the workload will say, before there is a trace. */
export function drawnOf(spec: WorkloadSpec): Workload['drawn'] {
  return spec.kind === 'synthesize'
    ? synthesisDraws(spec)
    : { arrivals: false, service: drawsService(spec.service) };
}
