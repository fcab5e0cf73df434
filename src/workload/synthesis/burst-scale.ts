/**
 * The same rates, more or less evenly spread. What scales is the coefficient of variation of counts over long times, the root
 * of their index of dispersion I, so that one factor means the same for every process: of a renewal process I is cv^2 of its
 * gaps (Cox and Lewis, The Statistical Analysis of Series of Events, 1966, 4.5), of Hawkes' 1 / (1 - branching)^2 (Hawkes
 * 1971); of an mmpp I - 1 is in proportion to how long its states last (Fischer and Meier-Hellstern 1993), which is scaled by
 * the factor's square: exact for the excess over Poisson.
 */
import type { ArrivalSpec, ProcessSpec } from './arrivals.ts';

/** @returns in words, why there is nothing to scale, if there is not */
export function burstScaled(spec: ArrivalSpec, factor: number): ArrivalSpec | string {
  if (factor === 1) return spec;
  if (spec.process !== 'clients') return scaledProcess(spec, factor);
  const clients = [];
  for (const client of spec.clients) {
    const arrivals = scaledProcess(client.arrivals, factor);
    if (typeof arrivals === 'string') return `${client.name}: ${arrivals}`;
    clients.push({ ...client, arrivals });
  }
  return { ...spec, clients };
}

function scaledProcess(spec: ProcessSpec, factor: number): ProcessSpec | string {
  switch (spec.process) {
    case 'poisson':
      return { process: 'gamma', rate: spec.rate, cv: factor };
    case 'gamma':
    case 'weibull':
      if (spec.cv === 0) return EVEN;
      return { ...spec, cv: (spec.cv ?? 1) * factor };
    case 'mmpp':
      return {
        ...spec,
        states: spec.states.map((state) => ({ ...state, meanUs: state.meanUs * factor ** 2 })),
      };
    case 'hawkes': {
      const branching = 1 - (1 - spec.branching) / factor;
      if (branching >= 0) return { ...spec, branching };
      const least = Number((1 - spec.branching).toPrecision(3));
      return `hawkes with branching ${spec.branching} is Poisson from ${least} on down: no less bursty than that`;
    }
    case 'fixed':
      return EVEN;
    case 'counts':
      return 'counts are what they are: give a process for burstier ones';
  }
}

const EVEN = 'arrivals are evenly spaced: they have no bursts to scale';
