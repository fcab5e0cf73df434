/**
 * Configurations side by side on the same traffic and under the same luck: what to run, what today's costs beside it, why
 * nothing cheaper will do, and the rows that every comparison is read against. See MODEL.md, Comparison.
 */
import { assert, UserError } from '../base/errors.ts';
import { AS_STUDIED } from './bind.ts';
import type {
  CompareDocument,
  CompareRow,
  Conclusion,
  GateVerdict,
  KindRow,
  KindVerdict,
  PerfectScaler,
  Refusal,
  Verdict,
} from './compare-document.ts';
import { assumedSlots, caveatsOf, kindOf, slotsRefusal } from './comparison/caveats.ts';
import {
  changesOf,
  cheaperThan,
  isSurelyCheaper,
  refusalOf,
  unsureText,
} from './comparison/conclusion.ts';
import { disputedOf } from './comparison/disputed.ts';
import { gateOf } from './comparison/gates.ts';
import {
  type BoundRow,
  boundRow,
  type RowSpec,
  type RunRow,
  runRows,
} from './comparison/trial-bench.ts';
import { confirmationOf, LEAST_REPLICATIONS, MOST_CANDIDATES } from './confirm.ts';
import type { Confirmation, LeftOut, Result } from './document.ts';
import { cheapestFirst, costsOf } from './front.ts';
import type { Laboratory } from './laboratory.ts';
import { differenceOf, differencesOf } from './paired.ts';
import { fixedPlatforms, type References, referencesOf } from './reference-rows.ts';
import { proposeSchedule } from './schedule-proposal.ts';
import type { FigureObjective } from './slo.ts';

export interface CompareOptions {
  /** Configurations of another study besides those of the laboratory's, as overrides of its map; the first is the proposal. */
  readonly others?: { readonly label: string; readonly rows: readonly LeftOut['vary'][] };
  /** What the first study's rows are called beside them. */
  readonly label?: string;
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
    rows: rows.map((row, index) => documentRow(row, index, rows[base]!, base)),
    leftOut: asked.leftOut,
    referencesLeftOut: references.leftOut,
    kinds: kindsOf(rows, slots),
    perfectScaler: perfectScalerOf(references),
    disputed:
      conclusion.recommended === null || options.disputes === false
        ? null
        : await disputedOf(lab, candidates, conclusion.recommended, (row) => isFair(row, slots)),
    gate,
    notes: options.notes ?? [],
    ...(options.schedule && { schedule: await proposeSchedule(lab, subject) }),
  };
}

interface Asked {
  readonly rows: readonly BoundRow[];
  readonly leftOut: readonly LeftOut[];
  /** Their places among the rows. */
  readonly today: number | null;
  readonly proposal: number | null;
}

/** Of the study and of the other, each that comes to the same once. */
async function askedRows(lab: Laboratory, options: CompareOptions): Promise<Asked> {
  const { loaded } = lab;
  const { others, label = null } = options;
  const current = loaded.points.find(({ index }) => index === loaded.current);
  const own = [
    ...loaded.points.filter((point) => point !== current).map(({ overrides }) => overrides),
    ...loaded.leftOut.map(({ vary }) => vary),
  ];
  // Before and after: the first study is what runs today.
  const before = others !== undefined && own.length === 1 ? own[0]! : null;
  const todays = current?.overrides ?? before;
  const specs: RowSpec[] = [
    ...own.map((vary) => specOf(vary, vary === before ? ['today'] : [], label)),
    ...(current === undefined ? [] : [specOf(current.overrides, ['today'], label)]),
    ...(others?.rows ?? []).map((vary) => specOf(vary, [], others!.label)),
  ];
  const rows: BoundRow[] = [];
  const leftOut: LeftOut[] = [];
  let today: number | null = null;
  let proposal: number | null = null;
  for (const spec of specs) {
    const found = await fittedRow(lab, spec);
    if (typeof found === 'string') {
      leftOut.push({ vary: spec.vary, reason: found });
      continue;
    }
    const same = rows.findIndex(({ key }) => key === found.key);
    const at = same < 0 ? rows.push(found) - 1 : same;
    if (same >= 0 && spec.references.length > 0) {
      rows[same] = { ...rows[same]!, references: [...rows[same]!.references, ...spec.references] };
    }
    if (todays !== null && spec.references.includes('today')) today = at;
    if (others !== undefined && spec.vary === others.rows[0]) proposal = at;
  }
  if (rows.length === 0) {
    throw new UserError(leftOut.map(({ reason }) => ({ at: null, path: null, message: reason })));
  }
  return { rows, leftOut, today, proposal };
}

function specOf(
  vary: RowSpec['vary'],
  references: RowSpec['references'],
  label: string | null,
): RowSpec {
  return { label, vary, references, candidate: true };
}

/** A fixed fleet has no maximum of its own: what the study says for platforms that scale is left out for it. */
async function fittedRow(lab: Laboratory, spec: RowSpec): Promise<BoundRow | string> {
  const found = await boundRow(lab, spec);
  if (typeof found !== 'string') return found;
  const vary = { ...spec.vary, 'deployment.replicas.max': null };
  const without = await boundRow(lab, { ...spec, vary });
  if (typeof without === 'string') return without.length < found.length ? without : found;
  return without.bound.compiled.platform?.scaling === 'fixed' ? without : found;
}

interface Trial {
  readonly candidates: readonly RunRow[];
  readonly today: number | null;
  /** More requests than these on a replica are not taken for as fast as one. */
  readonly slots: number;
}

/** What no speed is known for raises no recommendation: today's slots, else the fewest. */
function fewestSlots(candidates: readonly RunRow[], today: number | null): number {
  const rows = today === null ? candidates : [candidates[today]!];
  return Math.min(...rows.map(({ bound }) => assumedSlots(bound)));
}

