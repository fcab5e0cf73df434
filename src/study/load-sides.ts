/**
 * Configurations under other loads than the study's: as they are, or with the least number of always-on replicas that will do
 * at each load, which is what a dedicated fleet is fairly compared with.
 */
import { assert, UserError } from '../base/errors.ts';
import type { Refusal } from '../engine/gate.ts';
import type { BindOptions } from './bind.ts';
import type { LoadLever, LoadPoint } from './curves-document.ts';
import type { Result, Varied } from './document.ts';
import { onHoursADay } from './hours-lever.ts';
import type { Laboratory, Trial } from './laboratory.ts';
import { type Lifted, turned } from './levers.ts';
import type { Objective } from './slo.ts';
import type { Outcome } from './task.ts';

export interface Side {
  /** Instead of its overrides. */
  readonly name?: string;
  readonly overrides: Varied;
  /** At each load the cheapest of these and of `overrides` that meets the objectives is taken. */
  readonly alternatives?: readonly Varied[];
  /** Whether `replicas.min` = `replicas.max` is found anew for each load. */
  readonly isSized?: boolean;
}

/** One side under one load. */
export interface SideRun {
  readonly load: number;
  /** Which of the side's configurations: 0 is its own, then the alternatives. */
  readonly row: number;
  /** null for a side that is not sized. */
  readonly replicas: number | null;
  readonly outcome: Outcome;
}

/** A configuration of a side under a load, to be run. */
interface Asked {
  readonly side: number;
  readonly row: number;
  readonly load: number;
  readonly replicas: number | null;
}

/** A fleet of which more than this share of the requests is refused or given up on is too small, where there is no objective. */
const MOST_FAILED = 0.01;
const HOURS_A_DAY = 24;
/** Other traffic is in memory while it runs: no more than so many times the study's at once. */
const MOST_TRAFFIC = 10;

export class LoadSides {
  readonly #laboratory: Laboratory;
  readonly #sides: readonly Side[];
  readonly #lever: LoadLever;
  readonly #how: Partial<BindOptions>;
  readonly #known: readonly Map<number, SideRun>[];
  /** By side: the rows that are tried. */
  #rows: readonly (readonly number[])[];

  constructor(
    laboratory: Laboratory,
    sides: readonly Side[],
    lever: LoadLever,
    how: Partial<BindOptions> = {},
  ) {
    this.#laboratory = laboratory;
    this.#sides = sides;
    this.#lever = lever;
    this.#how = how;
    this.#known = sides.map(() => new Map());
    this.#rows = sides.map(({ alternatives = [] }) => [0, ...alternatives.map((_, i) => i + 1)]);
  }

  /** @returns in words, why a side cannot be put under another load, if it cannot */
  why(): string | null {
    const { study } = this.#laboratory.loaded;
    for (const { overrides, alternatives = [], isSized = false } of this.#sides) {
      for (const row of [overrides, ...alternatives]) {
        const compiled = this.#laboratory.compile(row);
        if (typeof compiled === 'string') return compiled;
        if (isSized && compiled.fleet !== null)
          return 'several pools have no one number of replicas';
        const under = this.#turned({ study, overrides: row, compiled }, 2);
        if (typeof under === 'string') return under;
      }
    }
    return null;
  }

  /** From now on only those configurations of a side are tried that have been taken anywhere. */
  keepTaken(): void {
    this.#rows = this.#known.map((runs) => [...new Set([...runs.values()].map(({ row }) => row))]);
  }

