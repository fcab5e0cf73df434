/** What a result rests on and what a planner should know before believing it, one sentence each. */
import { formatDurationUs } from '../base/units.ts';
import type { Scenario } from '../engine/scenario.ts';
import { hasOwnReplicaPrice } from '../platform/bill-merge.ts';
import type { Figure, Platform, ScalingRule } from '../platform/catalogue.ts';
import { isPaid, type PaidChoice } from '../platform/prices.ts';
import type { Json } from './json.ts';
import { getAt, parseKeyPath } from './key-path.ts';
import type { Study } from './schema.ts';
import { meanStartUs, type Starts } from './start-section.ts';

export const unpricedWarning =
  'no price, so no cost: name deployment.platform and deployment.gpu, or give billing.usdPerReplicaHour';

export const ownLawNote =
  "service times are those of deployment.serviceTime, the study's or its platform's, not of workload.service";

export interface UsedFigure extends Figure {
  /** The platform's name, or the catalogue. */
  readonly owner: string;
}

/** What of a compiled configuration its warnings are about. */
interface Facts {
  readonly pool: Pick<
    Scenario,
    'max' | 'idleWindowUs' | 'concurrency' | 'slotSpeed' | 'control' | 'lifecycle'
  >;
  readonly largestFloor: number;
  readonly rule: ScalingRule;
  readonly platform: Platform | null;
  readonly starts: Starts;
}

/** Every figure that a configuration takes from a platform and the catalogue, of whatever grade. */
export function figuresUsed(study: Study, facts: Facts): readonly UsedFigure[] {
  const { platform, starts } = facts;
  const of = (owner: string) => (figure: Figure) => ({ ...figure, owner });
  return [
    ...(platform === null ? [] : usedOf(platform, study, facts).map(of(platform.name))),
    ...starts.figures.map(of('the catalogue')),
  ];
}

export function warningsOf(study: Study, facts: Facts): readonly string[] {
  const { pool, platform, starts } = facts;
  const meanUs = meanStartUs(starts);
  const start = formatDurationUs(Math.round(meanUs / 1e3) * 1e3);
  const warnings: string[] = [];
  if (pool.max === 0) {
    warnings.push('replicas.max is 0: nothing is ever served');
  }
  const timeoutUs = pool.lifecycle?.startTimeoutUs ?? Number.POSITIVE_INFINITY;
  if (timeoutUs < meanUs) {
    const timeout = formatDurationUs(timeoutUs);
    warnings.push(
      `starts come to nothing after ${timeout}, which is shorter than the mean cold start (${start})`,
    );
  }
  if (pool.concurrency > 1 && pool.slotSpeed === null) {
    const slots = pool.concurrency === Number.POSITIVE_INFINITY ? 'unlimited' : pool.concurrency;
    warnings.push(`${slots} slots assumed to run as fast as one`);
  }
  return [
    ...warnings,
    ...starts.notes,
    ...restsOn('the catalogue', starts.figures),
    ...(platform === null ? [] : restsOn(platform.name, usedOf(platform, study, facts))),
  ];
}

/** Figures that no document gives. */
function restsOn(name: string, used: readonly Figure[]): readonly string[] {
  const weak = used.filter(({ grade }) => grade === 'inferred' || grade === 'unverified');
  if (weak.length === 0) return [];
  const grades = [...new Set(weak.map(({ grade }) => grade))].sort().join(' or ');
  const figures = weak.length === 1 ? 'figure' : 'figures';
  const paths = weak.map(({ path }) => path).join(', ');
  return [`rests on ${weak.length} ${grades} ${figures} of ${name}: ${paths}`];
}

/** The platform's figures that this study has none of its own for, and that its rule asks for. */
function usedOf(platform: Platform, study: Study, { largestFloor, rule }: Facts): Figure[] {
  const choice = choiceOf(study, platform, largestFloor);
  const hasOwnTimeout = study.deployment?.admission?.timeout !== undefined;
  const grow = ['deployment', 'admission', 'adaptive', 'grow'];
  const holders = [study, platform] as unknown as Json[];
  const growth = holders.map((holder) => getAt(holder, grow)).find((found) => found !== undefined);
  return platform.figures.filter((figure) => {
    const path = parseKeyPath(figure.path).map(String);
    const [section, key, what] = path;
    if (section !== 'deployment' && section !== 'billing') return false;
    if (getAt(study as unknown as Json, path) !== undefined) return false;
    if (section === 'billing') return isPaid(path, choice);
    if (key === 'scaling') return what === 'rule' || rule === 'controlled';
    // Limits that do not grow stay, whatever else is said of them.
    if (what === 'adaptive' && growth === 1 && path.at(-1) !== 'grow') return false;
    return !(key === 'admission' && what === 'timeoutPerStart' && hasOwnTimeout);
  });
}

function choiceOf(
  { deployment, billing }: Study,
  platform: Platform,
  largestFloor: number,
): PaidChoice {
  const { plan = null, kind = null } = { ...platform.billing, ...billing };
  return {
    gpu: deployment?.gpu ?? null,
    model: deployment?.model ?? null,
    region: deployment?.region ?? null,
    plan,
    kind,
    hasCores: (deployment?.cores ?? platform.deployment.cores) !== undefined,
    hasMemory: (deployment?.memory ?? platform.deployment.memory) !== undefined,
    hasFloor: largestFloor > 0,
    hasOwnPrice: hasOwnReplicaPrice(billing ?? null),
  };
}
