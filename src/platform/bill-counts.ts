/** What a bill counts beside metered time: the floor's replicas, tokens, requests, bytes in and out, storage. */
import { divide, exact, isZero } from '../base/decimal.ts';
import { US_PER_MONTH } from '../base/units.ts';
import type { MeterRule } from '../engine/scenario.ts';
import type { BillingInput } from './billing-input.ts';
import { type Count, type Counted, type Covered, RESOURCE_LINE } from './billing-plan.ts';
import { type Billing, type BillingCard, type OtherCard, pricesTime } from './billing-terms.ts';
import { type Price, priceIn, type Resource } from './price-keys.ts';
import {
  type Holding,
  type Multiplier,
  multiplied,
  type Report,
  resolved,
  timeRates,
} from './rates.ts';

const ONE = exact(1n);
const MONTH_US = exact(US_PER_MONTH);
const BYTES_PER_GB = exact(1e9);

/** The price list that holds: the bill's own, or that of its kind. */
export interface CurrentPrices {
  readonly card: BillingCard;
  readonly multiplier: Multiplier;
  /** Whether the free tier and the tiers are for these prices. */
  readonly isTiered: boolean;
}

/** Paid by count: min x time, or what of it is idle, whatever the replicas that the floor is made of. */
export function alwaysOnCounts(
  alwaysOn: NonNullable<Billing['alwaysOn']>,
  main: MeterRule,
  prices: CurrentPrices,
  holding: Holding,
  report: Report,
): { readonly covered: Covered; readonly counts: readonly Count[] } {
  const { time = 'all', running, ...own } = alwaysOn;
  const counts = (line: string, counted: Counted, card: OtherCard, where: string): Count[] =>
    timeCounts(line, counted, card, where, prices, holding, report);
  const standing = time === 'idle' ? 'keptIdle' : 'floor';
  const idleCovered: Covered = main.idle ? 'keptIdle' : 'nothing';
  return {
    covered: time === 'idle' ? idleCovered : main.idle ? 'floor' : 'floorBusy',
    counts: [
      ...counts('always on', standing, own, 'billing.alwaysOn'),
      ...(running ? counts('running', 'floorBusy', running, 'billing.alwaysOn.running') : []),
    ],
  };
}

function timeCounts(
  line: string,
  counted: Counted,
  own: OtherCard,
  where: string,
  prices: CurrentPrices,
  holding: Holding,
  report: Report,
): Count[] {
  const { card, multiplier } = resolved(own, prices.card, prices.multiplier);
  if (!pricesTime(card)) {
    report(where, 'has no price: give one, or times');
    return [];
  }
  const rates = timeRates(card, holding, where, multiplier, report);
  return rates.map(({ resource, perReplicaUs, price }) => ({
    line: rates.length > 1 ? `${line}: ${RESOURCE_LINE[resource]}` : line,
    resource,
    counted,
    perCounted: perReplicaUs,
    price,
    isTiered: false,
  }));
}

/** Input tokens include cached ones: where those have a price, the input meter is what is left. */
export function tokenCounts(
  card: BillingCard,
  { multiplier, isTiered }: CurrentPrices,
  { tokens, platform }: BillingInput,
  report: Report,
): Count[] {
  const input = priceIn(card, 'cachedTokens') === null ? 'inputTokens' : 'freshTokens';
  const kinds = [
    ['inputTokens', input, 'input'],
    ['cachedTokens', 'cachedTokens', 'input'],
    ['outputTokens', 'outputTokens', 'output'],
  ] as const;
  return kinds.flatMap(([resource, counted, needs]) => {
    const price = priceIn(card, resource);
    if (price === null) return [];
    if (tokens !== null && !tokens[needs]) {
      const name = platform?.name ?? 'the bill';
      report(
        'workload',
        `has no ${needs} tokens, and ${name} bills ${RESOURCE_LINE[resource]}: replay a log with them (workload.replay.columns.${needs}Tokens), or give workload.synthesize.tokens.${needs}`,
      );
    }
    const line = RESOURCE_LINE[resource];
    const times = multiplied(price, multiplier(resource));
    return [{ line, resource, counted, perCounted: ONE, price: times, isTiered }];
  });
}

export function requestCounts(
  bill: Billing,
  region: Multiplier,
  input: BillingInput,
  report: Report,
): Count[] {
  const priced = (resource: Resource): Price | null => {
    const price = priceIn(bill, resource);
    const isFree = price === null || isZero(price.usdPerUnit);
    return isFree ? null : multiplied(price, region(resource));
  };
  const counts: Count[] = [];
  const requests = priced('requests');
  if (requests !== null) {
    counts.push({
      line: RESOURCE_LINE.requests,
      resource: 'requests',
      counted: bill.requests ?? 'completed',
      perCounted: ONE,
      price: requests,
      isTiered: true,
    });
  }
  for (const [resource, counted, bytes, key, example] of [
    ['gbOut', 'completed', input.responseBytes, 'responseSize', '20kB'],
    ['gbIn', 'completed', input.requestBytes, 'requestSize', '20kB'],
    ['gbMonths', 'periodUs', input.storageBytes, 'storage', '100GB'],
  ] as const) {
    const price = priced(resource);
    if (price === null) continue;
    const line = RESOURCE_LINE[resource];
    if (resource === 'gbMonths' && storesNothing(bill, input)) continue;
    if (bytes === null) {
      const name = input.platform?.name ?? 'the bill';
      report(
        `deployment.${key}`,
        `is missing: ${name} bills ${line} by the GB: write ${key}: ${example}, or 0B for none`,
      );
      continue;
    }
    const gb = divide(exact(bytes), BYTES_PER_GB);
    const perCounted = counted === 'periodUs' ? divide(gb, MONTH_US) : gb;
    counts.push({ line, resource, counted, perCounted, price, isTiered: true });
  }
  return counts;
}

/** Every request has a size, but not every deployment takes a platform's storage: one that names none has none, with a note. */
export function storesNothing(bill: Billing, { billing, storageBytes }: BillingInput): boolean {
  const price = priceIn(bill, 'gbMonths');
  const isAsked = billing !== null && priceIn(billing, 'gbMonths') !== null;
  return price !== null && !isZero(price.usdPerUnit) && storageBytes === null && !isAsked;
}
