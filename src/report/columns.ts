/**
 * Results as flat tables: every column with its type, its unit and what it says. The files that `--out` and `export` write
 * and their reference, docs/columns.md, are made from this.
 */
import { parseDurationUs, US_PER_S } from '../base/units.ts';
import type { Figure, HoursS, Result, TimelineS, Varied } from '../study/document.ts';
import { isMap, type Json } from '../study/json.ts';
import type { RowFigures } from '../study/row-figures.ts';
import type { Cell, Column, ColumnHead, ColumnType, IndexedResult, Table } from './column.ts';
import { FIGURE_COLUMNS, INTERVAL_PATHS } from './figure-columns.ts';

/** Which columns there are depends on what a grid varies, its objectives, and whether there are intervals. */
export interface TableContext {
  readonly rows: readonly Pick<RowFigures, 'vary' | 'ci95'>[];
  /** Of the first row; undefined where there is none. */
  readonly first: Result | undefined;
}

const column = <Row>(
  name: string,
  type: ColumnType,
  unit: string | null,
  about: string,
  of: (row: Row) => Cell,
): Column<Row> => ({ name, type, unit, about, of });

const INDEX_ABOUT = 'the place in the grid: what other tables join on';

/** A row a configuration. */
export function resultsTable({ rows, first }: TableContext): Table<IndexedResult> {
  const hasIntervals = rows.some(({ ci95 }) => ci95 !== null);
  const columns = resultColumns(
    rows.map(({ vary }) => vary),
    first?.slo?.objectives.length ?? 0,
    hasIntervals ? INTERVAL_PATHS : [],
    Object.keys(first?.ci95Traffic ?? {}),
  );
  return { columns, rowsOf: (one) => [one] };
}

function resultColumns(
  varied: readonly Varied[],
  objectives: number,
  intervals: readonly string[],
  ofTraffic: readonly string[],
): readonly Column<IndexedResult>[] {
  return [
    column('index', 'integer', null, INDEX_ABOUT, ({ index }: IndexedResult) => index),
    ...varyColumns(varied),
    ...FIGURE_COLUMNS.map(({ path, type, unit, about }) => {
      const keys = path.split('.');
      return column(path, type, unit, about, ({ result }: IndexedResult) =>
        cellOf(at(result, keys)),
      );
    }),
    ...objectiveColumns(objectives),
    ...intervalColumns('ci95', intervals),
    ...intervalColumns('ci95Traffic', ofTraffic),
  ];
}

/** Every table with its columns, for a reference: PATH, FIGURE and the objective 0 stand for all that there are. */
export function columnReference(): readonly {
  readonly table: string;
  readonly row: string;
  readonly columns: readonly ColumnHead[];
}[] {
  const varied = [{ PATH: '60s' }];
  return [
    {
      table: 'results',
      row: 'a configuration',
      columns: resultColumns(varied, 1, ['FIGURE'], ['FIGURE']),
    },
    {
      table: 'timeline',
      row: 'an interval of a configuration, where `--timeline` was asked for',
      columns: TIMELINE.columns,
    },
    {
      table: 'hours',
      row: 'an hour of a configuration, where `--hours` was asked for',
      columns: hoursColumns(1),
    },
    {
      table: 'lines',
      row: "a line of a configuration's bill: the whole invoice, which its lines add up to",
      columns: LINES.columns,
    },
  ];
}

