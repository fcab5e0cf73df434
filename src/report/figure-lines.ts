/** Figures of the catalogue, a line each, with what they rest on; sources are numbered and named below. */
import { type Figure, shownValue } from '../platform/catalogue.ts';
import { GRADES } from '../platform/schema.ts';
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

/** @param isStale which of them are old enough to be checked */
export function figureLines(
  figures: readonly Figure[],
  style: Style = PLAIN,
  isStale: (figure: Figure) => boolean = () => false,
): readonly string[] {
  const sources = [...new Set(figures.map(({ source }) => source))];
  const rows = figures.map((figure) => [
    harmless(figure.path),
    harmless(withUnit(figure), 48),
    figure.grade,
    isStale(figure) ? `${figure.date} old` : figure.date,
    `[${sources.indexOf(figure.source) + 1}]`,
  ]);
  const [head, ...body] = table(COLUMNS, rows);
  const notes = figures.flatMap(({ path, note, alternatives }) => {
    const others = alternatives?.map(shownValue).map((value) => value || 'none');
    const told = [note, others && `may be ${others.join(' or ')}`].filter(Boolean).join('; ');
    return told === '' ? [] : [wrapped(`  ${harmless(path)}: ${harmless(told, 500)}`, 4)];
  });
  return [
    style.dim(head!),
    ...body.map((line, i) =>
      figures[i]!.grade === 'documented' && !isStale(figures[i]!) ? line : style.warn(line),
    ),
    ...(notes.length > 0 ? ['', 'Notes', ...notes] : []),
    '',
    'Sources',
    ...sources.map((source, i) => wrapped(`  [${i + 1}] ${harmless(source, 400)}`, 6)),
  ];
}

/** `1 replica`, `2 replicas`, `none` */
function withUnit({ value, unit }: Figure): string {
  const text = String(value);
  if (text === '') return 'none';
  if (unit === null) return text;
  return `${text} ${value === 1 && /^[A-Za-z]{2,}s$/.test(unit) ? unit.slice(0, -1) : unit}`;
}

/** The grade that a whole of figures has: the weakest of them. */
export function weakestGrade(figures: readonly Pick<Figure, 'grade'>[]): string {
  const weakest = Math.max(0, ...figures.map(({ grade }) => GRADES.indexOf(grade)));
  return GRADES[weakest]!;
}
