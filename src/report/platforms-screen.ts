/** The catalogue on a screen: what there is, and what each figure of a platform rests on. */
import type { Catalogue, Platform } from '../platform/catalogue.ts';
import { figureLines } from './figure-lines.ts';
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

/** Every figure of one platform. */
export function platformScreen(
  { id, name, description, figures }: Pick<Platform, 'id' | 'name' | 'description' | 'figures'>,
  style: Style = PLAIN,
): string {
  return [
    style.bold(`${harmless(name)} (${id})`),
    wrapped(harmless(description, 1000)),
    '',
    ...figureLines(figures, style),
  ].join('\n');
}
