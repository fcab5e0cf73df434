/**
 * The `billing` block: one schema for what a study writes and for what a platform file says, where each leaf is a figure.
 * The bill's own prices and terms are its main meter; `meters` adds others, `alwaysOn` prices the floor.
 */
import { z } from 'zod';
import {
  namesOf,
  PRICE_KEYS,
  type PriceName,
  type PriceNameOf,
  RESOURCES,
  type Resource,
  TIME_RESOURCES,
} from './price-keys.ts';
import { duration, oneOf, STATES, strict, usd } from './values.ts';

const positive = z.number('must be a number above 0').positive('must be above 0');
const amount = z.number('must be a number of at least 0').nonnegative('must be at least 0');
const share = z.number('must be a factor such as 0.5').nonnegative('must be at least 0');

function prices<R extends Resource>(
  ...resources: readonly R[]
): { readonly [Key in PriceNameOf<R>]: z.ZodOptional<typeof usd> } {
  const shape = Object.fromEntries(namesOf(...resources).map((name) => [name, usd.optional()]));
  return shape as { [Key in PriceNameOf<R>]: z.ZodOptional<typeof usd> };
}

const TOKENS = ['inputTokens', 'cachedTokens', 'outputTokens'] as const;

/** One GPU's price, or that of a replica with it, in the unit in which it is published. */
const gpu = strict({
  ...prices('gpuSeconds', 'replicaSeconds'),
  /** How many GPUs a replica may have; any number where this is left out. */
  gpusPerReplica: z.array(z.int().positive('must be at least 1')).min(1).optional(),
});

/** What the time of a replica costs, and tokens. `times` is for what is a share of the bill's own prices. */
const card = {
  gpus: z.record(z.string(), gpu).optional(),
  models: z.record(z.string(), strict(prices(...TOKENS))).optional(),
  ...prices(...TIME_RESOURCES, ...TOKENS),
};
const otherCard = { ...card, times: share.optional() };

const phaseNames = z.array(z.string());

/** How time is counted, at whatever price. */
const terms = {
  states: z.array(oneOf(STATES), `must be a list of ${STATES.join(', ')}`).optional(),
  startPhases: z
    .union([z.literal('all'), phaseNames, strict({ except: phaseNames })], {
      error: 'must be all, a list of phases, or { except: [phase, ...] }',
    })
    .optional(),
  quantum: duration.optional(),
  scope: oneOf(['replica', 'minute', 'request']).optional(),
  minimum: duration.optional(),
  /** Whether a start that comes to nothing is billed; it is where this is left out. */
  failedStarts: z.boolean('must be true or false').optional(),
};
export const TERMS = ['states', 'startPhases', 'quantum', 'scope', 'minimum'] as const;

function tiersOf<R extends Resource>(resource: R) {
  const tier = strict({ above: amount, ...prices(resource), times: share.optional() });
  return z.array(tier).min(1).optional();
}