/** Those that meet the objectives and may be held against the others, cheapest first. */
function fairlyCheapest(rows: readonly RunRow[], slots: number): readonly number[] {
  const results = rows.map(({ outcome }) => outcome.result);
  return cheapestFirst(results).filter((index) => isFair(rows[index]!, slots));
}

function isFair({ bound }: BoundRow, slots: number): boolean {
  return assumedSlots(bound) <= slots;
}

/** The cheapest that meets the objectives, and holds on fresh luck. */
async function recommendedOf(
  lab: Laboratory,
  { candidates, slots }: Trial,
): Promise<{
  readonly recommended: number | null;
  readonly confirmations: readonly Confirmation[] | null;
}> {
  const { objectives, replications } = lab.loaded;
  const met = fairlyCheapest(candidates, slots);
  const drawn = candidates.some(({ bound }) => bound.drawn.length > 0);
  if (objectives.length === 0 || !drawn)
    return { recommended: met[0] ?? null, confirmations: null };
  const confirmations: Confirmation[] = [];
  for (const [i, index] of met.slice(0, MOST_CANDIDATES).entries()) {
    const { bound, vary } = candidates[index]!;
    if (bound.drawn.length === 0) return { recommended: index, confirmations };
    const how = {
      ...AS_STUDIED,
      seedSuffix: `/confirm/${i + 1}`,
      replications: Math.max(replications, LEAST_REPLICATIONS),
    };
    const [outcome] = await lab.run([{ overrides: vary, how }]);
    const confirmation = confirmationOf(index, i + 1, objectives, outcome!);
    confirmations.push(confirmation);
    if (confirmation.holds) return { recommended: index, confirmations };
  }
  return { recommended: null, confirmations };
}

function concludedOf(
  lab: Laboratory,
  { candidates, today, slots }: Trial,
  cheapest: number | null,
  confirmations: readonly Confirmation[] | null,
): Conclusion {
  const { study, objectives } = lab.loaded;
  const results = candidates.map(({ outcome }) => outcome.result);
  const gaveWay = new Set(confirmations?.filter(({ holds }) => !holds).map(({ index }) => index));
  const todayHolds = today !== null && results[today]!.slo?.met === true && !gaveWay.has(today);
  const saving =
    cheapest === null || today === null
      ? null
      : differenceOf(candidates[today]!.outcome, candidates[cheapest]!.outcome, 'cost.usdPerHour');
  const isUnsure = todayHolds && saving !== null && cheapest !== today && !isSurelyCheaper(saving);
  const recommended = isUnsure ? today : cheapest;
  const verdict: Verdict =
    objectives.length === 0
      ? 'unasked'
      : recommended === null
        ? 'none'
        : today === null
          ? 'choose'
          : recommended === today
            ? 'keep'
            : 'change';
  const all = candidates.map((_, index) => index);
  const refused = cheaperThan(results, all, recommended).flatMap((index): Refusal[] => {
    const refusal = refusalOf(index, results[index]!, objectives, confirmations);
    if (refusal !== null) return [refusal];
    const unfair = slotsRefusal(candidates[index]!.bound, slots);
    if (unfair !== null) return [{ index, why: [unfair] }];
    return isUnsure && index === cheapest ? [{ index, why: [unsureText(saving!)] }] : [];
  });
  const isChange = verdict === 'change';
  assert(!isChange || (today !== null && recommended !== null), 'a change from or to nothing');
  return {
    verdict,
    recommended,
    changes: isChange
      ? changesOf(study, candidates[today!]!.vary, candidates[recommended!]!.vary)
      : [],
    differences: isChange
      ? differencesOf(candidates[today!]!.outcome, candidates[recommended!]!.outcome)
      : null,
    refused: verdict === 'unasked' ? [] : refused,
    cheaperReferences: [],
    confirmations,
  };
}

function cheapestOf(results: readonly Result[]): number {
  const costs = costsOf(results);
  return costs.reduce((best, cost, index) => (cost < costs[best]! ? index : best), 0);
}

/** Reference rows are made from a row that scales and is one pool: the wanted one, else the cheapest such. */
function subjectOf(candidates: readonly RunRow[], wanted: number): number {
  const scales = ({ bound }: RunRow) => bound.fleet === null && kindOf(bound) === 'serverless';
  if (scales(candidates[wanted]!)) return wanted;
  const costs = costsOf(candidates.map(({ outcome }) => outcome.result));
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

function documentRow(row: RunRow, index: number, baseRow: RunRow, base: number): CompareRow {
  const { label, vary, references, candidate, bound, outcome } = row;
  // What blocks of the trace were paired by is large, and said by the differences.
  const { hours: _, ...result } = outcome.result;
  return {
    index,
    label,
    vary,
    references,
    candidate,
    kind: kindOf(bound),
    result,
    differences: index === base ? null : differencesOf(baseRow.outcome, outcome),
    caveats: caveatsOf(bound, result),
  };
}

function cheaperReferences(
  rows: readonly RunRow[],
  { recommended, verdict }: Conclusion,
  slots: number,
): number[] {
  if (verdict === 'unasked') return [];
  const results = rows.map(({ outcome }) => outcome.result);
  const costs = costsOf(results);
  const limit = recommended === null ? Number.POSITIVE_INFINITY : costs[recommended]!;
  return fairlyCheapest(rows, slots).filter(
    (index) => !rows[index]!.candidate && costs[index]! < limit,
  );
}

/** Of those that meet the objectives, where there are any; else of all. */
function kindsOf(rows: readonly RunRow[], slots: number): KindVerdict {
  const results = rows.map(({ outcome }) => outcome.result);
  const costs = costsOf(results);
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
  { recommended, verdict }: Conclusion,
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
