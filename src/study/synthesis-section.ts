/** The study's `synthesize` block as the workload layer's plain numbers. */

import type { ServiceSpec } from '../workload/service.ts';
import type { ArrivalSpec } from '../workload/synthesis/arrivals.ts';
import { burstScaled } from '../workload/synthesis/burst-scale.ts';
import { lengthUs } from '../workload/synthesis/counts.ts';
import {
  type PopularitySpec,
  popularityMistakes,
  zipfEndpoints,
} from '../workload/synthesis/popularity.ts';
import {
  endMistakes,
  type SynthesisSpec,
  serviceMisfits,
  synthesisMistakes,
  togetherMistakes,
} from '../workload/synthesis/synthesis-spec.ts';
import { processOf, scaledArrivals } from './arrivals-section.ts';
import { clientsOf } from './clients-section.ts';
import { usOf } from './distribution-section.ts';
import type { Finding } from './findings.ts';
import { tokensOf } from './number-section.ts';
import { inside, type Place, say } from './place.ts';
import type { DatedPlace } from './rate-section.ts';
import type { SynthesizeSection } from './synthesis-schema.ts';

/**
 * @param startAt of the workload, as it is written
 * @returns null, and findings more, if the block makes no traffic
 */
export function synthesisSpecOf(
  section: SynthesizeSection,
  startAt: string | undefined,
  service: ServiceSpec,
  findings: Finding[],
): SynthesisSpec | null {
  const before = findings.length;
  const place: DatedPlace = { at: ['workload', 'synthesize'], startAt, findings };
  const { duration, requests, endpoints, tokens } = section;
  const arrivals = arrivalsOf(section, place);
  const popularity = endpoints && endpointsOf(endpoints, inside(place, 'endpoints'));
  const lengths = tokens && tokensOf(tokens, inside(place, 'tokens'));
  const end = {
    durationUs: duration === undefined ? ownEndUs(arrivals, requests) : Math.round(usOf(duration)),
    requests: requests ?? null,
  };
  if (section.arrivals?.process !== 'counts') say(place, endMistakes(end));
  const bursts = arrivals && burstScaled(arrivals, section.burstScale ?? 1);
  if (typeof bursts === 'string') say(inside(place, 'burstScale'), [bursts]);
  if (bursts === null || typeof bursts === 'string' || findings.length > before) return null;
  const spec: SynthesisSpec = {
    kind: 'synthesize',
    arrivals: scaledArrivals(bursts, section.rateScale ?? 1),
    ...(popularity && { endpoints: popularity }),
    ...(lengths && { tokens: lengths }),
    ...end,
    service,
  };
  say(place, togetherMistakes(spec));
  say({ at: ['workload', 'service'], findings }, serviceMisfits(spec));
  if (findings.length === before) say(place, synthesisMistakes(spec));
  return spec;
}

function arrivalsOf(
  { arrivals, clients }: SynthesizeSection,
  place: DatedPlace,
): ArrivalSpec | null {
  if (clients !== undefined) return clientsOf(clients, arrivals, place);
  const here = inside(place, 'arrivals');
  if (arrivals !== undefined) return processOf(arrivals, here);
  say(here, ['are missing: write arrivals: { process: poisson, rate: 5/s }, or clients:']);
  return null;
}

/** Counts end by themselves where nothing else ends them. */
function ownEndUs(arrivals: ArrivalSpec | null, requests: number | undefined): number | null {
  return arrivals?.process === 'counts' && requests === undefined ? lengthUs(arrivals) : null;
}

function endpointsOf(
  section: NonNullable<SynthesizeSection['endpoints']>,
  place: Place,
): PopularitySpec {
  const spec = Array.isArray(section)
    ? { names: section.map(({ name }) => name), shares: section.map(({ share }) => share) }
    : zipfEndpoints(section.count, section.zipf ?? 1);
  say(place, popularityMistakes(spec));
  return spec;
}
