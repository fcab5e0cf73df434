/**
 * The rows that every comparison is read against, made from one that scales: nothing kept warm, the platform's own settings,
 * enough replicas that nobody waits, a fixed fleet at its own price and at others', a reserved baseline with overflow. What
 * cannot be made says why. The perfect scaler is a bound and no row.
 */
import { count } from '../base/numbers.ts';
import { formatDurationUs } from '../base/units.ts';
import type { Bound } from './bind.ts';
import { boundsOf } from './bounds/bounds.ts';
import type { Bounds } from './bounds/bounds-document.ts';
import { MOST_REQUESTS } from './bounds/study-bounds.ts';
import type { ReferenceKind, ReferenceLeftOut } from './compare-document.ts';
import { kindOf } from './comparison/caveats.ts';
import { defaultsOf } from './comparison/platform-defaults.ts';
import { type BoundRow, boundRow, type RunRow, runRows } from './comparison/trial-bench.ts';
import type { Result, Varied } from './document.ts';
import { cheapestFirst, costsOf } from './front.ts';
import { isMap, type Json } from './json.ts';
import { getAt } from './key-path.ts';
import type { Laboratory } from './laboratory.ts';
import { withOverrides } from './load.ts';

export interface References {
  readonly rows: readonly BoundRow[];
  readonly leftOut: readonly ReferenceLeftOut[];
  /** Of the row that they are made from; null where there are none. */
  readonly bounds: Bounds | null;
}

/** What a replica is on any platform: these go along to another. */
const FACTS = [
  'gpu',
  'gpus',
  'model',
  'bits',
  'coldStart',
  'weights',
  'concurrency',
  'slotSpeed',
  'serviceTime',
  'speed',
  'overhead',
  'slotOverhead',
  'executionTimeout',
];
/** Baselines of a hybrid that are tried. */
const MOST_BASELINES = 8;

/** Platforms with a fixed fleet that the rows name; who sells tokens has none. */
export function fixedPlatforms(rows: readonly RunRow[]): readonly string[] {
  const own = rows.filter(({ bound }) => kindOf(bound) !== 'api');
  const platforms = own.flatMap(({ bound }) => bound.compiled.platform ?? []);
  return platforms.filter(({ scaling }) => scaling === 'fixed').map(({ id }) => id);
}

/** @param dedicated platforms at whose price a fleet and a baseline are tried */
export async function referencesOf(
  lab: Laboratory,
  subject: RunRow,
  dedicated: readonly string[],
): Promise<References> {
  const making = new Making(lab, subject);
  const { bound } = subject;
  if (bound.fleet !== null) {
    const reason = 'is made from one pool, and this study has several';
    return { rows: [], leftOut: ALL.map((reference) => ({ reference, reason })), bounds: null };
  }
  const requests = subject.outcome.result.requests.arrived * bound.replications;
  const bounds = requests > MOST_REQUESTS ? null : boundsOf(bound);
  const unbounded = `takes the bounds, which are left out beyond ${count(MOST_REQUESTS)} requests`;
  await making.add('min 0', 'min 0: nothing kept warm', { 'deployment.replicas.min': 0 });
  await making.addDefaults();
  const peak = bounds === null ? unbounded : (bounds.nobodyWaits.peak ?? bounds.nobodyWaits.why!);
  if (typeof peak === 'string') making.leaveOut('all warm', peak);
  else
    await making.add(
      'all warm',
      `all warm at the peak: min ${count(peak)}`,
      warm(bound.scenario.max, peak),
    );
  const own = bounds === null ? unbounded : (bounds.fixedFleet.replicas ?? bounds.fixedFleet.why!);
  if (typeof own === 'string') making.leaveOut('all dedicated', own);
  else {
    const isFixed = bound.compiled.platform?.scaling === 'fixed';
    await making.add('all dedicated', `all dedicated: ${count(own)}, here`, {
      'deployment.replicas.min': own,
      'deployment.replicas.max': isFixed ? null : own,
    });
  }
  for (const id of dedicated) {
    if (id !== bound.compiled.platform?.id)
      await making.addDedicated(id, typeof own === 'number' ? own : 1);
  }
  if (dedicated.length === 0) {
    const reason =
      'needs a platform for its baseline: --dedicated ec2-reserved, or one of your own';
    making.leaveOut('hybrid', reason);
  }
  if (bounds === null) making.leaveOut('perfect scaler', unbounded);
  return { ...making.made, bounds };
}

const ALL = [
  'min 0',
  'platform defaults',
  'all warm',
  'all dedicated',
  'hybrid',
  'perfect scaler',
] as const;

function warm(max: number, peak: number): Varied {
  return {
    'deployment.replicas.min': peak,
    ...(max < peak && { 'deployment.replicas.max': peak }),
  };
}

class Making {
  readonly #lab: Laboratory;
  readonly #subject: RunRow;
  readonly #rows: BoundRow[] = [];
  readonly #leftOut: ReferenceLeftOut[] = [];

  constructor(lab: Laboratory, subject: RunRow) {
    this.#lab = lab;
    this.#subject = subject;
  }

