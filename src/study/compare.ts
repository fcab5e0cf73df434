/**
 * Configurations side by side on the same traffic and under the same luck: what to run, what today's costs beside it, why
 * nothing cheaper will do, and the rows that every comparison is read against. See MODEL.md, Comparison.
 */
import type {
  Caveat,
  CompareDocument,
  CompareRow,
  Conclusion,
  GateVerdict,
  KindRow,
  KindVerdict,
  PerfectScaler,
} from './compare-document.ts';
import { askedRows, type OtherRowsAsked } from './comparison/asked-rows.ts';
import { caveatsOf, gpuOf, kindOf, speedCaveat } from './comparison/caveats.ts';
import { disputedOf } from './comparison/disputed.ts';
import { gateOf } from './comparison/gates.ts';
import {
  concludedOf,
  fairlyCheapest,
  fewestSlots,
  isFair,
  recommendedOf,
} from './comparison/recommendation.ts';
import { rowCosts } from './comparison/row-costs.ts';
import { type BoundRow, type RunRow, runRows } from './comparison/trial-bench.ts';
import type { Result } from './document.ts';
import type { Laboratory } from './laboratory.ts';
import { differenceOf, differencesOf } from './paired.ts';
import { fixedPlatforms, type References, referencesOf } from './reference-rows.ts';
import { proposeSchedule } from './schedule-proposal.ts';
import type { FigureObjective } from './slo.ts';

export interface CompareOptions extends OtherRowsAsked {
  /** Platforms at whose price a fixed fleet and a hybrid are tried, besides those of the rows. */
  readonly dedicated?: readonly string[];
  readonly gates?: readonly FigureObjective[];
  /** Whether the answer is tried again under every disputed figure of its platform. Default true. */
  readonly disputes?: boolean;
  /** Whether keep-warm hours are proposed for the recommended row. */
  readonly schedule?: boolean;
  readonly notes?: readonly string[];
}

/** @throws UserError where nothing can be compared */
export async function compareRows(
  lab: Laboratory,
  options: CompareOptions = {},
): Promise<CompareDocument> {
  const { loaded } = lab;
  const asked = await askedRows(lab, options);
  const candidates = await runRows(lab, asked.rows);
  const slots = fewestSlots(candidates, asked.today);
  const trial = { candidates, today: asked.today, slots };
  const { recommended, confirmations } = await recommendedOf(lab, trial);
  const results = candidates.map(({ outcome }) => outcome.result);
  const bounds = candidates.map(({ bound }) => bound);
  const conclusion = concludedOf(lab, trial, recommended, confirmations);
  const base = asked.today ?? conclusion.recommended ?? cheapestOf(results);
  const subject = candidates[subjectOf(candidates, conclusion.recommended ?? base)]!;
  const references = await referencesOf(lab, subject, [
    ...new Set([...(options.dedicated ?? []), ...fixedPlatforms(candidates)]),
  ]);
  const rows = await withReferences(lab, candidates, references);
  const gate = gatedOf(rows, asked.proposal ?? asked.today, conclusion, base, options.gates ?? []);
  return {
    schema: 'coldfront.compare.v1',
    name: loaded.name,
    conclusion: { ...conclusion, cheaperReferences: cheaperReferences(rows, conclusion, slots) },
    base,
    rows: rows.map((row, index) => {
      const differences = index === base ? null : differencesOf(rows[base]!.outcome, row.outcome);
      const speed = speedCaveat(
        row.bound,
        bounds,
        asked.today === null ? null : bounds[asked.today]!,
      );
      return documentRow(row, index, differences, speed);
    }),
    leftOut: asked.leftOut,
    referencesLeftOut: references.leftOut,
    kinds: kindsOf(rows, slots),
    perfectScaler: perfectScalerOf(references),
    disputed:
      conclusion.recommended === null || options.disputes === false
        ? null
        : await disputedOf(lab, trial, conclusion.recommended, (row) => isFair(row, slots)),
    gate,
    notes: options.notes ?? [],
    ...(options.schedule && { schedule: await proposeSchedule(lab, subject) }),
  };
}

function cheapestOf(results: readonly Result[]): number {
  const costs = rowCosts(results);
  return costs.reduce((best, cost, index) => (cost < costs[best]! ? index : best), 0);
}

