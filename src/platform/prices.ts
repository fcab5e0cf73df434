/** Which figures of a platform are prices, and which of them are old. Today's date is given: nothing here has a clock. */
import { type Figure, type Platform, priceAgeDays } from './catalogue.ts';
import { PRICE_KEYS, type PriceName, TIME_RESOURCES } from './price-keys.ts';

/** A price that was read longer ago is marked wherever it is used: platforms move theirs every few months. */
export const STALE_AFTER_DAYS = 60;

/** Keys of a bill that are prices beside those that say so by their unit. */
const OTHER_PRICES = [
  'times',
  'usdPerMonth',
  'creditUsdPerMonth',
  'commitmentUsdPerMonth',
  'regions',
  'tiers',
  'freeTier',
];

/** Whether a figure says what something costs, rather than how it is counted. */
export function isPrice({ path }: Pick<Figure, 'path'>): boolean {
  const [section, ...keys] = path.split('.');
  return (
    section === 'billing' &&
    keys.some((key) => Object.hasOwn(PRICE_KEYS, key) || OTHER_PRICES.includes(key))
  );
}

/**
 * The prices of a platform that a deployment on this GPU may pay.
 * @param gpu null for those of all GPUs
 */
export function pricesOf(
  { figures }: Pick<Platform, 'figures'>,
  gpu: string | null,
): readonly Figure[] {
  return figures.filter((figure) => {
    const keys = figure.path.split('.');
    const table = keys.indexOf('gpus');
    const isOther = gpu !== null && table >= 0 && keys[table + 1] !== gpu;
    return isPrice(figure) && !isOther;
  });
}

/** What a study chooses among the prices of a platform. */
export interface PaidChoice {
  readonly gpu: string | null;
  readonly model: string | null;
  readonly region: string | null;
  readonly plan: string | null;
  readonly kind: string | null;
  readonly hasCores: boolean;
  readonly hasMemory: boolean;
  readonly hasFloor: boolean;
  /** Whether the study has a price of its own for a replica: then the platform's for time are none of its. */
  readonly hasOwnPrice: boolean;
}

/** Whether the bill of such a study rests on the figure at this path of a platform. */
export function isPaid(path: readonly string[], choice: PaidChoice): boolean {
  const [section, key] = path;
  if (section !== 'billing') return false;
  const tables = [
    ['gpus', choice.gpu],
    ['models', choice.model],
    ['regions', choice.region],
    ['plans', choice.plan],
    ['kinds', choice.kind],
  ] as const;
  for (const [table, chosen] of tables) {
    const at = path.indexOf(table);
    if (at >= 0 && path[at + 1] !== chosen) return false;
  }
  const isTime = path.some((part) => ['gpus', 'regions', 'alwaysOn', 'kinds'].includes(part));
  const resource = PRICE_KEYS[path.at(-1) as PriceName]?.resource;
  if (choice.hasOwnPrice && (isTime || TIME_RESOURCES.some((timed) => timed === resource)))
    return false;
  if (key === 'alwaysOn' && !choice.hasFloor) return false;
  if (resource === 'coreSeconds') return choice.hasCores;
  return resource === 'giBSeconds' ? choice.hasMemory : true;
}

/** @param date today's, as `2026-11-21` */
export function isStalePrice(figure: Figure, date: string): boolean {
  return isPrice(figure) && priceAgeDays(figure, date) > STALE_AFTER_DAYS;
}

/**
 * Those that are more than 60 days old, the oldest first.
 * @param date today's, as `2026-11-21`
 */
export function stalePrices(
  platform: Pick<Platform, 'figures'>,
  gpu: string | null,
  date: string,
): readonly Figure[] {
  return pricesOf(platform, gpu)
    .filter((figure) => isStalePrice(figure, date))
    .toSorted((a, b) => priceAgeDays(b, date) - priceAgeDays(a, date));
}
