/** The rows of a grid as columns: a row of 100,000 must cost tens of bytes, not the kilobytes of a result. */
import { parseDurationUs } from '../../base/units.ts';
import { canonical, type Json } from '../../study/json.ts';
import type { RowFigures, SweepSummary } from '../../study/row-figures.ts';
import { harmless } from '../text.ts';
import { valueText, wordsOf } from '../varied.ts';
import { KEY_FIGURES } from './key-figures.ts';
import type { Axis, Grid } from './page-document.ts';

/** More digits than a picture or a table shows. */
const DIGITS = 5;

export type ValueAt = (index: number, path: string) => Json | undefined;

/** The grid of a document, with the names that a comparison gives its rows, its reference rows apart. */
export function gridOfDocument({ results, found }: SweepSummary, valueAt: ValueAt): Grid {
  const grid = gridOf(results, valueAt, new Set(found?.references));
  const isSearched = found !== undefined && found.certainty !== null;
  return { ...grid, names: found?.names ?? null, isSearched };
}

/**
 * @param valueAt what a row has at a path that it does not override
 * @param references rows that stand on no axis
 */
export function gridOf(
  results: readonly RowFigures[],
  valueAt: ValueAt,
  references: ReadonlySet<number> = new Set(),
): Grid {
  const asked =
    references.size === 0 ? results : results.filter((_, index) => !references.has(index));
  const paths = [...new Set(asked.flatMap(({ vary }) => Object.keys(vary)))];
  const words = wordsOf(paths);
  const column = (of: (row: RowFigures) => number | null) =>
    results.map((result) => rounded(of(result)));
  const shown = KEY_FIGURES.map(({ id, of }) => [id, column(of)] as const).filter(([id, values]) =>
    values.some((value) => value !== null && (value > 0 || id !== 'failed')),
  );
  const judged = results.some(({ slo }) => slo !== null);
  return {
    rows: results.length,
    names: null,
    isSearched: false,
    axes: paths.map((path, i) => axisOf(path, words[i]!, results, valueAt, references)),
    figures: Object.fromEntries(shown),
    met: judged ? results.map(({ slo }) => (slo?.met === true ? 1 : 0)) : null,
    proved: Object.fromEntries(
      results.flatMap(({ provedEqualTo }, index) =>
        provedEqualTo === null ? [] : [[index, provedEqualTo]],
      ),
    ),
    objectives: (results[0]?.slo?.objectives ?? []).map(({ objective }) => harmless(objective)),
  };
}

export function rounded(value: number | null, digits = DIGITS): number | null {
  return value === null ? null : Number(value.toPrecision(digits));
}

function axisOf(
  path: string,
  word: string,
  results: readonly RowFigures[],
  valueAt: ValueAt,
  references: ReadonlySet<number>,
): Axis {
  const places = new Map<string, number>();
  const found: Json[] = [];
  const at = results.map((result, index) => {
    if (references.has(index)) return -1;
    const value = result.vary[path] ?? valueAt(index, path) ?? null;
    const key = canonical(quantityOf(value) ?? value);
    const place = places.get(key);
    if (place !== undefined) return place;
    places.set(key, found.length);
    return found.push(value) - 1;
  });
  const order = ascending(found);
  const rank = new Map(order.map((place, i) => [place, i]));
  return {
    path,
    word,
    values: order.map((place) => (found[place] === null ? 'default' : valueText(found[place]))),
    at: at.map((place) => rank.get(place) ?? -1),
  };
}

/** Places in order of size where all are quantities of one kind, else as they came. */
function ascending(values: readonly Json[]): readonly number[] {
  const sizes = values.map(quantityOf);
  const places = [...values.keys()];
  return sizes.every((size) => size !== null)
    ? places.sort((a, b) => sizes[a]! - sizes[b]!)
    : places;
}

/** `unlimited` is the largest of all. */
function quantityOf(value: Json): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  if (value === 'unlimited') return Number.MAX_VALUE;
  const number = Number(value);
  return value.trim() !== '' && Number.isFinite(number) ? number : parseDurationUs(value);
}
