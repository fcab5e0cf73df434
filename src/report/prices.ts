/** How old the prices are that a study's cost rests on. */
import { type Catalogue, type Figure, priceAgeDays } from '../platform/catalogue.ts';
import { getAt, parseKeyPath } from '../study/key-path.ts';
import type { LoadedStudy } from '../study/study.ts';
import { counted } from './numbers.ts';
import { wrapped } from './text.ts';

/**
 * One line a platform that the study names, itself or in its grid; none where it gives its own price.
 * @param today `2026-11-21`
 */
export function priceLines(
  { study, points }: Pick<LoadedStudy, 'study' | 'points'>,
  catalogue: Catalogue,
  today: string,
): string[] {
  if (getAt(study, ['billing', 'usdPerReplicaHour']) !== undefined) return [];
  const every = (path: string): unknown[] => [
    getAt(study, parseKeyPath(path)),
    ...points.map(({ overrides }) => overrides[path]),
  ];
  const gpus = new Set(every('deployment.gpu'));
  return [...new Set(every('deployment.platform'))].flatMap((id) => {
    const platform = catalogue.get(String(id));
    if (platform === undefined) return [];
    const used = platform.figures.filter(({ path }) => isPrice(path, gpus));
    return used.length === 0 ? [] : [priceLine(platform.name, platform.id, used, today)];
  });
}

function isPrice(path: string, gpus: ReadonlySet<unknown>): boolean {
  const [section, key, gpu] = path.split('.');
  return section === 'billing' && key === 'gpus' && gpus.has(gpu);
}

function priceLine(name: string, id: string, used: readonly Figure[], today: string): string {
  const oldest = used.toSorted((a, b) => (a.date < b.date ? -1 : 1))[0]!;
  const age = counted(Math.max(0, priceAgeDays(oldest, today)), 'day');
  return wrapped(
    `Prices: ${name}, ${oldest.date} (${age} old, ${oldest.grade}): coldfront platforms ${id}`,
    2,
  );
}
