/** What a start costs and how long it takes, as far as a scenario says it before anything has run. */
import type { Uniforms } from '../../base/random.ts';
import type { Distribution } from '../../engine/distribution.ts';
import type { KeptServices } from '../../engine/kept-services.ts';
import type { Scenario } from '../../engine/scenario.ts';
import type { StartPath } from '../../engine/start-paths.ts';
import type { LeastRates } from '../../platform/least-rates.ts';

export interface StartPrice {
  /** Of the cheapest way to start. */
  readonly usd: number;
  /** Whether what is paid of it is drawn: then it is the mean, and a bound with it is one in the mean. */
  readonly isDrawn: boolean;
  /** No start takes longer. */
  readonly longestUs: number;
}

type Given = Pick<Scenario, 'startPhases' | 'lifecycle'>;

/** At the mean of what is drawn; a spell of shortage and company on a link only make it longer. */
export function startPrice({ startPhases, lifecycle }: Given, rates: LeastRates): StartPrice {
  const cold = { chance: 1, phases: startPhases.map(({ time }) => time) };
  const ways: readonly Pick<StartPath, 'chance' | 'phases'>[] = [
    ...(lifecycle?.shortcuts ?? []),
    cold,
  ];
  const link = lifecycle?.link ?? null;
  const prices = ways.map(({ chance, phases }, way) => {
    const bytes = link?.bytes[way] ?? 0;
    const linkUs = link && bytes / Math.min(link.ownBytesPerUs, link.allBytesPerUs);
    const isLink = (phase: number) => link !== null && phase === link.phase && bytes > 0;
    const usd = phases.reduce<number>((sum, time, phase) => {
      const meanUs = isLink(phase) ? linkUs! : time.meanUs;
      return sum + meanUs * rates.phases[phase]!;
    }, 0);
    const isDrawn = phases.some(
      (time, phase) => !isLink(phase) && rates.phases[phase]! > 0 && time.uniformsPerDraw > 0,
    );
    return { usd, isDrawn, isPossible: chance > 0 };
  });
  const possible = prices.filter(({ isPossible }) => isPossible);
  const lasts = ways.map(({ phases }) =>
    phases.reduce<number>((sum, time) => sum + longestOf(time), 0),
  );
  const isUnbounded = link !== null || (lifecycle?.weather ?? null) !== null;
  return {
    usd: Math.min(...possible.map(({ usd }) => usd)),
    isDrawn: possible.some(({ isDrawn }) => isDrawn),
    longestUs: isUnbounded ? Number.POSITIVE_INFINITY : Math.max(...lasts),
  };
}

/** As the run's own starts were: none is paid less or takes longer than these. */
export function ownStartPrice(
  kept: KeptServices,
  rates: LeastRates,
  price: StartPrice,
): StartPrice {
  const phases = rates.phases.length;
  let { usd } = price;
  let longestUs = 0;
  for (let start = 0; start < kept.readyUs.length; start++) {
    let ownUsd = 0;
    let ownUs = 0;
    for (let phase = 0; phase < phases; phase++) {
      const us = kept.phaseUs[start * phases + phase]!;
      ownUsd += us * rates.phases[phase]!;
      ownUs += us;
    }
    usd = Math.min(usd, ownUsd);
    longestUs = Math.max(longestUs, ownUs);
  }
  return { usd, isDrawn: false, longestUs };
}

/** Uniforms are (k + 1/2) / 2^32: this is the greatest, and quantiles ascend. */
const GREATEST: Uniforms = { next: () => 1 - 2 ** -33 };

function longestOf(time: Distribution): number {
  return Math.ceil(time.uniformsPerDraw === 0 ? time.meanUs : time.sample(GREATEST));
}
