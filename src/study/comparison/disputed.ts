/**
 * Figures of the winner's platform on which sources differ: does the answer stay the same at each other value? The figure
 * changes for every candidate on that platform alike.
 */
import type { Disputed } from '../compare-document.ts';
import type { Varied } from '../document.ts';
import { cheapestFirst, costsOf } from '../front.ts';
import type { Json } from '../json.ts';
import type { Laboratory } from '../laboratory.ts';
import { differenceOf } from '../paired.ts';
import { isSurelyCheaper } from './conclusion.ts';
import { type BoundRow, boundRow, type RunRow, runRows } from './trial-bench.ts';

/** Candidates that are run again: the winner, and those that cost least of the others. */
const MOST_ROWS = 12;
const MOST_VALUES = 24;

/** @returns null where nothing is disputed */
export async function disputedOf(
  lab: Laboratory,
  { candidates, today }: { readonly candidates: readonly RunRow[]; readonly today: number | null },
  recommended: number,
  isFair: (row: RunRow) => boolean,
): Promise<readonly Disputed[] | null> {
  const { platform, figures, fleet } = candidates[recommended]!.bound.compiled;
  if (platform === null || fleet !== null) return null;
  const values = figures
    .filter(({ owner, alternatives }) => owner === platform.name && alternatives !== undefined)
    .flatMap(({ path, alternatives = [] }) =>
      alternatives.map((value) => ({ path, value: value as Json })),
    );
  if (values.length === 0) return null;
  const rows = rivals(candidates, recommended).filter(isFair);
  const disputed: Disputed[] = [];
  for (const { path, value } of values.slice(0, MOST_VALUES)) {
    const changed = await changedRows(lab, rows, platform.id, { [path]: value });
    if (changed === null) continue;
    const outcomes = (await runRows(lab, changed)).map(({ outcome }) => outcome);
    const results = outcomes.map(({ result }) => result);
    const winner = rows.findIndex(({ index }) => index === recommended);
    const [best] = cheapestFirst(results);
    const meets = best !== undefined && results[winner]!.slo?.met === true;
    const saving = meets
      ? differenceOf(outcomes[winner]!, outcomes[best]!, 'cost.usdPerHour')
      : null;
    // As in the conclusion: today's stays unless another is surely cheaper, and of equals the winner is as good an answer.
    const isBeaten =
      saving !== null &&
      (recommended === today ? isSurelyCheaper(saving) : (saving.value ?? 0) < 0);
    const holds = meets && !isBeaten;
    const first = holds ? winner : (best ?? null);
    disputed.push({
      path,
      value,
      recommended: first === null ? null : rows[first]!.index,
      holds,
      usdPerHour: results[winner]!.cost?.usdPerHour ?? null,
    });
  }
  return disputed.length === 0 ? null : disputed;
}

interface Rival extends RunRow {
  readonly index: number;
}

function rivals(candidates: readonly RunRow[], recommended: number): readonly Rival[] {
  const costs = costsOf(candidates.map(({ outcome }) => outcome.result));
  return candidates
    .map((row, index) => ({ ...row, index }))
    .sort(
      (a, b) =>
        Number(b.index === recommended) - Number(a.index === recommended) ||
        costs[a.index]! - costs[b.index]!,
    )
    .slice(0, MOST_ROWS);
}

/** @returns null where the winner cannot be with such a value */
async function changedRows(
  lab: Laboratory,
  rows: readonly Rival[],
  platform: string,
  changed: Varied,
): Promise<readonly BoundRow[] | null> {
  const all: BoundRow[] = [];
  for (const row of rows) {
    const isOn = row.bound.compiled.platform?.id === platform && row.bound.fleet === null;
    const vary = isOn ? { ...row.vary, ...changed } : row.vary;
    const found = isOn ? await boundRow(lab, { ...row, vary }) : row;
    if (typeof found === 'string') return null;
    all.push(found);
  }
  return all;
}
