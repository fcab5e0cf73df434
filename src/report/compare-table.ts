/** The rows of a comparison side by side, and each less the base row, with marks and what they mean. */

import { HOURS_PER_MONTH } from '../base/units.ts';
import type {
  Caveat,
  CompareDocument,
  CompareRow,
  Difference,
  ReferenceKind,
} from '../study/compare-document.ts';
import type { Interval } from '../study/document.ts';
import { groupBy } from '../study/group.ts';
import type { NameOf } from './compare-names.ts';
import { type Show, signed, signedEnd } from './difference-text.ts';
import { isOfWeeks, monthLines, monthUsd } from './month.ts';
import { counted, dollarsBare, NOTHING, percentBare, significant } from './numbers.ts';
import { harmless } from './text.ts';

export interface ViewTable {
  readonly title: string;
  /** The first column is text, the last one marks; what is between are numbers. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns that give way, from the right, where there is no room for all. */
  readonly spare: readonly number[];
  /** Of the row that stands out; null for none. */
  readonly strong: number | null;
  readonly legend: readonly string[];
}

const CODES: Readonly<Record<Caveat['code'], { readonly mark: string; readonly means: string }>> = {
  slots: { mark: 's', means: 'looks faster and cheaper than it may be' },
  speed: { mark: 'f', means: 'as fast as on another GPU, which nobody measured' },
  limit: { mark: 'm', means: 'held back by a limit that nobody chose' },
  bill: { mark: 'b', means: 'the bill lacks something' },
  api: { mark: 'a', means: 'not your own replicas' },
  price: { mark: 'p', means: 'no price' },
  grade: { mark: 'i', means: 'rests on figures that no document gives' },
};

const REFERENCE_WORDS: Readonly<Record<ReferenceKind, string>> = {
  today: 'now',
  'min 0': 'min 0',
  'platform defaults': 'defaults',
  'all warm': 'all warm',
  'all dedicated': 'dedicated',
  hybrid: 'hybrid',
};

/** Candidates by cost, then the reference rows, then the bound. */
export function comparedTable(document: CompareDocument, nameOf: NameOf): ViewTable {
  const { rows, conclusion, perfectScaler } = document;
  const shown = shownRows(document);
  const failing = rows.some(({ result }) => (result.requests.failedFraction ?? 0) > 0);
  const body = shown.map((row) => [
    nameOf(row, MOST_NAME),
    ...figureCells(row, failing),
    marksOf(row, conclusion.recommended),
  ]);
  const figures = failing ? 8 : 7;
  const ofWeeks = rows.some(({ result }) => isOfWeeks(result));
  const bound = (name: string, usd: number | null): string[][] =>
    usd === null || usd < LEAST_USD
      ? []
      : [
          [
            name,
            dollarsBare(usd),
            // Of all of the log: beside whole weeks it would bound nothing.
            ofWeeks ? NOTHING : dollarsBare(usd * HOURS_PER_MONTH),
            ...Array.from({ length: figures - 2 }, () => NOTHING),
            'bound',
          ],
        ];
  return {
    title: 'On the same traffic and the same luck',
    head: [
      '',
      '$/h',
      '$/month',
      '$/1,000',
      'p50 s',
      'p95 s',
      'p99 s',
      'cold %',
      ...(failing ? ['failed %'] : []),
      '',
    ],
    rows: [
      ...body,
      ...bound('a perfect scaler, nobody waits', perfectScaler?.nobodyWaitsUsdPerHour ?? null),
      ...bound('a perfect scaler, work alone', perfectScaler?.workUsdPerHour ?? null),
    ],
    spare: [4, 3],
    strong: positionOf(shown, conclusion.recommended),
    legend: legendOf(document),
  };
}

/** A bound below it binds nothing: the bill has a state that works for free. */
const LEAST_USD = 0.005;

const MOST_NAME = 38;

/** Candidates that a person looks at. */
const MOST_ROWS = 16;
/** Of those that were refused, the ones that cost most. */
const MOST_REFUSED = 5;

/**
 * Of many candidates those that the conclusion names, the cheapest of each platform and GPU that holds, and what lies next to
 * the recommended one; then the reference rows.
 */
function shownRows({ rows, conclusion, base }: CompareDocument): readonly CompareRow[] {
  const cost = ({ result }: CompareRow) => result.cost?.usdPerHour ?? result.replicas.mean ?? 0;
  const byCost = rows.toSorted((a, b) => cost(a) - cost(b) || a.index - b.index);
  const asked = byCost.filter(({ candidate }) => candidate);
  const references = byCost.filter(({ candidate }) => !candidate);
  if (asked.length <= MOST_ROWS) return [...asked, ...references];
  const { recommended, refused } = conclusion;
  const best = recommended === null ? null : rows[recommended]!;
  const held = asked.filter(({ result }) => result.slo?.met !== false);
  const near = best === null ? asked : held.filter((row) => cost(row) >= cost(best));
  const order = [
    recommended,
    base,
    ...bestOfEach([...held, ...asked]).map(({ index }) => index),
    ...refused.slice(-MOST_REFUSED).map(({ index }) => index),
    ...near.map(({ index }) => index),
  ];
  const kept = new Set([...new Set(order.filter((index) => index !== null))].slice(0, MOST_ROWS));
  return [...asked.filter(({ index }) => kept.has(index)), ...references];
}

/** By platform and GPU, the first of each. */
function bestOfEach(rows: readonly CompareRow[]): readonly CompareRow[] {
  const where = ({ vary }: CompareRow) =>
    JSON.stringify([vary['deployment.platform'], vary['deployment.gpu']]);
  return [...groupBy(rows, where).values()].map(([first]) => first!);
}