/** Reference rows are made from a row that scales and is one pool: the wanted one, else the cheapest such. */
function subjectOf(candidates: readonly RunRow[], wanted: number): number {
  const scales = ({ bound }: RunRow) => bound.fleet === null && kindOf(bound) === 'serverless';
  if (scales(candidates[wanted]!)) return wanted;
  const costs = rowCosts(candidates.map(({ outcome }) => outcome.result));
  const [cheapest] = [...candidates.keys()]
    .filter((index) => scales(candidates[index]!))
    .sort((a, b) => costs[a]! - costs[b]!);
  return cheapest ?? wanted;
}

/** A reference that is one of the rows already marks it. */
async function withReferences(
  lab: Laboratory,
  candidates: readonly RunRow[],
  { rows: references }: References,
): Promise<readonly RunRow[]> {
  const rows: RunRow[] = [...candidates];
  const added: BoundRow[] = [];
  for (const reference of references) {
    const same = rows.findIndex(({ key }) => key === reference.key);
    const [kind] = reference.references;
    if (same < 0) added.push(reference);
    else if (!rows[same]!.references.includes(kind!)) {
      rows[same] = { ...rows[same]!, references: [...rows[same]!.references, kind!] };
    }
  }
  const once = [...new Map(added.map((row) => [row.key, row])).values()];
  return [...rows, ...(await runRows(lab, once))];
}

function documentRow(
  row: RunRow,
  index: number,
  differences: CompareRow['differences'],
  caveats: readonly Caveat[],
): CompareRow {
  const { label, vary, references, candidate, bound, outcome } = row;
  const { compiled } = bound;
  // What blocks of the trace were paired by is large, and said by the differences.
  const { hours: _, ...result } = outcome.result;
  return {
    index,
    label,
    vary,
    platform: compiled.platform?.id ?? null,
    gpu: gpuOf(bound),
    references,
    candidate,
    kind: kindOf(bound),
    result,
    differences,
    caveats: [...caveats, ...caveatsOf(bound, result)],
  };
}

function cheaperReferences(
  rows: readonly RunRow[],
  { recommended, verdict }: Pick<Conclusion, 'recommended' | 'verdict'>,
  slots: number,
): number[] {
  if (verdict === 'unasked') return [];
  const results = rows.map(({ outcome }) => outcome.result);
  const costs = rowCosts(results);
  const limit = recommended === null ? Number.POSITIVE_INFINITY : costs[recommended]!;
  return fairlyCheapest(rows, slots).filter(
    (index) => !rows[index]!.candidate && costs[index]! < limit,
  );
}

/** Of those that meet the objectives, where there are any; else of all. */
function kindsOf(rows: readonly RunRow[], slots: number): KindVerdict {
  const results = rows.map(({ outcome }) => outcome.result);
  const costs = rowCosts(results);
  const all = [...rows.keys()].sort((a, b) => costs[a]! - costs[b]! || a - b);
  const asked = results.some(({ slo }) => slo !== null);
  const cheapest = new Map<string, KindRow>();
  for (const index of asked ? fairlyCheapest(rows, slots) : all) {
    const kind = kindOf(rows[index]!.bound);
    if (cheapest.has(kind)) continue;
    const [first] = cheapest.values();
    const difference =
      first === undefined
        ? null
        : differenceOf(rows[first.index]!.outcome, rows[index]!.outcome, 'cost.usdPerHour');
    cheapest.set(kind, { kind, index, difference });
  }
  const kinds = [...cheapest.values()];
  const second = kinds[1]?.difference ?? null;
  const lower = [second?.ci95, second?.ci95Traffic].flatMap((interval) => interval?.[0] ?? []);
  return { rows: kinds, sure: lower.length === 0 ? null : lower.every((usd) => usd > 0) };
}

function perfectScalerOf({ bounds }: References): PerfectScaler | null {
  if (bounds === null) return null;
  const { work, nobodyWaits } = bounds;
  return {
    workUsdPerHour: work.usdPerHour,
    nobodyWaitsUsdPerHour: nobodyWaits.usdPerHour,
    why: nobodyWaits.why ?? work.why,
  };
}

function gatedOf(
  rows: readonly RunRow[],
  asked: number | null,
  { recommended, verdict }: Pick<Conclusion, 'recommended' | 'verdict'>,
  base: number,
  gates: readonly FigureObjective[],
): GateVerdict {
  const index = asked ?? recommended ?? (verdict === 'unasked' ? base : null);
  if (index === null) return { index, passes: false, gates: [] };
  const { result } = rows[index]!.outcome;
  const held = gates.map((gate) => gateOf(gate, result));
  return {
    index,
    passes: result.slo?.met !== false && held.every(({ holds }) => holds),
    gates: held,
  };
}
