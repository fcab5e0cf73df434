/** The catalogue on a screen: what there is, and what each figure of a platform rests on. */
import type { Catalogue, Platform } from '../platform/catalogue.ts';
import { STALE_AFTER_DAYS, stalePrices } from '../platform/prices.ts';
import { GRADES } from '../platform/schema.ts';
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
    { head: 'third-party' },
    { head: 'inferred' },
    { head: 'unverified' },
    { head: 'dated', align: LEFT },
    { head: 'GPUs', align: LEFT },
  ];
  const rows = [...catalogue.values()].map(({ id, name, figures, gpus }) => [
    id,
    harmless(name, 60),
    String(figures.length),
    ...GRADES.map((grade) => String(figures.filter((figure) => figure.grade === grade).length)),
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

/**
 * Every figure of one platform.
 * @param today `2026-11-21`, to mark old prices; null marks none
 */
export function platformScreen(
  { id, name, description, figures }: Pick<Platform, 'id' | 'name' | 'description' | 'figures'>,
  style: Style = PLAIN,
  today: string | null = null,
): string {
  const stale = new Set(today === null ? [] : stalePrices({ figures }, null, today));
  return [
    style.bold(`${harmless(name)} (${id})`),
    wrapped(harmless(description, 1000)),
    '',
    ...figureLines(figures, style, (figure) => stale.has(figure)),
    ...(stale.size === 0 ? [] : ['', style.warn(staleLine(stale.size))]),
  ].join('\n');
}

function staleLine(stale: number): string {
  return `! ${counted(stale, 'price')} more than ${STALE_AFTER_DAYS} days old, marked old: check before use`;
}
