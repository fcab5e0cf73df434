/** The rows that were asked for: those of the study, today's, and those of another study. */
import { UserError } from '../../base/errors.ts';
import type { LeftOut, Varied } from '../document.ts';
import type { Json } from '../json.ts';
import { getAt } from '../key-path.ts';
import type { Laboratory } from '../laboratory.ts';
import { withOverrides } from '../load.ts';
import { kindOf } from './caveats.ts';
import { defaultsOf } from './platform-defaults.ts';
import { type BoundRow, boundRow, type RowSpec } from './trial-bench.ts';

/** Rows of another study as overrides of the first's map; the first of them is the proposal. */
export interface OtherRowsAsked {
  readonly others?: { readonly label: string; readonly rows: readonly Varied[] };
  /** What the first study's rows are called beside them. */
  readonly label?: string;
}

export interface Asked {
  readonly rows: readonly BoundRow[];
  readonly leftOut: readonly LeftOut[];
  /** Their places among the rows. */
  readonly today: number | null;
  readonly proposal: number | null;
}

/** Of the study and of the other, each that comes to the same once. */
export async function askedRows(lab: Laboratory, options: OtherRowsAsked): Promise<Asked> {
  const { loaded } = lab;
  const { others, label = null } = options;
  const current = loaded.points.find(({ index }) => index === loaded.current);
  const own = [
    ...loaded.points.filter((point) => point !== current).map(({ overrides }) => overrides),
    ...loaded.leftOut.map(({ vary }) => vary),
  ];
  // Before and after: the first study is what runs today.
  const isBefore = others !== undefined && current === undefined && own.length === 1;
  const specs: RowSpec[] = [
    ...own.map((vary) => specOf(vary, isBefore ? ['today'] : [], label)),
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
    if (spec.references.includes('today')) today = at;
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

/** Whoever sells tokens keeps replicas, slots and queues of their own: the study's are left out for them. */
async function apiRow(lab: Laboratory, row: BoundRow): Promise<BoundRow> {
  const study = withOverrides(lab.loaded.study, row.vary) as Json;
  const slots = getAt(study, ['deployment', 'slotSpeed']) !== undefined;
  const vary = {
    ...row.vary,
    ...defaultsOf(row.bound.compiled.platform!, study),
    ...(slots && { 'deployment.slotSpeed': null }),
  };
  const bare = await boundRow(lab, { ...row, vary });
  return typeof bare === 'string' ? row : bare;
}

/** A fixed fleet has no maximum of its own: what the study says for platforms that scale is left out for it. */
async function fittedRow(lab: Laboratory, spec: RowSpec): Promise<BoundRow | string> {
  const found = await boundRow(lab, spec);
  if (typeof found !== 'string') return kindOf(found.bound) === 'api' ? apiRow(lab, found) : found;
  const vary = { ...spec.vary, 'deployment.replicas.max': null };
  const without = await boundRow(lab, { ...spec, vary });
  if (typeof without === 'string') return without.length < found.length ? without : found;
  return without.bound.compiled.platform?.scaling === 'fixed' ? without : found;
}
