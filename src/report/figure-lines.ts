/** Figures of the catalogue, a line each, with what they rest on; sources are numbered and named below. */
import { type Figure, shownValue } from '../platform/catalogue.ts';
import { type Column, table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

const LEFT = 'left';
const COLUMNS: readonly Column[] = [
  { head: 'figure', align: LEFT },
  { head: 'value', align: LEFT },
  { head: 'grade', align: LEFT },
  { head: 'date', align: LEFT },
  { head: 'source' },
];

export function figureLines(figures: readonly Figure[], style: Style = PLAIN): readonly string[] {
  const sources = [...new Set(figures.map(({ source }) => source))];
  const rows = figures.map(({ path, value, unit, grade, date, source }) => [
    harmless(path),
    harmless([String(value), unit ?? ''].join(' ').trim(), 48),
    grade,
    date,
    `[${sources.indexOf(source) + 1}]`,
  ]);
  const [head, ...body] = table(COLUMNS, rows);
  const notes = figures.flatMap(({ path, note, alternatives }) => {
    const others = alternatives?.map(shownValue).map((value) => value || 'none');
    const told = [note, others && `may be ${others.join(' or ')}`].filter(Boolean).join('; ');
    return told === '' ? [] : [wrapped(`  ${harmless(path)}: ${harmless(told, 500)}`, 4)];
  });
  return [
    style.dim(head!),
    ...body.map((line, i) => (figures[i]!.grade === 'documented' ? line : style.warn(line))),
    ...(notes.length > 0 ? ['', 'Notes', ...notes] : []),
    '',
    'Sources',
    ...sources.map((source, i) => wrapped(`  [${i + 1}] ${harmless(source, 400)}`, 6)),
  ];
}

const GRADES_FROM_BEST = ['documented', 'third-party', 'inferred', 'unverified'] as const;

/** The grade that a whole of figures has: the weakest of them. */
export function weakestGrade(figures: readonly Pick<Figure, 'grade'>[]): string {
  const weakest = Math.max(0, ...figures.map(({ grade }) => GRADES_FROM_BEST.indexOf(grade)));
  return GRADES_FROM_BEST[weakest]!;
}