/** Values of one key are of one type where all are numbers, or all are true or false; durations have their seconds too. */
function varyColumns(varied: readonly Varied[]): Column<IndexedResult>[] {
  const values = new Map<string, Json[]>();
  const known = new Map<string, Set<Json>>();
  for (const vary of varied) {
    for (const [path, value] of Object.entries(vary)) {
      const seen = known.get(path) ?? new Set<Json>();
      known.set(path, seen);
      if (seen.has(value)) continue;
      seen.add(value);
      values.set(path, [...(values.get(path) ?? []), value]);
    }
  }
  return [...values].flatMap(([path, of]) => {
    const name = `vary.${path}`;
    const about = `what the row sets ${path} to; null where it leaves it as the study has it`;
    const own = ({ result }: IndexedResult) => result.vary[path] ?? null;
    const isAll = (type: string) => of.every((value) => typeof value === type);
    if (isAll('number')) return [column(name, 'number', null, about, (row) => cellOf(own(row)))];
    if (isAll('boolean')) return [column(name, 'boolean', null, about, (row) => cellOf(own(row)))];
    const text = column(name, 'text', null, about, (row: IndexedResult) => textOf(own(row)));
    if (!of.every((value) => secondsOf(value) !== null)) return [text];
    const inSeconds = `the same in seconds`;
    return [text, column(`${name}S`, 'number', 's', inSeconds, (row) => secondsOf(own(row)))];
  });
}

function secondsOf(value: Json): number | null {
  const us = typeof value === 'string' ? parseDurationUs(value) : null;
  return us === null ? null : us / US_PER_S;
}

function objectiveColumns(count: number): Column<IndexedResult>[] {
  return Array.from({ length: count }, (_, i) => i).flatMap((i) => {
    const of = (key: string) => (row: IndexedResult) =>
      cellOf(at(row.result, ['slo', 'objectives', String(i), key]));
    const name = `slo.${i}`;
    return [
      column(
        `${name}.objective`,
        'text',
        null,
        'the objective, as the study has it',
        of('objective'),
      ),
      column(`${name}.met`, 'boolean', null, 'whether it is met', of('met')),
      column(
        `${name}.value`,
        'number',
        'its own',
        'its figure; null: infinitely late',
        of('value'),
      ),
      column(`${name}.share`, 'number', 'fraction', 'of arrived requests within it', of('share')),
      column(
        `${name}.budgetSpent`,
        'number',
        'fraction',
        'of what may be outside: 1 is all of it',
        of('budgetSpent'),
      ),
    ];
  });
}

function intervalColumns(
  key: 'ci95' | 'ci95Traffic',
  paths: readonly string[],
): Column<IndexedResult>[] {
  return paths.flatMap((path) =>
    (['lo', 'hi'] as const).map((end, i) =>
      column(
        `${key}.${path}.${end}`,
        'number',
        'its own',
        `${end === 'lo' ? 'lower' : 'upper'} end of the 95 % interval of ${path}`,
        ({ result }: IndexedResult) => result[key]?.[path]?.[i] ?? null,
      ),
    ),
  );
}

interface TimelineRow {
  readonly index: number;
  readonly line: TimelineS;
  readonly at: number;
}

/** A row an interval of each configuration's time line. */
export const TIMELINE: Table<TimelineRow> = {
  columns: [
    column('index', 'integer', null, INDEX_ABOUT, ({ index }) => index),
    column(
      'atS',
      'number',
      's',
      'when the interval begins, from time 0',
      ({ line, at: i }) => i * line.intervalS,
    ),
    column('at', 'time', null, 'the same by the calendar; null without dates', ({ line, at: i }) =>
      timeOf(line.firstAt ?? null, i * line.intervalS),
    ),
    column('intervalS', 'number', 's', 'how long it is', ({ line }) => line.intervalS),
    ...(['starting', 'idle', 'busy', 'draining'] as const).map((state) =>
      column(
        state,
        'number',
        'replicas',
        `mean of ${state} replicas`,
        ({ line, at: i }: TimelineRow) => line[state][i] ?? null,
      ),
    ),
    column(
      'waiting',
      'number',
      'requests',
      'mean of waiting requests',
      ({ line, at: i }) => line.waiting[i] ?? null,
    ),
    column(
      'desired',
      'number',
      'replicas',
      "what the controller wants at the interval's end; null without one",
      ({ line, at: i }) => line.desired?.[i] ?? null,
    ),
    column(
      'signal',
      'number',
      'its own',
      'what the controller read; null where that is nothing',
      ({ line, at: i }) => line.signal?.[i] ?? null,
    ),
  ],
  rowsOf: ({ index, result: { timeline } }) =>
    timeline === undefined ? [] : timeline.busy.map((_, i) => ({ index, line: timeline, at: i })),
};

