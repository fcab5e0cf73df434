/** A study's `billing` over its platform's, key by key; a price replaces whatever other spelling of it stands below. */
import type { Billing } from './billing-terms.ts';
import {
  namesOf,
  PRICE_KEYS,
  type PriceName,
  priceIn,
  RESOURCES,
  type Resource,
} from './price-keys.ts';
import { isMap } from './schema.ts';

type Block = Readonly<Record<string, unknown>>;

/** A study's price of a whole replica: then no price of its parts holds, nor what the platform asks for the floor. */
export function hasOwnReplicaPrice(study: Billing | null): boolean {
  return ownPrices(study).includes('replicaSeconds');
}

/** What the study itself has a price for, whatever the GPU and wherever it is. */
export function ownPrices(study: Billing | null): readonly Resource[] {
  if (study === null) return [];
  return RESOURCES.filter((resource) => priceIn(study, resource) !== null);
}

export function billOver(platform: Billing, study: Billing | null): Billing {
  if (study === null) return platform;
  const merged = over(platform, study as Block, false) as Billing;
  if (!hasOwnReplicaPrice(study)) return merged;
  const { alwaysOn: _, ...rest } = merged;
  return study.alwaysOn === undefined ? rest : { ...rest, alwaysOn: study.alwaysOn };
}

/** @param isGpu whether the block is the price of one GPU: per GPU and per replica exclude each other there */
function over(below: Block, above: Block, isGpu: boolean): Block {
  const merged: Record<string, unknown> = { ...below };
  for (const key of Object.keys(above)) {
    if (above[key] === undefined) continue;
    for (const other of sameAs(key, isGpu)) delete merged[other];
  }
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const inner = below[key];
    merged[key] =
      isMap(inner) && isMap(value)
        ? key === 'gpus'
          ? gpusOver(inner, value)
          : over(inner, value, false)
        : value;
  }
  return merged;
}

function gpusOver(below: Block, above: Block): Block {
  const merged: Record<string, unknown> = { ...below };
  for (const [gpu, price] of Object.entries(above)) {
    const inner = Object.hasOwn(below, gpu) ? below[gpu] : undefined;
    merged[gpu] = isMap(inner) && isMap(price) ? over(inner, price, true) : price;
  }
  return merged;
}

/** The spellings of one price: per second, per hour, per million. */
function sameAs(key: string, isGpu: boolean): readonly string[] {
  if (!Object.hasOwn(PRICE_KEYS, key)) return [];
  const { resource } = PRICE_KEYS[key as PriceName];
  return isGpu ? namesOf('gpuSeconds', 'replicaSeconds') : namesOf(resource);
}
