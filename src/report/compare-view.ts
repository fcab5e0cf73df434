/** What a comparison says, before it is laid out: the same sentences and tables for a terminal and for a pull request. */
import type { CompareDocument, CompareRow } from '../study/compare-document.ts';
import { groupBy } from '../study/group.ts';
import { costChange, costText, type NameOf, namesOf } from './compare-names.ts';
import { compareSentences, underHeadline } from './compare-sentences.ts';
import { comparedTable, differenceTable, type ViewTable } from './compare-table.ts';
import { intervalText, pointsText, SHOWN, shareText, signed } from './difference-text.ts';
import { monthUsd } from './month.ts';
import { dollars, relative, seconds } from './numbers.ts';
import { harmless } from './text.ts';
import { rowName, valueText, wordsOf } from './varied.ts';

export interface ViewList {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

export interface CompareView {
  readonly tone: 'good' | 'bad' | 'plain';
  readonly headline: string;
  /** What nobody should miss. */
  readonly under: readonly string[];
  /** Today's -> recommended, key by key, then what that changes. */
  readonly changes: ViewList;
  readonly sentences: readonly string[];
  readonly refused: ViewList;
  readonly table: ViewTable;
  readonly differences: ViewTable;
  readonly leftOut: ViewList;
  readonly notes: readonly string[];
}

export function compareView(document: CompareDocument): CompareView {
  const nameOf = namesOf(document);
  return {
    ...headlineOf(document, nameOf),
    under: underHeadline(document, nameOf),
    changes: { title: '', rows: changeRows(document) },
    sentences: compareSentences(document, nameOf),
    refused: refusedOf(document, nameOf),
    table: comparedTable(document, nameOf),
    differences: differenceTable(document, nameOf),
    leftOut: leftOutOf(document),
    notes: document.notes,
  };
}

function headlineOf(
  document: CompareDocument,
  nameOf: NameOf,
): Pick<CompareView, 'tone' | 'headline'> {
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
      if (row!.result.cost === null && rows.some(({ result }) => result.cost !== null)) {
        const headline = `No answer: of what has a price nothing meets the objectives, and what runs today has none: ${nameOf(row!)}   ${figures}`;
        return { tone: 'bad', headline };
      }
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

function monthText({ result }: CompareRow): string {
  return result.cost === null ? '' : `${dollars(monthUsd(result))}/month`;
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
    const isMonth = path === 'cost.usdPerMonth';
    // What is shown may be of whole weeks: the difference is of what is shown.
    const value = isMonth && a !== null && b !== null ? b - a : difference.value;
    const change = `${signed(value, isShare ? pointsText : show)}${share === null ? '' : ` (${share})`}`;
    const interval = isMonth ? '' : intervalText(difference, isShare ? pointsText : show);
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

function refusedOf({ conclusion, rows }: CompareDocument, nameOf: NameOf): ViewList {
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
