/**
 * The fewest replicas, always ready, that meet the objectives, or let nobody wait: found by running them. More replicas
 * never make first come, first served wait longer, so what is searched is a step: the number found was run and holds, and
 * the one below was run and does not.
 */
import { counted } from '../../base/counts.ts';
import type { RunTotals } from '../../engine/totals.ts';
import type { BillingPlan } from '../../platform/billing.ts';
import type { Bound } from '../bind.ts';
import { costsOf, replicatesOf } from '../figures.ts';
import { figuresOf, judgeOf } from '../result.ts';
import { replicationsIn, runPool } from '../run-bound.ts';
import type { Objective } from '../slo.ts';
import type { FixedFleet } from './bounds-document.ts';

/** @param enough replicas for nobody to wait, each service at its fastest */
export function fixedFleetOf(bound: Bound, plan: BillingPlan, enough: number): FixedFleet {
  const { objectives } = bound.compiled;
  const [searched, others] = parted(objectives);
  const all = replicationsIn(bound);
  const trial = trialsOf(bound, plan);
  const holdsIn = (nths: readonly number[]) => (replicas: number) => {
    const runs = trial.runs(replicas, nths);
    return objectives.length === 0
      ? runs.every(servesAtOnce)
      : trial.breaks(replicas, runs, searched).length === 0;
  };
  const guess = Math.max(1, enough);
  // Where requests share their replica's speed, the guess knows services at their fastest only.
  const most = bound.scenario.slotSpeed === null ? guess : 4 * guess;
  // One replication says about how many; all of them decide.
  const about = leastThat(holdsIn(all.slice(0, 1)), guess, most) ?? most;
  const replicas = leastNear(holdsIn(all), about, most);
  const nothing = { usdPerHour: null, replicas: null, meets: null };
  if (replicas === null) {
    const broken = trial.breaks(most, trial.runs(most, all), searched);
    const what = broken.length === 0 ? 'lets nobody wait' : `meets ${broken.join(' and ')}`;
    return { ...nothing, why: `no number of always-ready replicas ${what}` };
  }
  const runs = trial.runs(replicas, all);
  const broken = trial.breaks(replicas, runs, others);
  if (broken.length > 0) {
    const why = `${counted(replicas, 'always-ready replica')} are the fewest that serve as asked, and break ${broken.join(' and ')}`;
    return { ...nothing, replicas, why };
  }
  return {
    usdPerHour: costsOf(plan, runs, 0)!.all.usdPerHour,
    why: null,
    replicas,
    meets: objectives.length === 0 ? 'nobody waits' : 'the objectives',
  };
}

/** Each number of replicas is run once in each replication. */
function trialsOf(bound: Bound, plan: BillingPlan) {
  const known = new Map<string, RunTotals>();
  return {
    runs: (replicas: number, nths: readonly number[]): readonly RunTotals[] =>
      nths.map((nth) => {
        const key = `${replicas}/${nth}`;
        const run = known.get(key) ?? runPool(fixed(bound, plan, replicas), nth);
        known.set(key, run);
        return run;
      }),
    breaks: (
      replicas: number,
      runs: readonly RunTotals[],
      wanted: readonly Objective[],
    ): readonly string[] => {
      if (wanted.length === 0) return [];
      const own = fixed(bound, plan, replicas);
      const replicates = replicatesOf(runs, costsOf(plan, runs, 0));
      const scope = { replicates, figures: figuresOf(replicates, own) };
      return wanted
        .map((objective) => judgeOf(objective, scope, own).result)
        .filter(({ met }) => !met)
        .map(({ objective }) => objective);
    },
  };
}

/** Those that more replicas can only help, and the rest, which the number that is found must meet as it is. */
function parted(
  objectives: readonly Objective[],
): readonly [searched: readonly Objective[], others: readonly Objective[]] {
  const isHelped = (objective: Objective) =>
    objective.kind !== 'figure' ||
    (/^(requests|waitS|coldStarts)\./.test(objective.figure) &&
      objective.comparison.startsWith('<') &&
      objective.figure !== 'requests.completed');
  return [objectives.filter(isHelped), objectives.filter((objective) => !isHelped(objective))];
}

function servesAtOnce({ requests, wait }: RunTotals): boolean {
  const { arrived, completed } = requests;
  return arrived === completed && (wait.total === 0 || wait.maxUs === 0);
}

function fixed(bound: Bound, plan: BillingPlan, replicas: number): Bound {
  const { scenario } = bound;
  return {
    ...bound,
    plan,
    scenario: {
      ...scenario,
      floor: { atUs: [0], count: [replicas] },
      max: replicas,
      control: null,
      startRate: null,
      meters: plan.meters,
      timelineUs: 0,
    },
  };
}

/** The least whole number from 1 on that holds, if all above it do; null where none up to the most does. */
function leastThat(holds: (n: number) => boolean, guess: number, most: number): number | null {
  let above = guess;
  let below = 0;
  while (!holds(above)) {
    below = above;
    above *= 2;
    if (above > most) return null;
  }
  while (above - below > 1) {
    const middle = Math.floor((above + below) / 2);
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** The same, looked for from a number that is near it. */
function leastNear(holds: (n: number) => boolean, near: number, most: number): number | null {
  let n = near;
  while (!holds(n)) if (++n > most) return null;
  if (n > near) return n;
  while (n > 1 && holds(n - 1)) n--;
  return n;
}
