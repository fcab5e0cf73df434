/** Who bills what: platforms by the states and start phases that they charge, how they round, and what else they charge for. */
import { RESOURCE_LINE } from '../platform/billing-plan.ts';
import { type Billing, type MeterTerms, pricesTime } from '../platform/billing-terms.ts';
import type { Catalogue, Platform } from '../platform/catalogue.ts';
import { isBilled } from '../platform/meter-rules.ts';
import {
  namesOf,
  PRICE_KEYS,
  type PriceName,
  RESOURCES,
  TIME_RESOURCES,
} from '../platform/price-keys.ts';
import { STALE_AFTER_DAYS, stalePrices } from '../platform/prices.ts';
import { START_PHASES, type STATES } from '../platform/values.ts';
import { type Column, table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

type State = (typeof STATES)[number];

/** null where the platform does not bill time at all, as a price by the token does. */
export interface BilledTime {
  /** Whether each state of a replica is billed; a request's time in service is busy time. */
  readonly states: { readonly [S in State]: boolean };
  /** Of the phases that platforms bill by name. */
  readonly startPhases: { readonly [phase: string]: boolean };
  readonly of: 'replicas' | 'requests';
  readonly quantum: string;
  readonly scope: string;
  readonly minimum: string;
  /** What has a price of its own; where CPU and memory have none, the GPU's includes them. */
  readonly parts: readonly string[];
  /** Further meters by name. */
  readonly meters: readonly string[];
}

export interface BillingRow {
  readonly id: string;
  readonly name: string;
  readonly time: BilledTime | null;
  /** Which requests have a fee, and null where none have one. */
  readonly requests: 'completed' | 'arrived' | 'attempts' | null;
  readonly tokens: readonly ('input' | 'cached' | 'output')[];
  readonly data: readonly ('in' | 'out')[];
  readonly storage: boolean;
  /** What is paid for replicas kept always on; null where no replica is. */
  readonly alwaysOn:
    | null
    | 'same rate'
    | 'free while idle'
    | 'own rate, not known'
    | 'own rate'
    | 'own rate, and another for its work'
    | 'own rate while idle';
  readonly kinds: readonly string[];
  readonly regions: readonly string[];
  readonly plans: readonly string[];
  readonly freeTier: readonly string[];
  readonly tiers: readonly string[];
  readonly credit: boolean;
  readonly commitment: boolean;
  /** How many prices are more than 60 days old; only where the day is given. */
  readonly stalePrices?: number;
}

/** What `platforms --billing --json` prints. */
export interface BillingMatrix {
  readonly schema: 'coldfront.billing-matrix.v1';
  readonly platforms: readonly BillingRow[];
}

/** @param today `2026-11-21`, to count old prices; null counts none */
export function billingMatrix(catalogue: Catalogue, today: string | null = null): BillingMatrix {
  const platforms = [...catalogue.values()].map((platform) => ({
    ...rowOf(platform),
    ...(today !== null && { stalePrices: stalePrices(platform, null, today).length }),
  }));
  return { schema: 'coldfront.billing-matrix.v1', platforms };
}

function rowOf({ id, name, billing }: Pick<Platform, 'id' | 'name' | 'billing'>): BillingRow {
  const has = (price: PriceName) => (billing[price] ?? 0) > 0;
  const cards = [billing, ...Object.values(billing.models ?? {})];
  const priced = (...prices: PriceName[]) =>
    prices.some((price) => cards.some((card) => ((card as Billing)[price] ?? 0) > 0));
  return {
    id,
    name,
    time: pricesTime(billing) ? timeOf(billing) : null,
    requests: namesOf('requests').some(has) ? (billing.requests ?? 'completed') : null,
    tokens: [
      ...(priced('usdPerMillionInputTokens') ? (['input'] as const) : []),
      ...(priced('usdPerMillionCachedTokens') ? (['cached'] as const) : []),
      ...(priced('usdPerMillionOutputTokens') ? (['output'] as const) : []),
    ],
    data: [
      ...(has('usdPerGbIn') ? (['in'] as const) : []),
      ...(has('usdPerGbOut') ? (['out'] as const) : []),
    ],
    storage: has('usdPerGbMonth'),
    alwaysOn: alwaysOnOf(billing),
    kinds: Object.keys(billing.kinds ?? {}),
    regions: Object.keys(billing.regions ?? {}),
    plans: Object.keys(billing.plans ?? {}),
    freeTier: RESOURCES.filter((resource) => (billing.freeTier?.[resource] ?? 0) > 0),
    tiers: RESOURCES.filter((resource) => billing.tiers?.[resource] !== undefined),
    credit: billing.creditUsdPerMonth !== undefined,
    commitment: billing.commitmentUsdPerMonth !== undefined,
  };
}

function timeOf(billing: Billing): BilledTime {
  const named = Object.entries(billing.meters ?? {});
  const meters: readonly MeterTerms[] = [
    billing,
    ...named.map(([, meter]) => ({ ...termsOf(billing), ...meter })),
  ];
  const billed = (state: State) => meters.some(({ states }) => states?.includes(state));
  const phaseBilled = (phase: string) =>
    meters.some(
      ({ states, startPhases = 'all' }) =>
        states?.includes('starting') === true && isBilled(startPhases, phase),
    );
  return {
    states: {
      starting: billed('starting'),
      idle: billed('idle'),
      busy: billed('busy'),
      draining: billed('draining'),
    },
    startPhases: Object.fromEntries(START_PHASES.map((phase) => [phase, phaseBilled(phase)])),
    of: billing.scope === 'request' ? 'requests' : 'replicas',
    quantum: billing.quantum ?? '1us',
    scope: billing.scope ?? 'replica',
    minimum: billing.minimum ?? '0s',
    parts: partsOf(billing),
    meters: named.map(([name]) => name),
  };
}

function termsOf({ states, startPhases, quantum, scope, minimum }: Billing): MeterTerms {
  return { states, startPhases, quantum, scope, minimum };
}

function partsOf(billing: Billing): BilledTime['parts'] {
  const blocks = [billing, ...Object.values(billing.gpus ?? {})];
  const keys = new Set(blocks.flatMap((block) => Object.keys(block)));
  return TIME_RESOURCES.filter((resource) =>
    [...keys].some((key) => PRICE_KEYS[key as PriceName]?.resource === resource),
  ).map((resource) => RESOURCE_LINE[resource]);
}

function alwaysOnOf(billing: Billing): BillingRow['alwaysOn'] {
  if (!pricesTime(billing)) return null;
  const { alwaysOn } = billing;
  if (alwaysOn === undefined) return timeOf(billing).states.idle ? 'same rate' : 'free while idle';
  if (!pricesTime(alwaysOn) && alwaysOn.times === undefined) return 'own rate, not known';
  if (alwaysOn.time === 'idle') return 'own rate while idle';
  return alwaysOn.running === undefined ? 'own rate' : 'own rate, and another for its work';
}

const LEFT = 'left';
const NOTHING = '-';
const yes = (billed: boolean) => (billed ? 'paid' : NOTHING);
const listed = (words: readonly string[]) => (words.length > 0 ? words.join(', ') : NOTHING);

export function billingMatrixScreen(
  catalogue: Catalogue,
  style: Style = PLAIN,
  today: string | null = null,
): string {
  const all = billingMatrix(catalogue, today).platforms;
  const { platforms, alike } = withoutRepeats(all);
  const time = section(
    ['platform', 'idle', 'busy', 'draining', 'rounded up', 'least', 'price of'],
    platforms.map(({ id, time }) => [id, ...timeCells(time)]),
  );
  const starts = section(
    ['start phases', ...START_PHASES],
    platforms
      .filter(({ time }) => time !== null)
      .map(({ id, time }) => [id, ...START_PHASES.map((phase) => yes(time!.startPhases[phase]!))]),
  );
  const others = section(
    ['besides time', 'requests', 'tokens', 'data', 'storage', 'always on'],
    platforms.map((row) => [
      row.id,
      row.requests ?? NOTHING,
      listed(row.tokens),
      listed(row.data),
      yes(row.storage),
      row.alwaysOn ?? NOTHING,
    ]),
  );
  const terms = all.flatMap((row) => {
    const words = termWords(row);
    return words.length === 0 ? [] : [wrapped(`  ${row.id}: ${words.join('; ')}`, 4)];
  });
  const blocks = [time, starts, others].map(([head, ...rows]) =>
    [style.dim(head!), ...rows].join('\n'),
  );
  if (terms.length > 0) blocks.push(['Plans and allowances, by the month', ...terms].join('\n'));
  if (alike.length > 0) blocks.push(alike.join('\n'));
  const stale = all.filter(({ stalePrices = 0 }) => stalePrices > 0);
  if (stale.length > 0) {
    const names = stale.map((row) => `${row.id} (${row.stalePrices})`).join(', ');
    blocks.push(
      style.warn(wrapped(`! Prices more than ${STALE_AFTER_DAYS} days old, check: ${names}`, 2)),
    );
  }
  return blocks.join('\n\n');
}

/** So many rows that say the same are said once. */
const MANY = 3;

/** The rows of the tables; platforms that bill alike stand for each other. */
function withoutRepeats(all: readonly BillingRow[]) {
  const groups = new Map<string, BillingRow[]>();
  for (const row of all) {
    const { time, requests, tokens, data, storage, alwaysOn } = row;
    const key = JSON.stringify({ time, requests, tokens, data, storage, alwaysOn });
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const many = [...groups.values()].filter(({ length }) => length >= MANY);
  const repeated = new Set(many.flatMap(([, ...others]) => others));
  return {
    platforms: all.filter((row) => !repeated.has(row)),
    alike: many.map(([first, ...others]) =>
      wrapped(`As ${first!.id}: ${others.map(({ id }) => id).join(', ')}`, 2),
    ),
  };
}

function timeCells(time: BilledTime | null): string[] {
  if (time === null) return [NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, 'tokens alone'];
  const { states, quantum, scope, minimum, of, parts, meters } = time;
  const per = { request: 'a request', replica: 'a replica', minute: 'a minute' }[scope];
  const busy = of === 'requests' && states.busy ? 'by request' : yes(states.busy);
  const price = [...parts, ...meters.map((name) => `+ ${harmless(name, 12)}`)].join(' ');
  return [
    yes(states.idle),
    busy,
    yes(states.draining),
    quantum === '1us' ? NOTHING : `${quantum} ${per ?? scope}`,
    minimum === '0s' ? NOTHING : minimum,
    price || 'yours',
  ];
}

function termWords(row: BillingRow): string[] {
  const word = (name: string, words: readonly string[]) =>
    words.length === 0 ? [] : [`${name} ${harmless(words.join(', '), 120)}`];
  return [
    ...word('regions', row.regions),
    ...word('other prices for', row.kinds),
    ...word('plans', row.plans),
    ...word('free tier of', row.freeTier),
    ...word('tiers of', row.tiers),
    ...(row.credit ? ['a credit'] : []),
    ...(row.commitment ? ['a commitment'] : []),
  ];
}

function section(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const columns: Column[] = heads.map((head) => ({ head, align: LEFT }));
  return table(columns, rows);
}