const shape = {
  ...card,
  /** What multiplies prices by region, and which: those of time unless `regionOn` says otherwise. */
  regions: z.record(z.string(), positive).optional(),
  regionOn: z.array(oneOf(RESOURCES), `must be a list of ${RESOURCES.join(', ')}`).optional(),
  ...terms,
  ...prices('requests', 'gbOut', 'gbIn', 'gbMonths'),
  /** Which requests the price of a request is for. */
  requests: oneOf(['completed', 'arrived', 'attempts']).optional(),
  /** Further meters: each counts by its own terms, the bill's where it has none, at its own prices or the bill's. */
  meters: z.record(z.string(), strict({ ...terms, ...card })).optional(),
  /** The rate of `replicas.min`, paid by count: all its time, or what of it is idle; and of its work, where that has a rate of its own. */
  alwaysOn: strict({
    time: oneOf(['all', 'idle']).optional(),
    ...otherCard,
    running: strict(otherCard).optional(),
  }).optional(),
  /** Other price lists than on demand: spot, reserved, batch; `kind` chooses one. */
  kinds: z.record(z.string(), strict(otherCard)).optional(),
  kind: z.string().optional(),
  /** Free by the month, in the units of the keys. */
  freeTier: strict(
    Object.fromEntries(RESOURCES.map((resource) => [resource, amount.optional()])) as {
      [R in Resource]: z.ZodOptional<typeof amount>;
    },
  ).optional(),
  /** The price of what a month has beyond so much, in ascending order. */
  tiers: strict({
    gpuSeconds: tiersOf('gpuSeconds'),
    coreSeconds: tiersOf('coreSeconds'),
    giBSeconds: tiersOf('giBSeconds'),
    replicaSeconds: tiersOf('replicaSeconds'),
    requests: tiersOf('requests'),
    inputTokens: tiersOf('inputTokens'),
    cachedTokens: tiersOf('cachedTokens'),
    outputTokens: tiersOf('outputTokens'),
    gbOut: tiersOf('gbOut'),
    gbIn: tiersOf('gbIn'),
    gbMonths: tiersOf('gbMonths'),
  }).optional(),
  plans: z
    .record(z.string(), strict({ usdPerMonth: usd, creditUsdPerMonth: usd.optional() }))
    .optional(),
  plan: z.string().optional(),
  /** Reduces what usage costs, never a plan's fee. */
  creditUsdPerMonth: usd.optional(),
  /** At least so much is paid for usage. */
  commitmentUsdPerMonth: usd.optional(),
};

const isPriceName = (key: string): key is PriceName => Object.hasOwn(PRICE_KEYS, key);

/**
 * A platform's, and a study's: the whole bill without a platform, or what to change of a platform's. Every key may be left
 * out: what a bill needs depends on what it bills.
 */
export const billingTerms = strict(shape);
export type Billing = z.infer<typeof billingTerms>;
export type BillingCard = z.infer<z.ZodObject<typeof card>>;
export type OtherCard = z.infer<z.ZodObject<typeof otherCard>>;
export type MeterTerms = z.infer<z.ZodObject<typeof terms>>;

export interface BillingFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const isBlock = (node: unknown): node is Readonly<Record<string, unknown>> =>
  typeof node === 'object' && node !== null;

/** What two keys of a bill say against each other. Looks at keys alone, so that figures and plain values are one to it. */
export function billingFaults(billing: unknown): BillingFault[] {
  const faults: BillingFault[] = [];
  visit(billing, [], faults);
  return faults;
}

function visit(node: unknown, path: readonly (string | number)[], faults: BillingFault[]): void {
  if (!isBlock(node)) return;
  if (Array.isArray(node)) {
    if (path[0] !== 'tiers') return;
    for (const [i, tier] of node.entries()) visit(tier, [...path, i], faults);
    return;
  }
  const names = Object.keys(node).filter(isPriceName);
  const isGpu = path.at(-2) === 'gpus';
  for (const resource of RESOURCES) {
    const same = names.filter((name) => isGpu || PRICE_KEYS[name].resource === resource);
    if (same.length > 1) {
      faults.push({ path, message: `must have one price, not ${same.join(' and ')}` });
    }
    if (isGpu) break;
  }
  if (isGpu && names.length === 0) {
    faults.push({ path, message: 'must have one price: usdPerGpuSecond or usdPerGpuHour' });
  }
  const isTier = typeof path.at(-1) === 'number';
  const hasPrice = names.length > 0 || 'gpus' in node || 'models' in node;
  if ('times' in node && hasPrice) {
    faults.push({ path, message: 'must have prices of its own or times, not both' });
  }
  if (isTier && !('times' in node) && !hasPrice) {
    faults.push({ path, message: 'must have a price, or times: a share of the first one' });
  }
  for (const [key, child] of Object.entries(node)) visit(child, [...path, key], faults);
}

/** What a bill that prices time leaves open. */
export function missingTerms(billing: unknown): BillingFault[] {
  if (!isBlock(billing) || !pricesTime(billing)) return [];
  return TERMS.filter((term) => !(term in billing)).map((term) => ({
    path: [term],
    message: 'is missing',
  }));
}

/** Whether a block has a price for time at all. */
export function pricesTime(block: object): boolean {
  return 'gpus' in block || namesOf(...TIME_RESOURCES).some((name) => name in block);
}