function positionOf(shown: readonly CompareRow[], index: number | null): number | null {
  const at = shown.findIndex((row) => row.index === index);
  return at < 0 ? null : at;
}

function figureCells({ result }: CompareRow, failing: boolean): string[] {
  const { cost, latencyS, coldStarts, requests } = result;
  return [
    dollarsBare(cost?.usdPerHour ?? null),
    dollarsBare(monthUsd(result)),
    dollarsBare(cost?.usdPerThousandRequests ?? null),
    significant(latencyS.p50),
    significant(latencyS.p95),
    significant(latencyS.p99),
    percentBare(coldStarts.fraction),
    ...(failing ? [percentBare(requests.failedFraction)] : []),
  ];
}

function marksOf(row: CompareRow, recommended: number | null): string {
  const { index, references, result, caveats, candidate } = row;
  const codes = [...new Set(caveats.map(({ code }) => CODES[code].mark))].join('');
  return [
    index === recommended ? '<' : '',
    result.slo?.met === false ? 'x' : '',
    ...(candidate ? references.map((kind) => REFERENCE_WORDS[kind]) : ['ref']),
    codes,
  ]
    .filter((mark) => mark !== '')
    .join(' ');
}

function legendOf(document: CompareDocument): string[] {
  const { rows, conclusion, perfectScaler } = document;
  const marks = [
    conclusion.recommended === null ? '' : '< recommended',
    rows.some(({ result }) => result.slo?.met === false) ? 'x breaks an objective' : '',
    rows.some(({ references }) => references.includes('today')) ? 'now: what runs today' : '',
    rows.some(({ candidate }) => !candidate) ? 'ref: a reference row, never recommended' : '',
    perfectScaler === null ? '' : 'bound: no scaling of these replicas costs less',
  ].filter((mark) => mark !== '');
  const hidden = rows.filter(({ candidate }) => candidate).length - MOST_ROWS;
  return [
    marks.join('   '),
    ...monthLines(rows.map(({ result }) => result)),
    ...(hidden > 0 ? [`${counted(hidden, 'more row')} not shown: --json has them all`] : []),
    ...caveatLines(rows),
  ].filter((line) => line !== '');
}

/** A line for each mark, with all that it says of the rows. */
function caveatLines(rows: readonly CompareRow[]): string[] {
  const byCode = groupBy(
    rows.flatMap(({ caveats }) => caveats),
    ({ code }) => code,
  );
  return Object.entries(CODES).flatMap(([code, { mark, means }]) => {
    const texts = new Set((byCode.get(code as Caveat['code']) ?? []).map(({ text }) => text));
    return texts.size === 0 ? [] : [`${mark}  ${means}: ${harmless([...texts].join('; '), 600)}`];
  });
}

export function differenceTable(document: CompareDocument, nameOf: NameOf): ViewTable {
  const { rows, base, conclusion } = document;
  const shown = shownRows(document).filter(({ index }) => index !== base);
  const has = (pick: (difference: Difference) => unknown, path: string) =>
    shown.some(({ differences }) => pick(differences![path]!) !== null);
  const luck =
    has(({ ci95 }) => ci95, 'cost.usdPerHour') || has(({ ci95 }) => ci95, 'latencyS.p99');
  const traffic = has(({ ci95Traffic }) => ci95Traffic, 'cost.usdPerHour');
  const columns = [
    { head: '$/h', path: 'cost.usdPerHour', show: dollarsBare as Show, luck, traffic },
    { head: 'p99 s', path: 'latencyS.p99', show: significant as Show, luck, traffic: false },
    { head: 'cold %', path: 'coldStarts.fraction', show: percentBare as Show, luck, traffic },
  ];
  const baseName = nameOf(rows[base]!);
  const cells = columns.map((column) => 1 + Number(column.luck) + Number(column.traffic));
  const last = cells.reduce((sum, count) => sum + count, 0);
  const today = rows[base]!.references.includes('today') ? "today's, " : '';
  return {
    title: `Less ${today}${baseName}`,
    head: [
      '',
      ...columns.flatMap(({ head, luck, traffic }) => [
        head,
        ...(luck ? ['95 %'] : []),
        ...(traffic ? ['95 % traffic'] : []),
      ]),
    ],
    rows: shown.map((row) => [
      nameOf(row, MOST_NAME),
      ...columns.flatMap(({ path, show, luck, traffic }) => {
        const { value, ci95, ci95Traffic } = row.differences![path]!;
        return [
          value === null ? NOTHING : value === 0 ? '0' : signed(value, show),
          ...(luck ? [rangeText(ci95, show)] : []),
          ...(traffic ? [rangeText(ci95Traffic, show)] : []),
        ];
      }),
    ]),
    spare: Array.from({ length: cells.at(-1)! }, (_, i) => last - i),
    strong: positionOf(shown, conclusion.recommended),
    legend: [
      luck ? 'Paired over replications: the luck that rows share is in none of these.' : '',
      traffic ? 'traffic: blocks of the log drawn again, the same for both rows.' : '',
      luck || traffic
        ? ''
        : 'No intervals: this replay draws no luck, and is too short to draw its blocks again.',
    ].filter((line) => line !== ''),
  };
}

function rangeText(interval: Interval | null, show: Show): string {
  if (interval === null) return NOTHING;
  return `${signedEnd(interval[0], show)}..${signedEnd(interval[1], show)}`;
}
