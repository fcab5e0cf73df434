/** What a run, or its beginning, says of the objectives: broken for certain, and by so much that less kept breaks them too. */
import type { ObjectiveResult, Result } from '../document.ts';
import { compare, type FigureObjective, type Objective, shareHolds } from '../slo.ts';
import type { Outcome } from '../task.ts';
import type { Traffic } from './traffic.ts';

/** How far a configuration that keeps no more may follow: wherever the order is, or only with as many replicas and slots. */
export type Reach = 'none' | 'alike' | 'all';

export interface Evidence {
  /** Objectives that are broken whatever else comes, as they are written. */
  readonly breaks: readonly string[];
  readonly reach: Reach;
  /** As many times what is allowed fails, luck of few requests taken off; 0 where nothing is broken that the order knows. */
  readonly excess: number;
  /** How many times as many requests as are allowed would fail, if it goes on as it began; null where none is counted. */
  readonly projected: number | null;
}

/** Part of a run: the first replications, or what arrives before a time in the one there is. */
export interface Part {
  /** Of all requests. */
  readonly share: number;
  readonly untilUs: number | null;
}

/** So many standard deviations of what is allowed to fail are luck. */
const DEVIATIONS = 2;

/** What one objective tells. */
interface Told {
  readonly reach: Reach;
  readonly excess: number;
}

const NOTHING: Told = { reach: 'none', excess: 0 };

export function evidenceOfWhole({ result }: Outcome, objectives: readonly Objective[]): Evidence {
  const breaks = result.slo?.failed ?? [];
  const told = objectives.map((objective, i) =>
    toldBy(objective, result.slo!.objectives[i]!, result),
  );
  return { breaks, ...strongest(result, told), projected: null };
}

function toldBy(
  objective: Objective,
  { met, value, share }: ObjectiveResult,
  result: Result,
): Told {
  if (met) return NOTHING;
  if (objective.kind === 'figure') return toldByFigure(objective, result);
  if (objective.kind === 'extreme') {
    return {
      reach: 'all',
      excess: value === null ? Number.POSITIVE_INFINITY : value / objective.value,
    };
  }
  if (share === null) return NOTHING;
  const requests = result.requests.arrived * result.replications;
  return { reach: 'all', excess: excessOf((1 - share) * requests, allowedOf(objective, requests)) };
}

/**
 * What is counted in the beginning is counted in the whole; what came so shortly before its end that it was not decided yet is
 * taken as good.
 * @param traffic of the whole
 */
export function evidenceOfBeginning(
  { result }: Outcome,
  { share: part, untilUs }: Part,
  objectives: readonly Objective[],
  traffic: Traffic,
): Evidence {
  const breaks: string[] = [];
  const told: Told[] = [];
  let projected: number | null = null;
  const counted = result.requests.arrived * result.replications;
  const undecided = (us: number) =>
    untilUs === null ? 0 : arrivedBetween(traffic.arrivalUs, untilUs - us, untilUs);
  const take = (
    objective: Objective,
    failing: number,
    allowed: number,
    isBroken: boolean,
    reach: Reach,
  ) => {
    projected = Math.max(projected ?? 0, failing / part / Math.max(1, allowed));
    if (!isBroken) return;
    breaks.push(objective.text);
    told.push({ reach, excess: excessOf(failing, allowed) });
  };
  for (const [i, objective] of objectives.entries()) {
    if (objective.endpoint !== undefined) continue;
    const judged = result.slo!.objectives[i]!;
    if (objective.kind === 'share' && judged.share !== null) {
      const failing = Math.round((1 - judged.share) * counted) - undecided(objective.thresholdUs);
      const within = traffic.requests - Math.max(0, failing);
      const isBroken = !shareHolds(objective, within, traffic.requests);
      take(objective, failing, allowedOf(objective, traffic.requests), isBroken, 'all');
    } else if (objective.kind === 'figure' && objective.figure === 'coldStarts.fraction') {
      const longestUs = (result.latencyS.max ?? 0) * 1e6;
      const cold = Math.round(result.coldStarts.requests * result.replications);
      const failing = cold - undecided(longestUs);
      const isBroken =
        objective.comparison.startsWith('<') &&
        !compare(failing / traffic.requests, objective.comparison, objective.value);
      take(objective, failing, objective.value * traffic.requests, isBroken, 'alike');
    }
  }
  return { breaks, ...strongest(result, told), projected };
}

/** Whether a beginning can break any of them. */
export function isDecidedEarly(objectives: readonly Objective[]): boolean {
  return objectives.some(
    (objective) =>
      objective.endpoint === undefined &&
      (objective.kind === 'share' ||
        (objective.kind === 'figure' &&
          objective.figure === 'coldStarts.fraction' &&
          objective.comparison.startsWith('<'))),
  );
}

function allowedOf(
  { needed }: Extract<Objective, { readonly kind: 'share' }>,
  requests: number,
): number {
  return requests * (1 - Number(needed.numerator) / Number(needed.denominator));
}

function excessOf(failing: number, allowed: number): number {
  return (failing - DEVIATIONS * Math.sqrt(allowed + 1)) / Math.max(allowed, 1e-9);
}

/** Figures that get worse the less is kept, as a rule. Fewer replicas at most, or fewer slots, may mean fewer cold starts. */
const FAILING: readonly string[] = [
  'requests.failedFraction',
  'requests.rejected',
  'requests.timedOut',
  'requests.late',
  'waitS.sum',
];
const COLD: readonly string[] = ['coldStarts.fraction', 'coldStarts.requests', 'coldStarts.starts'];

function toldByFigure({ figure, comparison, value }: FigureObjective, result: Result): Told {
  if (!comparison.startsWith('<')) return NOTHING;
  const reach = FAILING.includes(figure) ? 'all' : COLD.includes(figure) ? 'alike' : 'none';
  const [block = '', key = ''] = figure.split('.');
  const found = (result as unknown as Record<string, Record<string, number | null>>)[block]?.[key];
  if (found === undefined || found === null) return NOTHING;
  const requests = result.requests.arrived * result.replications;
  const scale = figure.endsWith('raction') ? requests : result.replications;
  return { reach, excess: excessOf(found * scale, value * scale) };
}

/** Who is refused starts nothing: where some are, less may be refused the less is kept. */
function strongest({ requests }: Result, told: readonly Told[]): Told {
  if (requests.rejected > 0) return NOTHING;
  return told
    .filter(({ reach }) => reach !== 'none')
    .reduce((most, one) => (one.excess > most.excess ? one : most), NOTHING);
}

/** How many lie in [fromUs, toUs). */
export function arrivedBetween(arrivalUs: Float64Array, fromUs: number, toUs: number): number {
  return before(arrivalUs, toUs) - before(arrivalUs, fromUs);
}

function before(arrivalUs: Float64Array, us: number): number {
  let low = 0;
  let high = arrivalUs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (arrivalUs[middle]! < us) low = middle + 1;
    else high = middle;
  }
  return low;
}
