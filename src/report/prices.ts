/** How old the prices are that a study's cost rests on. */
import { type Catalogue, type Figure, type Platform, priceAgeDays } from '../platform/catalogue.ts';
import { namesOf } from '../platform/price-keys.ts';
import { pricesOf, STALE_AFTER_DAYS, stalePrices } from '../platform/prices.ts';
import { poolsOf } from '../study/fleet-section.ts';
import { isMap, type Json } from '../study/json.ts';
import { getAt, parseKeyPath } from '../study/key-path.ts';
import type { LoadedStudy } from '../study/study.ts';
import { counted } from './numbers.ts';
import { wrapped } from './text.ts';

/**
 * One line a platform that the study names, itself, in its grid or in the reference rows; none where its own price is given.
 * @param references the studies that stand beside it, each with a price and pools of its own
 * @param today `2026-11-21`
 * @param which all, or those alone that rest on an old price
 */
export function priceLines(
  {
    study,
    kinds,
    references = [],
  }: Pick<LoadedStudy, 'study' | 'kinds'> & { readonly references?: readonly Json[] },
  catalogue: Catalogue,
  today: string,
  which: 'all' | 'stale' = 'all',
): string[] {
  const isUnpriced = (map: Json) =>
    !namesOf('replicaSeconds').some((name) => getAt(map, ['billing', name]) !== undefined);
  const studies = [study, ...references].filter(isUnpriced);
  const rows = isUnpriced(study) ? kinds : [];
  const every = (path: string): unknown[] => [
    ...studies.map((map) => getAt(map, parseKeyPath(path))),
    ...rows.map(({ overrides }) => overrides[path]),
  ];
  // Pools name theirs where they stand.
  const pools = rows
    .flatMap(({ compiled }) => (compiled.fleet === null ? [] : poolsOf(compiled)))
    .map(({ platform, billing }) => ({ platform: platform?.id, gpu: billing?.gpu ?? undefined }));
  const referencePools = references.flatMap((map) => {
    const list = getAt(map, ['deployment', 'pools']);
    return (Array.isArray(list) ? (list as readonly Json[]) : []).filter(isMap);
  });
  const named = [...pools, ...referencePools];
  const allGpus = [...every('deployment.gpu'), ...named.map(({ gpu }) => gpu)];
  const gpus = [...new Set(allGpus)].map((gpu) => (gpu === undefined ? '' : String(gpu)));
  const ids = [...every('deployment.platform'), ...named.map(({ platform }) => platform)];
  return [...new Set(ids)].flatMap((id) => {
    const platform = catalogue.get(String(id));
    if (platform === undefined) return [];
    const isPaid = (figure: Figure): boolean =>
      figure.value !== 0 && isChosen(figure, [...every('billing.plan'), ...every('billing.kind')]);
    const used = new Set(gpus.flatMap((gpu) => pricesOf(platform, gpu)).filter(isPaid));
    const stale = new Set(gpus.flatMap((gpu) => stalePrices(platform, gpu, today)).filter(isPaid));
    return used.size === 0 || (which === 'stale' && stale.size === 0)
      ? []
      : [priceLine(platform, [...used], stale.size, today)];
  });
}

/** Of plans and kinds of price those count that the study names. */
function isChosen({ path }: Figure, chosen: readonly unknown[]): boolean {
  const [, table, name] = path.split('.');
  return !['plans', 'kinds'].includes(table!) || chosen.includes(name);
}

function priceLine(
  { name, id }: Platform,
  used: readonly Figure[],
  stale: number,
  today: string,
): string {
  const oldest = used.toSorted((a, b) => (a.date < b.date ? -1 : 1))[0]!;
  const age = counted(Math.max(0, priceAgeDays(oldest, today)), 'day');
  const mark =
    stale === 0
      ? ''
      : `; ${counted(stale, 'price')} more than ${STALE_AFTER_DAYS} days old, check:`;
  return wrapped(
    `Prices: ${name}, ${oldest.date} (${age} old, ${oldest.grade})${mark === '' ? ':' : mark} coldfront platforms ${id}`,
    2,
  );
}
