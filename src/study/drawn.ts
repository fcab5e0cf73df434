/** Where there is luck: without any, replications would be copies and intervals would claim what they do not know. */
import { compileDistribution } from '../engine/distribution.ts';
import { drawsArrivals } from '../workload/arrivals.ts';
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
  const { service } = spec;
  return {
    arrivals: spec.kind === 'synthesize' && drawsArrivals(spec.arrivals),
    service:
      service.kind === 'drawn' && compileDistribution(service.distribution).uniformsPerDraw > 0,
  };
}
