/** What `inspect --fit --json` prints: figures in seconds, and the blocks of a study that they come to. */
import { US_PER_S } from '../base/units.ts';
import type { ServiceFit } from '../workload/fit/fit-service.ts';
import { latencyFloor } from '../workload/fit/latency-floor.ts';
import type { Quantiles } from '../workload/statistics.ts';
import type { CurrentFit } from './fit-current.ts';
import { distributionSection, serviceSection } from './fit-section.ts';
import { type BrokenByFloor, brokenByFloor } from './latency-limits.ts';
import type { DistributionSection, ServiceSection } from './schema.ts';
import type { Objective } from './slo.ts';

export interface FitQuantilesS {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** How near a fit is: its quantiles beside the data's. */
export interface GoodnessOfFit {
  readonly requests: number;
  readonly meanS: number;
  readonly dataS: FitQuantilesS;
  readonly fitS: FitQuantilesS;
}

export interface DrawnGoodness extends GoodnessOfFit {
  /** `lognormal`, or `empirical` where no family is near enough. */
  readonly distribution: string;
  /** Kolmogorov-Smirnov: the greatest distance of shares. */
  readonly ks: number;
  readonly families: readonly {
    readonly family: string;
    readonly aic: number;
    readonly ks: number;
  }[];
}

export interface FitDocument {
  readonly schema: 'coldfront.fit.v1';
  readonly name: string;
  readonly requests: number;
  readonly missing: number;
  readonly durations: string | null;
  readonly sample: { readonly kind: ServiceFit['sample']['kind']; readonly requests: number };
  readonly company: {
    readonly perRequestS: number;
    readonly perRequestShare: number;
    readonly correlation: number;
    readonly grows: boolean;
  } | null;
  /** `workload.service` of a study. */
  readonly service: ServiceSection;
  readonly drawn: DrawnGoodness;
  readonly tokens:
    | (GoodnessOfFit & { readonly service: ServiceSection; readonly r2: number })
    | null;
  readonly endpoints: readonly (DrawnGoodness & { readonly name: string })[] | null;
  readonly coldStart: ColdStartDocument;
  /** Latency at no wait at all. */
  readonly floorS: FitQuantilesS & { readonly p95: number; readonly max: number };
  readonly brokenByFloor: readonly BrokenByFloor[];
  readonly current: CurrentDocument | null;
  readonly warnings: readonly string[];
}

export type ColdStartDocument =
  | {
      readonly seen: 'some';
      readonly requests: number;
      readonly idleWindowS: number;
      readonly idleWindowIntervalS: readonly [number, number];
      readonly meanS: number;
      readonly meanIntervalS: readonly [number, number];
      readonly excessS: FitQuantilesS;
      /** `deployment.coldStart` of a study. */
      readonly coldStart: string | DistributionSection;
    }
  | { readonly seen: 'none'; readonly afterGaps: number; readonly longestGapS: number }
  | { readonly seen: 'untold'; readonly why: string };

export interface CurrentDocument {
  readonly holds: boolean;
  readonly waited: number;
  readonly cold: number;
  readonly meanWaitS: number;
  readonly floorS: number;
  readonly atFloor: number;
  readonly residualS: number;
  /** Of the log as it stands. */
  readonly plainS: FitQuantilesS;
}

export interface FitContext {
  readonly name: string;
  readonly objectives?: readonly Objective[];
  /** Added to every latency; 0 for a log, whose durations hold it. */
  readonly overheadUs?: number;
  readonly current?: CurrentFit | null;
}

export function fitDocument(
  fit: ServiceFit,
  { name, objectives = [], overheadUs = 0, current = null }: FitContext,
): FitDocument {
  const { sample, company, tokens, endpoints } = fit;
  const floor = latencyFloor(sample.durationsUs, overheadUs);
  return {
    schema: 'coldfront.fit.v1',
    name,
    requests: fit.requests,
    missing: (current?.plain ?? fit).missing,
    durations: fit.durations,
    sample: { kind: sample.kind, requests: sample.durationsUs.length },
    company: company && {
      perRequestS: company.perRequestUs / US_PER_S,
      perRequestShare: company.perRequestShare,
      correlation: company.correlation,
      grows: company.grows,
    },
    service: serviceSection(fit.service),
    drawn: drawnGoodness(fit.drawn),
    tokens: tokens && {
      requests: tokens.count,
      meanS: fit.drawn.meanUs / US_PER_S,
      dataS: inSeconds(tokens.data),
      fitS: inSeconds(tokens.fit),
      service: serviceSection(tokens.service),
      r2: tokens.r2,
    },
    endpoints: endpoints?.map((one) => ({ name: one.name, ...drawnGoodness(one.fit) })) ?? null,
    coldStart: coldStartOf(fit),
    floorS: { ...inSeconds(floor), p95: floor.p95Us / US_PER_S, max: floor.maxUs / US_PER_S },
    brokenByFloor: brokenByFloor(objectives, floor),
    current: current && currentDocument(current),
    warnings: [...(current?.warnings ?? []), ...fit.warnings],
  };
}

function drawnGoodness(fit: ServiceFit['drawn']): DrawnGoodness {
  return {
    requests: fit.count,
    meanS: fit.meanUs / US_PER_S,
    dataS: inSeconds(fit.data),
    fitS: inSeconds(fit.fit),
    distribution: fit.distribution.distribution,
    ks: fit.ks,
    families: fit.families.map(({ family, aic, ks }) => ({ family, aic, ks })),
  };
}

function coldStartOf({ coldStart }: ServiceFit): ColdStartDocument {
  switch (coldStart.seen) {
    case 'untold':
      return coldStart;
    case 'none':
      return {
        seen: 'none',
        afterGaps: coldStart.afterGaps,
        longestGapS: coldStart.longestGapUs / US_PER_S,
      };
    case 'some': {
      const span = ([from, to]: readonly [number, number]): readonly [number, number] => [
        from / US_PER_S,
        to / US_PER_S,
      ];
      return {
        seen: 'some',
        requests: coldStart.count,
        idleWindowS: coldStart.windowUs / US_PER_S,
        idleWindowIntervalS: span(coldStart.windowIntervalUs),
        meanS: coldStart.meanUs / US_PER_S,
        meanIntervalS: span(coldStart.meanIntervalUs),
        excessS: inSeconds(coldStart.excess),
        coldStart: distributionSection(coldStart.distribution),
      };
    }
  }
}

function currentDocument({ waits, plain, holds }: CurrentFit): CurrentDocument {
  return {
    holds,
    waited: waits.waited,
    cold: waits.cold,
    meanWaitS: waits.meanWaitUs / US_PER_S,
    floorS: waits.floorUs / US_PER_S,
    atFloor: waits.atFloor,
    residualS: waits.residualUs / US_PER_S,
    plainS: inSeconds(plain.drawn.data),
  };
}

function inSeconds({ p50Us, p90Us, p99Us }: Quantiles): FitQuantilesS {
  return { p50: p50Us / US_PER_S, p90: p90Us / US_PER_S, p99: p99Us / US_PER_S };
}
