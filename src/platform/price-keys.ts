/** Every price that a bill may state, in the unit in which it is published: what it is for, and how much of it. */
import { divide, type Exact, exact } from '../base/decimal.ts';
import { US_PER_MONTH, US_PER_S } from '../base/units.ts';

/** What is paid for, in the unit in which free tiers and tiers count it; GB are 10^9 bytes, memory is GiB. */
export const RESOURCES = [
  'gpuSeconds',
  'coreSeconds',
  'giBSeconds',
  'replicaSeconds',
  'requests',
  'inputTokens',
  'cachedTokens',
  'outputTokens',
  'gbOut',
  'gbIn',
  'gbMonths',
] as const;
export type Resource = (typeof RESOURCES)[number];

/** What the time of a replica is paid by. */
export const TIME_RESOURCES = [
  'gpuSeconds',
  'coreSeconds',
  'giBSeconds',
  'replicaSeconds',
] as const satisfies readonly Resource[];

interface PriceKey {
  readonly resource: Resource;
  /** Of a quantity at this price. */
  readonly unit: string;
  /** How many of the resource are one unit. */
  readonly size: number;
}

const MONTH_S = US_PER_MONTH / US_PER_S;

export const PRICE_KEYS = {
  usdPerGpuSecond: { resource: 'gpuSeconds', unit: 'GPU s', size: 1 },
  usdPerGpuMinute: { resource: 'gpuSeconds', unit: 'GPU min', size: 60 },
  usdPerGpuHour: { resource: 'gpuSeconds', unit: 'GPU h', size: 3600 },
  usdPerGpuMonth: { resource: 'gpuSeconds', unit: 'GPU months', size: MONTH_S },
  usdPerCoreSecond: { resource: 'coreSeconds', unit: 'core s', size: 1 },
  usdPerCoreMinute: { resource: 'coreSeconds', unit: 'core min', size: 60 },
  usdPerCoreHour: { resource: 'coreSeconds', unit: 'core h', size: 3600 },
  usdPerCoreMonth: { resource: 'coreSeconds', unit: 'core months', size: MONTH_S },
  usdPerGiBSecond: { resource: 'giBSeconds', unit: 'GiB s', size: 1 },
  usdPerGiBMinute: { resource: 'giBSeconds', unit: 'GiB min', size: 60 },
  usdPerGiBHour: { resource: 'giBSeconds', unit: 'GiB h', size: 3600 },
  usdPerGiBMonth: { resource: 'giBSeconds', unit: 'GiB months', size: MONTH_S },
  usdPerReplicaSecond: { resource: 'replicaSeconds', unit: 'replica s', size: 1 },
  usdPerReplicaMinute: { resource: 'replicaSeconds', unit: 'replica min', size: 60 },
  usdPerReplicaHour: { resource: 'replicaSeconds', unit: 'replica h', size: 3600 },
  usdPerReplicaMonth: { resource: 'replicaSeconds', unit: 'replica months', size: MONTH_S },
  usdPerRequest: { resource: 'requests', unit: 'requests', size: 1 },
  usdPerMillionRequests: { resource: 'requests', unit: 'million requests', size: 1e6 },
  usdPerMillionInputTokens: { resource: 'inputTokens', unit: 'million tokens', size: 1e6 },
  usdPerMillionCachedTokens: { resource: 'cachedTokens', unit: 'million tokens', size: 1e6 },
  usdPerMillionOutputTokens: { resource: 'outputTokens', unit: 'million tokens', size: 1e6 },
  usdPerGbOut: { resource: 'gbOut', unit: 'GB', size: 1 },
  usdPerGbIn: { resource: 'gbIn', unit: 'GB', size: 1 },
  usdPerGbMonth: { resource: 'gbMonths', unit: 'GB months', size: 1 },
} as const satisfies Readonly<Record<string, PriceKey>>;

export type PriceName = keyof typeof PRICE_KEYS;
export type PriceNameOf<R extends Resource> = {
  [Key in PriceName]: (typeof PRICE_KEYS)[Key]['resource'] extends R ? Key : never;
}[PriceName];

const PRICE_NAMES = Object.keys(PRICE_KEYS) as readonly PriceName[];

/** Some of the keys of a block that has prices. */
export type Priced = { readonly [Key in PriceName]?: number | undefined };

/** An exact price and the unit in which a line shows its quantity. */
export interface Price {
  readonly usdPerUnit: Exact;
  readonly unit: string;
  /** Units for one of the resource: 1 / 3600 GPU h for a GPU second. */
  readonly unitsPerResource: Exact;
}

export function namesOf<R extends Resource>(...resources: readonly R[]): readonly PriceNameOf<R>[] {
  return PRICE_NAMES.filter((name) =>
    resources.some((resource) => PRICE_KEYS[name].resource === resource),
  ) as unknown as readonly PriceNameOf<R>[];
}

/** The price that a block states for a resource, or null; a checked block states one at most. */
export function priceIn(block: Priced, resource: Resource): Price | null {
  for (const name of namesOf(resource)) {
    const usd = block[name];
    if (usd === undefined) continue;
    const { unit, size } = PRICE_KEYS[name];
    return { usdPerUnit: exact(usd), unit, unitsPerResource: divide(exact(1n), exact(size)) };
  }
  return null;
}

/** Of the figures of a bill, by their last key or the one before it. */
export const BILLING_UNITS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    PRICE_NAMES.map((name) => [
      name,
      `USD/${PRICE_KEYS[name].unit.replace(/(?<=^request| month)s$/, '')}`,
    ]),
  ),
  ...Object.fromEntries(RESOURCES.map((resource) => [resource, `${resource} a month`])),
  times: 'times the price',
  usdPerMonth: 'USD/month',
  creditUsdPerMonth: 'USD/month',
  commitmentUsdPerMonth: 'USD/month',
};
