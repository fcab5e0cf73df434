/** Where there is luck: without any, replications would be copies and intervals would claim what they do not know. */
import { drawsService } from '../workload/service.ts';
import { synthesisDraws } from '../workload/synthesis/synthesis.ts';
import type { Workload, WorkloadSpec } from '../workload/workload.ts';
import type { PoolPart } from './deployment-section.ts';

/** In words; empty where nothing is drawn. */
export function drawnBy(pool: PoolPart, drawn: Workload['drawn']): readonly string[] {
  const { client, routing, lifecycle } = pool;
  const jitter = client.retries !== null && client.retries.jitter === 'full';
  const words: readonly (readonly [string, boolean])[] = [
    ['arrivals', drawn.arrivals],
    ['service times', drawn.service],
    ['starts', drawsStarts(pool)],
    ['failed starts', (lifecycle?.startFailure ?? 0) > 0],
    ['weather', lifecycle?.weather != null && 'meanGapUs' in lifecycle.weather],
    ['preemption', happens(lifecycle?.preemption?.meanUs)],
    ['crashes', happens(lifecycle?.crashMeanUs)],
    ['retries', jitter],
    ['routing', routing === 'random'],
  ];
  return words.flatMap(([word, is]) => (is ? [word] : []));
}

/** Which way a start takes, or how long any of them is. */
function drawsStarts({ startPhases, lifecycle }: PoolPart): boolean {
  const ways = lifecycle?.shortcuts ?? [];
  const times = [...startPhases.map(({ time }) => time), ...ways.flatMap(({ phases }) => phases)];
  return (
    times.some(({ uniformsPerDraw }) => uniformsPerDraw > 0) ||
    ways.some(({ chance }) => chance > 0 && chance < 1)
  );
}

function happens(meanUs = Number.POSITIVE_INFINITY): boolean {
  return meanUs < Number.POSITIVE_INFINITY;
}

/** The same as the workload will say, before there is a trace. */
export function drawnOf(spec: WorkloadSpec): Workload['drawn'] {
  return spec.kind === 'synthesize'
    ? synthesisDraws(spec)
    : { arrivals: false, service: drawsService(spec.service) };
}