  /** @returns what has been run, by load, ascending */
  runsOf(side: number): readonly SideRun[] {
    return [...this.#known[side]!.values()].sort((a, b) => a.load - b.load);
  }

  /** Runs what is not known. @returns by load, then side */
  async at(loads: readonly number[]): Promise<readonly (readonly SideRun[])[]> {
    const isSized = (side: number) => this.#sides[side]!.isSized === true;
    const plain = [...this.#sides.keys()].filter((side) => !isSized(side));
    const asked = plain.flatMap((side) =>
      this.#unknown(side, loads).flatMap((load) =>
        this.#rows[side]!.map((row): Asked => ({ side, row, load, replicas: null })),
      ),
    );
    for (const { side, ...run } of await this.#run(asked)) {
      const known = this.#known[side]!.get(run.load);
      if (known === undefined || isBetter(run, known)) this.#known[side]!.set(run.load, run);
    }
    for (const side of this.#sides.keys()) {
      if (isSized(side)) await this.#size(side, this.#unknown(side, loads));
    }
    return loads.map((load) => this.#known.map((runs) => runs.get(load)!));
  }

  async #run(asked: readonly Asked[]): Promise<readonly (Asked & SideRun)[]> {
    const runs: (Asked & SideRun)[] = [];
    for (const part of inParts(asked.toSorted((a, b) => a.load - b.load))) {
      const outcomes = await this.#laboratory.run(part.map((one) => this.#trial(one)));
      runs.push(...part.map((one, i) => ({ ...one, outcome: outcomes[i]! })));
    }
    return runs;
  }

  #unknown(side: number, loads: readonly number[]): readonly number[] {
    return loads.filter((load) => !this.#known[side]!.has(load));
  }

  /**
   * The least number at each load. More replicas make no first-come-first-served fleet slower, so it is found by halving; that
   * a larger load needs no fewer is true of the same traffic laid over itself, and taken as the rule.
   */
  async #size(side: number, loads: readonly number[]): Promise<void> {
    const searches = loads.map((load): Search => ({ load, low: 0, high: null }));
    const before = [...this.#known[side]!.values()];
    for (;;) {
      for (const search of searches) narrow(search, before, searches);
      const asked = searches.flatMap((search): Asked[] => {
        const replicas = nextSize(search);
        return replicas === null ? [] : [{ side, row: 0, load: search.load, replicas }];
      });
      if (asked.length === 0) break;
      for (const run of await this.#run(asked)) {
        const search = searches.find(({ load }) => load === run.load)!;
        const { objectives } = this.#laboratory.loaded;
        const replicas = run.replicas!;
        if (suffices(objectives, run.outcome, replicas)) search.high = run;
        else search.low = Math.max(replicas, Math.floor(workReplicas(run.outcome.result)));
      }
    }
    for (const { load, high } of searches) this.#known[side]!.set(load, high!);
  }

  #trial({ side, row, load, replicas }: Asked): Trial {
    const { overrides: first, alternatives = [] } = this.#sides[side]!;
    const overrides = row === 0 ? first : alternatives[row - 1]!;
    const size = { 'deployment.replicas.min': replicas, 'deployment.replicas.max': replicas };
    const sized = replicas === null ? overrides : { ...overrides, ...size };
    const compiled = this.#laboratory.compile(sized);
    if (typeof compiled === 'string') throw new UserError(compiled);
    const { study } = this.#laboratory.loaded;
    const under = this.#turned({ study, overrides: sized, compiled }, load);
    assert(typeof under !== 'string', String(under));
    return { overrides: under, how: this.#how };
  }

  #turned(lifted: Lifted, load: number): Varied | string {
    return this.#lever === 'traffic' ? turned(lifted, 'traffic', load) : onHoursADay(lifted, load);
  }
}

/** Loads ascending; together no more traffic than is kept at once. */
function inParts(asked: readonly Asked[]): readonly (readonly Asked[])[] {
  const parts: Asked[][] = [];
  let traffic = 0;
  let before = 0;
  for (const one of asked) {
    if (one.load !== before) traffic += one.load;
    before = one.load;
    const last = parts.at(-1);
    if (last !== undefined && (traffic <= MOST_TRAFFIC || one.load === last.at(-1)!.load)) {
      last.push(one);
    } else {
      parts.push([one]);
      traffic = one.load;
    }
  }
  return parts;
}

