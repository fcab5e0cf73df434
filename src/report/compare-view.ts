/** What a comparison says, before it is laid out: the same sentences and tables for a terminal and for a pull request. */
import type {
  Caveat,
  CompareDocument,
  CompareRow,
  Conclusion,
  DeploymentKind,
  Difference,
  ReferenceKind,
} from '../study/compare-document.ts';
import type { Interval } from '../study/document.ts';
import { groupBy } from '../study/group.ts';
import {
  counted,
  dollars,
  dollarsBare,
  dollarsPerHour,
  NOTHING,
  percentBare,
  relative,
  seconds,
  significant,
} from './numbers.ts';
import { harmless } from './text.ts';
import { rowName, valueText, wordsOf } from './varied.ts';

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

export interface ViewList {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

export interface CompareView {
  readonly tone: 'good' | 'bad' | 'plain';
  readonly headline: string;
  /** Today's -> recommended, key by key, then what that changes. */
  readonly changes: ViewList;
  readonly sentences: readonly string[];
  readonly refused: ViewList;
  readonly table: ViewTable;
  readonly differences: ViewTable;
  readonly leftOut: ViewList;
  readonly notes: readonly string[];
}

const KIND_WORDS: Readonly<Record<DeploymentKind, string>> = {
  serverless: 'serverless',
  dedicated: 'dedicated',
  hybrid: 'hybrid',
  api: 'a per-token API',
};

export function compareView(document: CompareDocument): CompareView {
  const { conclusion } = document;
  return {
    ...headlineOf(document),
    changes: { title: '', rows: changeRows(document) },
    sentences: [
      kindSentence(document),
      referenceSentence(document),
      disputeSentence(document),
      confirmationSentence(conclusion),
      confidenceSentence(document),
      gateSentence(document),
    ].filter((line) => line !== ''),
    refused: refusedOf(document),
    table: tableOf(document),
    differences: differenceTable(document),
    leftOut: leftOutOf(document),
    notes: document.notes,
  };
}

/** `modal a10g, min 1`: a platform and a GPU are known by their names. */
export function nameOf({ label, vary, candidate }: CompareRow, length = 60): string {
  if (label !== null && !candidate) return harmless(label, length);
  const bare = ['deployment.platform', 'deployment.gpu'].flatMap((path) =>
    typeof vary[path] === 'string' ? [String(vary[path])] : [],
  );
  const rest = Object.fromEntries(
    Object.entries(vary).filter(
      ([path, value]) => !/^deployment\.(platform|gpu)$/.test(path) && value !== null,
    ),
  );
  const settings = Object.keys(rest).length === 0 ? '' : rowName(rest);
  const parts = [bare.join(' '), settings].filter((part) => part !== '');
  const name = parts.length === 0 ? 'the study as it is' : parts.join(', ');
  if (label === null) return harmless(name, length);
  return harmless(parts.length === 0 ? label : `${label}: ${name}`, length);
}

function costText({ result: { cost, replicas } }: CompareRow): string {
  return cost === null ? `${significant(replicas.mean)} replicas` : dollarsPerHour(cost.usdPerHour);
}

function headlineOf(document: CompareDocument): Pick<CompareView, 'tone' | 'headline'> {
  const { conclusion, rows } = document;
  const { verdict, recommended } = conclusion;
  const row = recommended === null ? null : rows[recommended]!;
  const figures =
    row === null
      ? ''
      : [costText(row), monthText(row), `p99 ${seconds(row.result.latencyS.p99)}`]
          .filter((part) => part !== '')
          .join('   ');
  switch (verdict) {
    case 'change': {
      const today = rows.find(({ references }) => references.includes('today'))!;
      const why = today.result.slo?.met === false ? ', which breaks its objectives' : '';
      return {
        tone: 'good',
        headline: `Change: ${nameOf(today)}${why}  ->  ${nameOf(row!)}   ${figures}`,
      };
    }
    case 'keep':
      return { tone: 'good', headline: `Keep what you have: ${nameOf(row!)}   ${figures}` };
    case 'choose':
      return {
        tone: 'good',
        headline: `Cheapest within the objectives: ${nameOf(row!)}   ${figures}`,
      };
    case 'none':
      return { tone: 'bad', headline: 'No configuration that was asked for meets the objectives.' };
    case 'unasked':
      return {
        tone: 'plain',
        headline: "No objectives, so no answer: add --slo 'latencyS.p99 <= 5' for one.",
      };
  }
}

function monthText({ result: { cost } }: CompareRow): string {
  return cost === null ? '' : `${dollars(cost.usdPerMonth)}/month`;
}

function changeRows({ conclusion, rows }: CompareDocument): string[][] {
  const { changes, differences, recommended } = conclusion;
  const today = rows.find(({ references }) => references.includes('today'));
  if (differences === null || recommended === null || today === undefined) return [];
  const to = rows[recommended]!;
  const words = wordsOf(changes.map(({ path }) => path));
  const keys = changes.map(({ from, to: value }, i) => [
    words[i]!,
    `${settingText(from)} -> ${settingText(value)}`,
    '',
  ]);
  const figures = SHOWN.flatMap(([name, path, show, of]) => {
    const difference = differences[path];
    if (difference === undefined || difference.value === null) return [];
    const [a, b] = [of(today), of(to)];
    if (a === 0 && b === 0) return [];
    const isShare = show === shareText;
    const share = isShare || a === null || b === null ? null : relative(b, a);
    const change = `${signed(difference.value, isShare ? pointsText : show)}${share === null ? '' : ` (${share})`}`;
    const interval =
      path === 'cost.usdPerMonth' ? '' : intervalText(difference, isShare ? pointsText : show);
    return [
      [
        name,
        `${show(a)} -> ${show(b)}`,
        [change, interval].filter((part) => part !== '').join('   '),
      ],
    ];
  });
  return [...keys, ...figures];
}

function settingText(value: Parameters<typeof valueText>[0] | null): string {
  return value === null ? "the platform's own" : valueText(value);
}

type Show = (value: number | null) => string;

const SHOWN: readonly (readonly [
  name: string,
  path: string,
  show: Show,
  of: (row: CompareRow) => number | null,
])[] = [
  [
    'cost',
    'cost.usdPerHour',
    (usd) => (usd === null ? NOTHING : `${dollars(usd)}/h`),
    ({ result }) => result.cost?.usdPerHour ?? null,
  ],
  [
    '',
    'cost.usdPerMonth',
    (usd) => (usd === null ? NOTHING : `${dollars(usd)}/month`),
    ({ result }) => result.cost?.usdPerMonth ?? null,
  ],
  ['p99', 'latencyS.p99', seconds, ({ result }) => result.latencyS.p99],
  ['cold', 'coldStarts.fraction', shareText, ({ result }) => result.coldStarts.fraction],
  ['failed', 'requests.failedFraction', shareText, ({ result }) => result.requests.failedFraction],
];

function shareText(share: number | null): string {
  return share === null ? NOTHING : `${percentBare(share)} %`;
}

function pointsText(share: number | null): string {
  return share === null ? NOTHING : `${percentBare(share)} points`;
}

function signed(value: number, show: Show): string {
  if (value === 0) return 'the same';
  return value > 0 ? `+${show(value)}` : `-${show(-value)}`;
}

/** `95 % -1.30 .. -1.10`, by luck and by traffic where both are known. */
function intervalText({ ci95, ci95Traffic }: Difference, show: Show): string {
  const ends = ([from, to]: Interval) => `${signedEnd(from, show)} .. ${signedEnd(to, show)}`;
  const parts = [
    ci95 === null ? '' : `95 % ${ends(ci95)}`,
    ci95Traffic === null ? '' : `95 % of such traffic ${ends(ci95Traffic)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function signedEnd(value: number, show: Show): string {
  return value === 0 ? show(0) : signed(value, show);
}

function refusedOf({ conclusion, rows }: CompareDocument): ViewList {
  const { refused, recommended } = conclusion;
  const best = recommended === null ? null : rows[recommended]!;
  const title = best === null ? 'Why not' : 'Cheaper, and refused';
  const shown =
    best === null ? refused.slice(0, MOST_REFUSED) : refused.toReversed().slice(0, MOST_REFUSED);
  const more = refused.length - shown.length;
  return {
    title,
    rows: [
      ...shown.map(({ index, why }) => {
        const row = rows[index]!;
        const change = best === null ? null : costChange(row, best);
        return [
          nameOf(row),
          `${costText(row)}${change === null ? '' : ` (${change})`}`,
          why.join('; '),
        ];
      }),
      ...(more > 0 ? [[`and ${more} more`, '', '']] : []),
    ],
  };
}

const MOST_REFUSED = 5;

function costChange(row: CompareRow, best: CompareRow): string | null {
  const [a, b] = [row.result.cost?.usdPerHour ?? null, best.result.cost?.usdPerHour ?? null];
  return a === null || b === null ? null : relative(a, b);
}

function kindSentence({ kinds: { rows, sure }, rows: all, conclusion }: CompareDocument): string {
  const [first, second, ...others] = rows;
  if (first === undefined || all[first.index]!.result.cost === null) return '';
  const asked = conclusion.verdict === 'unasked' ? '' : ' within the objectives';
  const named = (index: number) => `${nameOf(all[index]!)}, ${costText(all[index]!)}`;
  const lead = `Serverless, dedicated or hybrid: ${KIND_WORDS[first.kind]} (${named(first.index)})`;
  if (second === undefined) return `${lead}; nothing else${asked} was tried.`;
  const beside = [second, ...others].map(({ kind, index, difference }) => {
    const dearer = relative(
      all[index]!.result.cost?.usdPerHour ?? 0,
      all[first.index]!.result.cost?.usdPerHour ?? 0,
    );
    const interval = difference === null ? '' : intervalText(difference, SHOWN[0]![2]);
    return `${KIND_WORDS[kind]} ${dearer ?? 'dearer'} (${[named(index), interval].filter((part) => part !== '').join('; ')})`;
  });
  const how = sure === null ? '' : sure ? ' Sure at 95 %.' : ' Not sure: the interval has 0 in it.';
  return `${lead}; ${beside.join('; ')}.${how}`;
}

function referenceSentence({ conclusion, rows }: CompareDocument): string {
  const [index] = conclusion.cheaperReferences;
  if (index === undefined) return '';
  const row = rows[index]!;
  const best = conclusion.recommended === null ? null : rows[conclusion.recommended]!;
  const change = best === null ? null : costChange(row, best);
  return `Worth a look, a reference row that meets the objectives too: ${nameOf(row)}, ${costText(row)}${change === null ? '' : ` (${change})`}.`;
}

function disputeSentence({ disputed, rows }: CompareDocument): string {
  if (disputed === null) return '';
  const figures = counted(new Set(disputed.map(({ path }) => path)).size, 'disputed figure');
  const turning = disputed.filter(({ holds }) => !holds);
  if (turning.length === 0) {
    return `The answer holds under each of ${counted(disputed.length, 'other value')} that sources give for ${figures}.`;
  }
  const turns = turning.slice(0, 3).map(({ path, value, recommended }) => {
    const then =
      recommended === null ? 'nothing meets the objectives' : `it is ${nameOf(rows[recommended]!)}`;
    return `with ${harmless(path, 60)} at ${valueText(value)} ${then}`;
  });
  const more = turning.length > turns.length ? `, and ${turning.length - turns.length} more` : '';
  return `The answer turns under ${turning.length} of ${counted(disputed.length, 'value')} of ${figures}: ${turns.join('; ')}${more}.`;
}

function confirmationSentence({ confirmations, recommended }: Conclusion): string {
  const held = confirmations?.find(({ index, holds }) => holds && index === recommended);
  return held === undefined ? '' : `Confirmed on ${counted(held.replications, 'fresh seed')}.`;
}

function confidenceSentence({ conclusion: { differences }, rows }: CompareDocument): string {
  const all = differences === null ? rows.map((row) => row.differences) : [differences];
  const isLow = (path: string) =>
    all.some((one) => {
      const { ci95Traffic, lowConfidence, value } = one?.[path] ?? {};
      return lowConfidence === true && ci95Traffic !== null && value !== 0;
    });
  const low = SHOWN.filter(([name, path]) => name !== '' && isLow(path)).map(([name]) => name);
  return low.length === 0
    ? ''
    : `Low confidence in the intervals of such traffic (${low.join(', ')}): fewer than ten blocks of the log saw what they count.`;
}

function gateSentence({ gate: { index, passes, gates }, rows }: CompareDocument): string {
  if (gates.length === 0) return '';
  const of = index === null ? '' : ` (${nameOf(rows[index]!)})`;
  const each = gates.map(
    ({ gate, value, holds }) =>
      `${harmless(gate)} ${holds ? 'holds' : 'fails'} at ${significant(value)}`,
  );
  return `Gate${of}: ${passes ? 'passes' : 'fails'}; ${each.join('; ')}.`;
}

const CODES: Readonly<Record<Caveat['code'], { readonly mark: string; readonly means: string }>> = {
  slots: { mark: 's', means: 'looks faster and cheaper than it may be' },
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
function tableOf(document: CompareDocument): ViewTable {
  const { rows, conclusion, perfectScaler } = document;
  const shown = shownRows(document);
  const failing = rows.some(({ result }) => (result.requests.failedFraction ?? 0) > 0);
  const body = shown.map((row) => [
    nameOf(row, MOST_NAME),
    ...figureCells(row, failing),
    marksOf(row, conclusion.recommended),
  ]);
  const figures = failing ? 8 : 7;
  const bound = (name: string, usd: number | null): string[][] =>
    usd === null || usd < LEAST_USD
      ? []
      : [
          [
            name,
            dollarsBare(usd),
            dollarsBare(usd * 730),
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
    dollarsBare(cost?.usdPerMonth ?? null),
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

function differenceTable(document: CompareDocument): ViewTable {
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

/** One reason is said once, with the first that it is about. */
function leftOutOf({ leftOut, referencesLeftOut }: CompareDocument): ViewList {
  const all = [
    ...leftOut.map(({ vary, reason }) => ({ name: rowName(vary), reason })),
    ...referencesLeftOut.map(({ reference, reason }) => ({ name: reference, reason })),
  ];
  const rows = [...groupBy(all, ({ reason }) => reason)].map(([reason, group]) => {
    const more = group.length - 1;
    const name = `${group[0]!.name}${more > 0 ? `, and ${more} more` : ''}`;
    return [name, harmless(reason, 180)];
  });
  return { title: 'Left out', rows };
}