  get made(): {
    readonly rows: readonly BoundRow[];
    readonly leftOut: readonly ReferenceLeftOut[];
  } {
    return { rows: this.#rows, leftOut: this.#leftOut };
  }

  leaveOut(reference: ReferenceLeftOut['reference'], reason: string): void {
    this.#leftOut.push({ reference, reason });
  }

  async add(reference: ReferenceKind, label: string, changed: Varied): Promise<void> {
    const row = await this.#bind(reference, label, { ...this.#subject.vary, ...changed });
    if (typeof row === 'string') this.leaveOut(reference, row);
    else this.#rows.push(row);
  }

  async addDefaults(): Promise<void> {
    const { platform } = this.#subject.bound.compiled;
    if (platform === null) {
      this.leaveOut('platform defaults', 'there is no platform');
      return;
    }
    await this.add(
      'platform defaults',
      `defaults of ${platform.id}`,
      defaultsOf(platform, this.#map),
    );
  }

  /** A fleet at another platform's price, and that with what overflows on the subject's. */
  async addDedicated(id: string, guess: number): Promise<void> {
    const sized = await this.#fixedFleet(id, guess);
    if (typeof sized === 'string') {
      this.leaveOut('all dedicated', `on ${id}: ${sized}`);
      this.leaveOut('hybrid', `on ${id}: ${sized}`);
      return;
    }
    const { replicas, row } = sized;
    this.#rows.push(row);
    const hybrid = await this.#hybrid(id, replicas);
    if (typeof hybrid === 'string') this.leaveOut('hybrid', `on ${id}: ${hybrid}`);
    else this.#rows.push(hybrid);
  }

  async #fixedFleet(
    id: string,
    guess: number,
  ): Promise<{ readonly replicas: number; readonly row: BoundRow } | string> {
    const fleetOf = (replicas: number) =>
      this.#bind(
        'all dedicated',
        `all dedicated: ${count(replicas)} on ${id}`,
        this.#fleet(id, replicas),
      );
    const guessed = await fleetOf(guess);
    if (typeof guessed === 'string') return guessed;
    const { replicas, why } = boundsOf(guessed.bound).fixedFleet;
    if (replicas === null) return why ?? 'no fleet is enough';
    const row = await fleetOf(replicas);
    return typeof row === 'string' ? row : { replicas, row };
  }

  /**
   * The cheapest of some baselines that meets the objectives; where none does, what comes nearest: who finds no place there overflows at
   * once, or waits for one as long as a start takes.
   */
  async #hybrid(id: string, most: number): Promise<BoundRow | string> {
    const startUs = Math.round(meanStartUs(this.#subject.bound));
    const rows: BoundRow[] = [];
    // All of the fleet would leave nothing to overflow.
    for (const baseline of spread(Math.max(1, most - 1), MOST_BASELINES)) {
      for (const afterUs of new Set([0, startUs])) {
        const after = formatDurationUs(afterUs);
        const waits = afterUs === 0 ? '' : `, waits ${after}`;
        const label = `hybrid: ${count(baseline)} on ${id}${waits}`;
        const row = await this.#bind('hybrid', label, this.#pools(id, baseline, after));
        if (typeof row === 'string') return row;
        rows.push(row);
      }
    }
    const results = (await runRows(this.#lab, rows)).map(({ outcome }) => outcome.result);
    const [best = nearest(results)] = cheapestFirst(results);
    return rows[best]!;
  }

  #fleet(platform: string, replicas: number): Varied {
    return this.#instead({ ...this.#facts(), platform, replicas: { min: replicas } });
  }

  #pools(platform: string, baseline: number, after: string): Varied {
    const { replicas, ...rest } = this.#deployment;
    const own = getAt(this.#map, ['billing']);
    return this.#instead({
      pools: [
        { ...this.#facts(), name: 'reserved', platform, replicas: { min: baseline } },
        {
          ...rest,
          name: 'overflow',
          replicas: { ...(isMap(replicas) && replicas), min: 0 },
          ...(own !== undefined && { billing: own }),
        },
      ],
      overflow: { after },
    });
  }

  /** Another deployment in the place of the subject's; prices of its own stay behind. */
  #instead(deployment: Json): Varied {
    const { vary } = this.#subject;
    const kept = Object.entries(vary).filter(([path]) => !/^(deployment|billing)(\.|$)/.test(path));
    const hasBill = getAt(this.#map, ['billing']) !== undefined;
    return { ...Object.fromEntries(kept), deployment, ...(hasBill && { billing: null }) };
  }

  #facts(): { readonly [key: string]: Json } {
    return Object.fromEntries(
      Object.entries(this.#deployment).filter(([key]) => FACTS.includes(key)),
    );
  }

  get #map(): Json {
    return withOverrides(this.#lab.loaded.study, this.#subject.vary) as Json;
  }

  get #deployment(): { readonly [key: string]: Json } {
    const deployment = getAt(this.#map, ['deployment']);
    return isMap(deployment) ? deployment : {};
  }

  #bind(reference: ReferenceKind, label: string, vary: Varied): Promise<BoundRow | string> {
    return boundRow(this.#lab, { label, vary, references: [reference], candidate: false });
  }
}

/** The fewest broken objectives; of these the least p99, and without objectives the least cost. */
function nearest(results: readonly Result[]): number {
  const costs = costsOf(results);
  const failed = ({ slo }: Result) => slo?.failed.length ?? 0;
  const p99 = ({ slo, latencyS }: Result) =>
    slo === null ? 0 : (latencyS.p99 ?? Number.POSITIVE_INFINITY);
  const byNearness = [...results.keys()].sort(
    (a, b) =>
      failed(results[a]!) - failed(results[b]!) ||
      Math.sign(p99(results[a]!) - p99(results[b]!)) ||
      costs[a]! - costs[b]!,
  );
  return byNearness[0]!;
}

export function meanStartUs({ scenario }: Pick<Bound, 'scenario'>): number {
  return scenario.startPhases.reduce((sum, { time }) => sum + time.meanUs, 0);
}

/** 1 to most, all or so many of them, evenly. */
function spread(most: number, count: number): readonly number[] {
  const all = Array.from({ length: Math.min(most, count) }, (_, i) =>
    Math.max(1, Math.round(((i + 1) * most) / Math.min(most, count))),
  );
  return [...new Set(all)];
}