/** Of a side's configurations: the fewest objectives broken, then the least cost. */
function isBetter({ outcome: a }: SideRun, { outcome: b }: SideRun): boolean {
  const broken = ({ result }: Outcome) => result.slo?.failed.length ?? 0;
  const usd = ({ result }: Outcome) => result.cost?.usdPerHour ?? Number.POSITIVE_INFINITY;
  return broken(a) - broken(b) < 0 || (broken(a) === broken(b) && usd(a) < usd(b));
}

interface Search {
  readonly load: number;
  /** Known to be too few. */
  low: number;
  /** The fewest known to be enough. */
  high: SideRun | null;
}

function narrow(search: Search, before: readonly SideRun[], searches: readonly Search[]): void {
  for (const { load, replicas } of before) {
    if (load < search.load) search.low = Math.max(search.low, replicas! - 1);
  }
  for (const { load, low } of searches) {
    if (load < search.load) search.low = Math.max(search.low, low);
  }
}

function nextSize({ low, high }: Search): number | null {
  if (high === null) return low + Math.max(1, Math.ceil(low / 4));
  return high.replicas! - low > 1 ? Math.ceil((low + high.replicas!) / 2) : null;
}

/**
 * Whether so many always-on replicas will do: by the objectives that they can change, or where there is none, by keeping up.
 * Where nobody lacks one more of them do nothing, whatever the objectives say.
 */
function suffices(
  objectives: readonly Objective[],
  { result }: Outcome,
  replicas: number,
): boolean {
  const judged = objectives.flatMap((objective, i) =>
    servesBetter(objective) ? [result.slo!.objectives[i]!.met] : [],
  );
  if (judged.length > 0) return judged.every((met) => met) || !lacksReplicas(result);
  return workReplicas(result) < replicas && (result.requests.failedFraction ?? 0) <= MOST_FAILED;
}

/** Whether anyone waits or is refused for want of a replica: a service that is cut off, or a gate, needs no other. */
function lacksReplicas({ waitS, refusals = {} }: Result): boolean {
  const { accountConcurrency: _, ...forReplicas } = waitS.why;
  const isRefused = LACKING.some((reason) => (refusals[reason] ?? 0) > 0);
  return isRefused || Object.values(forReplicas).some((s) => s > 0);
}

/** Of refusals, those for want of a replica. */
const LACKING: readonly Refusal[] = ['queue', 'no-replica'];

/** Objectives on how requests fare: more replicas never make those worse, as they do a cost. */
function servesBetter(objective: Objective): boolean {
  return objective.kind !== 'figure' || /^(?:requests|coldStarts|waitS)\./.test(objective.figure);
}

/** How many replicas would just do the work that was done, always busy. */
function workReplicas({ utilization, slotUtilization, replicaTimeS, observedS }: Result): number {
  const share = slotUtilization ?? utilization;
  return share === null || observedS === 0 ? 0 : (share * replicaTimeS.total) / observedS;
}

export function loadPointOf({ load, row, replicas, outcome }: SideRun): LoadPoint {
  const { requests, observedS, cost, ci95, utilization, replicaTimeS, latencyS, slo } =
    outcome.result;
  const perS = (value: number) => (observedS === 0 ? null : value / observedS);
  const busy = perS(replicaTimeS.busy);
  return {
    load,
    requestsPerS: perS(requests.arrived),
    row,
    replicas,
    usdPerHour: cost?.usdPerHour ?? null,
    usdPerMonth: cost?.usdPerMonth ?? null,
    usdPerThousandRequests: cost?.usdPerThousandRequests ?? null,
    ci95UsdPerHour: ci95?.['cost.usdPerHour'] ?? null,
    utilization,
    busyHoursPerDay: busy === null ? null : busy * HOURS_A_DAY,
    p99S: latencyS.p99,
    met: slo?.met ?? null,
  };
}
