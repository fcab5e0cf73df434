/** A sweep, and what is known of its study, as the data of a page. */

import { isStalePrice } from '../../platform/prices.ts';
import type { Result } from '../../study/document.ts';
import { poolsOf } from '../../study/fleet-section.ts';
import type { RowFigures, Swept } from '../../study/row-figures.ts';
import type { GridPoint, LoadedStudy } from '../../study/study.ts';
import type { UsedFigure } from '../../study/warnings.ts';
import { basisOf } from '../basis.ts';
import { rankingOf } from '../sweep-answer.ts';
import { harmless } from '../text.ts';
import { rowName, settingAt, settingsOf, valueText } from '../varied.ts';
import { conclusionOf } from './conclusion.ts';
import type { Further } from './further.ts';
import { hoursOfDay } from './hours-of-day.ts';
import { moneyOf } from './money.ts';
import type { Basis, FocusRow, PageDocument, Source } from './page-document.ts';
import { gridOfDocument, rounded } from './rows.ts';

export interface PageInput {
  readonly document: Swept;
  /** The study with the point of each row, by index of the document; null where it is not known. */
  readonly study: {
    readonly loaded: LoadedStudy;
    readonly pointOf: (index: number) => GridPoint | undefined;
  } | null;
  /** Rows that were run again with a time line, the most important first. */
  readonly focus: readonly { readonly index: number; readonly result: Result }[];
  readonly clockAtMs: number | null;
  readonly timeZone: string | null;
  readonly missing: PageDocument['missing'];
  readonly further: Further;
  readonly basis: Omit<Basis, 'seed' | 'replications' | 'intervals' | 'sources'>;
}

export function pageDocument(input: PageInput): PageDocument {
  const { document, study, focus, clockAtMs, timeZone, missing, further, basis } = input;
  const { results, front, cheapestWithinSlo, current } = document;
  const valueAt = (index: number, path: string) => {
    const point = study?.pointOf(index);
    return point === undefined ? undefined : settingAt(point, study!.loaded.study, path);
  };
  const grid = gridOfDocument(document, valueAt);
  const first = results.length > 0 ? document.resultAt(0) : undefined;
  return {
    schema: 'coldfront.report.v1',
    name: harmless(document.name),
    conclusion: conclusionOf(document, grid),
    grid,
    marks: { best: cheapestWithinSlo, current, front },
    costBy: rankingOf(results).priced ? 'usdPerHour' : 'mean',
    p99LimitS: p99LimitS(first),
    focus: focus.map(({ index, result }) => focusRow(index, result, study)),
    clockAtMs,
    timeZone,
    missing,
    further,
    warnings: onOneLine(basisOf(results)).flatMap((line) =>
      line.startsWith('! ') ? [line.slice(2)] : [],
    ),
    leftOut: document.leftOut.map(({ vary, reason }) => ({
      row: rowName(vary),
      reason: harmless(reason, 400),
    })),
    basis: {
      ...basis,
      traffic: onOneLine(basis.traffic),
      prices: onOneLine(basis.prices),
      seed: harmless(first?.seed ?? '-'),
      replications: first?.replications ?? 1,
      intervals: intervals(first),
      sources: study === null ? [] : sourcesOf(study.loaded, basis.madeOn),
    },
  };
}

/** Lines of a screen are wrapped; a page wraps its own. */
function onOneLine(lines: readonly string[]): string[] {
  return lines.map((line) => line.replaceAll(/\n\s*/g, ' ').trim());
}

export function p99LimitS(result: RowFigures | undefined): number | null {
  for (const { objective } of result?.slo?.objectives ?? []) {
    const match = /^latencyS\.p99 <=? ([\d.]+)$/.exec(objective);
    if (match) return Number(match[1]);
  }
  return null;
}

function intervals(first: Result | undefined): string | null {
  if (first === undefined) return null;
  if (first.ci95Why !== null) return `No intervals: ${first.ci95Why}`;
  return first.ci95 === null ? null : 'Intervals are 95 %, of the luck that was drawn.';
}

function focusRow(index: number, whole: Result, study: PageInput['study']): FocusRow {
  const { timeline, curves, hours, advice, warnings, engine, vary, ...result } = whole;
  const point = study?.pointOf(index);
  const settings =
    point === undefined ? vary : { ...settingsOf(point, study!.loaded.study), ...vary };
  return {
    index,
    settings: Object.entries(settings).map(([path, value]) => [harmless(path), valueText(value)]),
    result,
    advice,
    timeline: timeline === undefined ? null : compact(timeline, 4),
    curves: curves === undefined ? null : compact(curves, 5),
    byHour: hours === undefined ? null : compact(hoursOfDay(hours), 4),
    money: moneyOf(whole, point?.compiled ?? null),
  };
}

/** Columns with fewer digits. */
function compact<T extends object>(columns: T, digits: number): T {
  const entries = Object.entries(columns).map(([key, column]: [string, unknown]) => [
    key,
    Array.isArray(column) ? column.map((value: number | null) => rounded(value, digits)) : column,
  ]);
  return Object.fromEntries(entries) as T;
}

/** Every figure once that any row rests on, by whose it is. */
function sourcesOf({ kinds }: LoadedStudy, today: string): readonly Source[] {
  const found = new Map<string, UsedFigure>();
  for (const { compiled } of kinds) {
    for (const pool of poolsOf(compiled)) {
      for (const figure of pool.figures) found.set(`${figure.owner}\n${figure.path}`, figure);
    }
  }
  return [...found.values()].map((figure) => ({
    owner: harmless(figure.owner),
    path: harmless(figure.path),
    value: harmless(`${figure.value}${figure.unit === null ? '' : ` ${figure.unit}`}`),
    source: harmless(figure.source, 300),
    date: harmless(figure.date),
    grade: figure.grade,
    note: figure.note === null ? null : harmless(figure.note, 400),
    isStale: isStalePrice(figure, today),
  }));
}
