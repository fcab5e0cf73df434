/** What one replica's time costs by a price list: its GPUs, cores and memory, or the replica whole; and what tokens cost. */
import { divide, type Exact, exact, multiply } from '../base/decimal.ts';
import { assert } from '../base/errors.ts';
import { US_PER_S } from '../base/units.ts';
import type { Billing, BillingCard, OtherCard } from './billing-terms.ts';
import { namesOf, type Price, priceIn, type Resource, TIME_RESOURCES } from './price-keys.ts';

export type Report = (path: string, message: string) => void;

/** What the study says that prices depend on. */
export interface Holding {
  /** Of the platform, for messages; null for a bill of the study's own. */
  readonly name: string | null;
  readonly gpu: string | null;
  /** GPUs a replica. */
  readonly gpus: number;
  /** CPU cores a replica, as the platform counts them; null where the study does not say. */
  readonly cores: number | null;
  readonly memoryGiB: number | null;
  readonly model: string | null;
}

/** A price for what a replica holds while its time is paid. */
export interface Rate {
  readonly resource: Resource;
  /** What of the resource one microsecond of a replica is: 8 GPUs are 8e-6 GPU seconds. */
  readonly perReplicaUs: Exact;
  readonly price: Price;
}

/** How prices are multiplied: by region, by kind; `times` of a price list is another. */
export type Multiplier = (resource: Resource) => Exact;

const PARTS = [
  ['coreSeconds', 'cores'],
  ['giBSeconds', 'memoryGiB'],
] as const;

/** How the study names what it holds of a resource. */
const STUDY_KEY = {
  cores: ['deployment.cores', 'CPU', 'write cores: 4'],
  memoryGiB: ['deployment.memory', 'memory', 'write memory: 16GiB'],
} as const;

/**
 * @param where of the prices, for messages: `billing`, `billing.alwaysOn`
 * @returns the rates; none where the list has no price for time
 */
export function timeRates(
  card: BillingCard,
  holding: Holding,
  where: string,
  multiplier: Multiplier,
  report: Report,
): readonly Rate[] {
  const rate = (resource: Resource, amount: Exact, price: Price): Rate => ({
    resource,
    perReplicaUs: divide(amount, exact(US_PER_S)),
    price: multiplied(price, multiplier(resource)),
  });
  const whole = priceIn(card, 'replicaSeconds');
  if (whole !== null) return [rate('replicaSeconds', exact(1n), whole)];
  const rates: Rate[] = [];
  const gpu = priceIn(card, 'gpuSeconds');
  const needsGpu = gpu !== null || card.gpus !== undefined;
  if (gpu !== null) rates.push(rate('gpuSeconds', exact(holding.gpus), gpu));
  else if (card.gpus !== undefined) {
    const entry = gpuOf(card.gpus, holding, where, report);
    const perReplica = entry && priceIn(entry, 'replicaSeconds');
    const perGpu = entry && priceIn(entry, 'gpuSeconds');
    if (perReplica) rates.push(rate('replicaSeconds', exact(1n), perReplica));
    if (perGpu) rates.push(rate('gpuSeconds', exact(holding.gpus), perGpu));
  }
  for (const [resource, part] of PARTS) {
    const price = priceIn(card, resource);
    // Where there is no rate, the GPU's price includes it.
    if (price === null) continue;
    const amount = holding[part];
    if (amount !== null) rates.push(rate(resource, exact(amount), price));
    else if (!needsGpu) {
      const [path, what, mend] = STUDY_KEY[part];
      report(path, `is missing: ${holding.name ?? 'the bill'} bills ${what}: ${mend}`);
    }
  }
  return rates;
}

/** What the platform bills beside the GPU and the study does not name. */
export function unnamedParts(card: BillingCard, holding: Holding): readonly string[] {
  if (priceIn(card, 'replicaSeconds') !== null) return [];
  return PARTS.filter(
    ([resource, part]) => priceIn(card, resource) !== null && holding[part] === null,
  ).map(([, part]) => STUDY_KEY[part][1]);
}

function gpuOf(
  gpus: NonNullable<BillingCard['gpus']>,
  { name, gpu, gpus: count }: Holding,
  where: string,
  report: Report,
): NonNullable<BillingCard['gpus']>[string] | null {
  assert(Number.isInteger(count) && count > 0, `${count} GPUs a replica`);
  const price = own(gpus, gpu);
  const platform = name ?? 'the bill';
  if (price === undefined) {
    const there = Object.keys(gpus).join(', ') || 'none';
    const what = gpu === null ? 'is missing' : `${gpu} has no price`;
    const list = where === 'billing' ? platform : `${where} of ${platform}`;
    report('deployment.gpu', `${what}: ${list} has ${there}; or give ${where}.usdPerReplicaHour`);
    return null;
  }
  const sizes = price.gpusPerReplica;
  if (sizes !== undefined && !sizes.includes(count)) {
    report(
      'deployment.gpus',
      `must be ${sizes.join(' or ')} for ${gpu} at ${platform}, is ${count}`,
    );
  }
  return price;
}

/** The token prices of a bill: those of the study's model, or those that hold for any. */
export function tokenCard(card: BillingCard, holding: Holding, report: Report): BillingCard | null {
  if (namesOf('inputTokens', 'outputTokens').some((name) => card[name] !== undefined)) return card;
  if (card.models === undefined) return null;
  const { model, name } = holding;
  const prices = own(card.models, model);
  if (prices !== undefined) return prices;
  const there = Object.keys(card.models).join(', ');
  const what = model === null ? 'is missing' : `${model} has no price`;
  report(
    'deployment.model',
    `${what}: ${name ?? 'the bill'} has ${there}; or give billing.usdPerMillionInputTokens and usdPerMillionOutputTokens`,
  );
  return null;
}

/** A list with prices of its own stands alone; `times` is a share of the bill's. */
export function resolved(
  card: OtherCard,
  base: BillingCard,
  multiplier: Multiplier,
): { readonly card: BillingCard; readonly multiplier: Multiplier } {
  const { times } = card;
  if (times === undefined) return { card, multiplier };
  return { card: base, multiplier: (resource) => multiply(exact(times), multiplier(resource)) };
}

export function multiplied(price: Price, factor: Exact): Price {
  return { ...price, usdPerUnit: multiply(price.usdPerUnit, factor) };
}

/** @param owned what the study has prices of its own for: they are what they are in every region */
export function regionMultiplier(
  bill: Billing,
  name: string | null,
  region: string | null,
  owned: readonly Resource[],
  report: Report,
): Multiplier {
  const one: Multiplier = () => exact(1n);
  if (region === null || name === null) return one;
  const factor = own(bill.regions ?? {}, region);
  const on: readonly Resource[] = bill.regionOn ?? TIME_RESOURCES;
  if (factor === undefined) {
    if (owned.includes('replicaSeconds') || owned.includes('gpuSeconds')) return one;
    const there = Object.keys(bill.regions ?? {}).join(', ');
    const mend =
      there === '' ? 'its price is the same everywhere, leave the key out' : `there are ${there}`;
    report('deployment.region', `${region} is no region of ${name}: ${mend}`);
    return one;
  }
  return (resource) =>
    on.includes(resource) && !owned.includes(resource) ? exact(factor) : exact(1n);
}

/** Keys come from a user: `toString` is no GPU. */
export function own<Value>(
  table: Readonly<Record<string, Value>>,
  key: string | null,
): Value | undefined {
  return key !== null && Object.hasOwn(table, key) ? table[key] : undefined;
}