interface HourRow {
  readonly index: number;
  readonly hours: HoursS;
  readonly at: number;
}

const HOUR_COLUMNS = [
  ['lengthS', 's', 'how long it is: 3600, but for the first and the last'],
  ['arrived', 'requests', 'requests that arrived in it'],
  ['completed', 'requests', 'of them, completed'],
  ['cold', 'requests', 'of them, cold'],
  ['failed', 'requests', 'of them, rejected, timed out or late'],
  ['usd', '$', 'what the bill comes to in it; null without a price'],
  ['startingS', 'replica s', 'replica time in it, starting'],
  ['idleS', 'replica s', 'idle'],
  ['idleKeptS', 'replica s', 'idle that the minimum asks for'],
  ['busyS', 'replica s', 'busy'],
  ['drainingS', 'replica s', 'draining'],
  ['starts', 'replicas', 'replicas started on demand'],
  ['scheduledStarts', 'replicas', 'replicas started by schedule'],
] as const;

/** A row an hour of each configuration. */
export function hoursTable(first: Result | undefined): Table<HourRow> {
  return {
    columns: hoursColumns(first?.slo?.objectives.length ?? 0),
    rowsOf: ({ index, result: { hours } }) =>
      hours === undefined ? [] : hours.arrived.map((_, i) => ({ index, hours, at: i })),
  };
}

function hoursColumns(objectives: number): readonly Column<HourRow>[] {
  return [
    column('index', 'integer', null, INDEX_ABOUT, ({ index }: HourRow) => index),
    column('hour', 'integer', null, 'the hour, from 0', ({ at: i }) => i),
    column('at', 'time', null, 'when it begins; null without dates', ({ hours, at: i }) => {
      // The first may be a part of an hour: the others begin where it ends.
      const beforeS = i === 0 ? 0 : hours.lengthS[0]! + (i - 1) * hours.intervalS;
      return timeOf(hours.firstAt, beforeS);
    }),
    ...HOUR_COLUMNS.map(([key, unit, about]) =>
      column(key, 'number', unit, about, ({ hours, at: i }: HourRow) => hours[key]?.[i] ?? null),
    ),
    ...Array.from({ length: objectives }, (_, objective) =>
      column(
        `within.${objective}`,
        'number',
        'requests',
        `within the threshold of objective ${objective}; null where it has none`,
        ({ hours, at: i }: HourRow) => hours.within[objective]?.[i] ?? null,
      ),
    ),
  ];
}

interface LineRow {
  readonly index: number;
  readonly line: NonNullable<Result['cost']>['lines'][number];
}

/** A row a line of each configuration's bill: the whole invoice, which its lines add up to. */
export const LINES: Table<LineRow> = {
  columns: [
    column('index', 'integer', null, INDEX_ABOUT, ({ index }) => index),
    column('meter', 'text', null, 'what is paid for', ({ line }) => line.meter),
    column('quantity', 'number', 'its own', 'how much of it', ({ line }) => line.quantity),
    column('unit', 'text', null, 'the unit of the quantity', ({ line }) => line.unit),
    column('usdPerUnit', 'number', '$', 'the price of one', ({ line }) => line.usdPerUnit),
    column('usd', 'number', '$', 'what the line comes to', ({ line }) => line.usd),
  ],
  rowsOf: ({ index, result: { cost } }) => (cost?.lines ?? []).map((line) => ({ index, line })),
};

function at(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (Array.isArray(found)) found = (found as readonly unknown[])[Number(key)];
    else if (isMap(found)) found = found[key];
    else return undefined;
  }
  return found;
}

function cellOf(value: unknown): Cell {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
    ? value
    : Array.isArray(value)
      ? value.join('; ')
      : null;
}

function textOf(value: Json): Cell {
  if (value === null || typeof value === 'string') return value;
  return JSON.stringify(value);
}

function timeOf(firstAt: string | null, afterS: Figure): string | null {
  if (firstAt === null || afterS === null) return null;
  return new Date(Date.parse(firstAt) + afterS * 1_000).toISOString();
}
