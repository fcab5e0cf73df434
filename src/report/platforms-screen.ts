/** The catalogue on a screen: what there is, and what each figure of a platform rests on. */
import type { Catalogue, Platform } from '../platform/catalogue.ts';
import { counted } from './numbers.ts';
import { type Column, table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

const LEFT = 'left';

/** One line a platform. */
export function platformsScreen(catalogue: Catalogue, style: Style = PLAIN): string {
  const columns: Column[] = [
    { head: 'platform', align: LEFT },
    { head: 'name', align: LEFT },
    { head: 'figures' },
    { head: 'documented' },
    { head: 'inferred' },
    { head: 'dated', align: LEFT },
    { head: 'GPUs', align: LEFT },
  ];
  const rows = [...catalogue.values()].map(({ id, name, figures, gpus }) => [
    id,
    harmless(name, 30),
    String(figures.length),
    String(figures.filter(({ grade }) => grade === 'documented').length),
    String(figures.filter(({ grade }) => grade === 'inferred').length),
    datesOf(figures.map(({ date }) => date)),
    counted(gpus.length, 'GPU'),
  ]);
  const [head, ...body] = table(columns, rows);
  return [
    style.dim(head!),
    ...body,
    '',
    'coldfront platforms ID shows every figure with its source, date and grade.',
  ].join('\n');
}

function datesOf(dates: readonly string[]): string {
  const sorted = [...dates].sort();
  const [first, last] = [sorted[0] ?? '', sorted.at(-1) ?? ''];
  return first === last ? first : `${first} .. ${last}`;
}

/** Every figure of one platform; sources are numbered and named below. */
export function platformScreen(
  { id, name, description, figures }: Pick<Platform, 'id' | 'name' | 'description' | 'figures'>,
  style: Style = PLAIN,
): string {
  const sources = [...new Set(figures.map(({ source }) => source))];
  const columns: Column[] = [
    { head: 'figure', align: LEFT },
    { head: 'value', align: LEFT },
    { head: 'grade', align: LEFT },
    { head: 'date', align: LEFT },
    { head: 'source' },
  ];
  const rows = figures.map(({ path, value, unit, grade, date, source }) => [
    harmless(path),
    harmless([String(value), unit ?? ''].join(' ').trim(), 48),
    grade,
    date,
    `[${sources.indexOf(source) + 1}]`,
  ]);
  const [head, ...body] = table(columns, rows);
  const notes = figures.flatMap(({ path, note }) =>
    note === null ? [] : [wrapped(`  ${harmless(path)}: ${harmless(note, 400)}`, 4)],
  );
  return [
    style.bold(`${harmless(name)} (${id})`),
    wrapped(harmless(description, 1000)),
    '',
    style.dim(head!),
    ...body.map((line, i) => (figures[i]!.grade === 'documented' ? line : style.warn(line))),
    ...(notes.length > 0 ? ['', 'Notes', ...notes] : []),
    '',
    'Sources',
    ...sources.map((source, i) => wrapped(`  [${i + 1}] ${harmless(source, 400)}`, 6)),
  ].join('\n');
}
