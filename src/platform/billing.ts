/**
 * A bill before anything has run: which replica time the engine's meters count, what else is counted, and at what exact
 * prices. cost.ts prices a run with it.
 */
import { exact } from '../base/decimal.ts';
import { type Mistake, UserError } from '../base/errors.ts';
import type { MeterRule } from '../engine/scenario.ts';
import { allowancesOf } from './bill-allowances.ts';
import {
  alwaysOnCounts,
  type CurrentPrices,
  requestCounts,
  storesNothing,
  tokenCounts,
} from './bill-counts.ts';
import { billOver, hasOwnReplicaPrice, ownPrices } from './bill-merge.ts';
import type { BillingInput } from './billing-input.ts';
import {
  type BillingPlan,
  type Covered,
  type TimedMeter,
  usdPerReplicaHour,
} from './billing-plan.ts';
import { type Billing, type BillingCard, billingFaults, pricesTime } from './billing-terms.ts';
import { isBilled, mainTerms, meterRule, overTerms } from './meter-rules.ts';
import {
  type Holding,
  type Multiplier,
  own,
  type Report,
  regionMultiplier,
  resolved,
  timeRates,
  tokenCard,
  unnamedParts,
} from './rates.ts';
import { START_PHASES } from './values.ts';

export type { BillingInput } from './billing-input.ts';
export type { BillingPlan } from './billing-plan.ts';

/**
 * @returns null where neither a platform nor the study has a price: then there is no cost, which is not a cost of 0
 * @throws UserError with everything that is missing and every contradiction
 */
export function compileBilling(input: BillingInput): BillingPlan | null {
  if (input.platform === null && input.billing === null) return null;
  const { platform, ...rest } = input;
  const known = plansOf(platform ?? NO_PLATFORM);
  const key = JSON.stringify(rest);
  const plan = known.get(key) ?? newPlan(input);
  if (known.size >= MOST_PLANS) known.clear();
  known.set(key, plan);
  return plan;
}

/** The configurations of a grid mostly have one bill, and ask for it again and again. */
const plans = new WeakMap<object, Map<string, BillingPlan>>();
const NO_PLATFORM = {};
const MOST_PLANS = 256;

function plansOf(platform: object): Map<string, BillingPlan> {
  const known = plans.get(platform) ?? new Map<string, BillingPlan>();
  plans.set(platform, known);
  return known;
}

function newPlan(input: BillingInput): BillingPlan {
  const { platform, billing } = input;
  const mistakes: Mistake[] = [];
  const report: Report = (path, message) => mistakes.push({ at: null, path, message });
  for (const { path, message } of billingFaults(billing)) {
    report(['billing', ...path].join('.'), message);
  }
  const plan = compile(billOver(platform?.billing ?? {}, billing), input, report);
  if (mistakes.length > 0) throw new UserError(mistakes);
  return plan;
}

function compile(bill: Billing, input: BillingInput, report: Report): BillingPlan {
  const { platform, billing } = input;
  const holding = holdingOf(input);
  const terms = mainTerms(bill, platform === null);
  const context = { ...input, report };
  const main = meterRule(terms, billing ?? {}, 'billing', context);
  const region = regionMultiplier(bill, holding.name, input.region, ownPrices(billing), report);
  const prices = currentPrices(bill, region, report);
  const { card, multiplier } = prices;
  const tokens = tokenCard(card, holding, report);
  if (platform === null && !pricesTime(card) && tokens === null) {
    report('billing.usdPerReplicaHour', 'is missing: without it or a platform there is no price');
  }
  const isTimed = pricesTime(card);
  const alwaysOn =
    isTimed && bill.alwaysOn !== undefined && input.hasFloor
      ? alwaysOnCounts(bill.alwaysOn, main, prices, holding, report)
      : { covered: 'nothing' as const, counts: [] };
  const meters: MeterRule[] = [];
  const timed: TimedMeter[] = [];
  const meter = (
    name: string | null,
    rule: MeterRule,
    covered: Covered,
    own: BillingCard | null,
  ) => {
    const where = name === null ? 'billing' : `billing.meters.${name}`;
    const rates = timeRates(own ?? card, holding, where, multiplier, report);
    const isTiered = own === null && prices.isTiered;
    timed.push({
      name,
      meter: meterAmong(meters, rule),
      covered,
      rates,
      usdPerReplicaHour: usdPerReplicaHour(rates),
      isTiered,
    });
  };
  const isByCount = alwaysOn.covered === 'floor' || alwaysOn.covered === 'floorBusy';
  const counted = isByCount ? { ...main, roundsAtEnd: true } : main;
  if (isTimed) meter(null, counted, alwaysOn.covered, null);
  for (const [name, named] of Object.entries(bill.meters ?? {})) {
    const study = billing?.meters?.[name] ?? {};
    const rule = meterRule(overTerms(terms, named), study, `billing.meters.${name}`, context);
    meter(name, rule, 'nothing', pricesTime(named) ? named : null);
  }
  const counts = [
    ...alwaysOn.counts,
    ...(tokens === null ? [] : tokenCounts(tokens, prices, input, report)),
    ...requestCounts(bill, region, input, report),
  ];
  const plan = planOf(bill, report);
  return {
    meters,
    timed,
    counts,
    allowances: allowancesOf(bill, timed, counts, multiplier, report),
    plan: plan && { name: plan.name, usd: exact(plan.usdPerMonth) },
    creditUsd: exact(bill.creditUsdPerMonth ?? plan?.creditUsdPerMonth ?? 0),
    commitmentUsd: exact(bill.commitmentUsdPerMonth ?? 0),
    notes: notesOf(bill, card, input),
  };
}

function holdingOf(input: BillingInput): Holding {
  const { platform, gpu, gpus, cores, memoryGiB, model } = input;
  return { name: platform?.name ?? null, gpu, gpus, cores, memoryGiB, model };
}

/** Equal rules are one meter of the engine. */
function meterAmong(meters: MeterRule[], rule: MeterRule): number {
  const key = JSON.stringify(rule);
  const known = meters.findIndex((other) => JSON.stringify(other) === key);
  return known >= 0 ? known : meters.push(rule) - 1;
}

function currentPrices(bill: Billing, region: Multiplier, report: Report): CurrentPrices {
  const { kinds = {}, kind } = bill;
  const onDemand = { card: bill, multiplier: region, isTiered: true };
  if (kind === undefined) return onDemand;
  const chosen = own(kinds, kind);
  if (chosen !== undefined) {
    return { ...resolved(chosen, bill, region), isTiered: chosen.times !== undefined };
  }
  const there = Object.keys(kinds).join(', ') || 'none';
  report('billing.kind', `${kind} is no kind of price here: there are ${there}`);
  return onDemand;
}

function planOf({ plans = {}, plan }: Billing, report: Report) {
  if (plan === undefined) return null;
  const terms = own(plans, plan);
  if (terms !== undefined) return { name: plan, ...terms };
  report(
    'billing.plan',
    `${plan} is no plan here: there are ${Object.keys(plans).join(', ') || 'none'}`,
  );
  return null;
}

/** How a note ends that says the bill is less than it will be. */
export const LACKING = 'so the bill has none';

function notesOf(bill: Billing, card: BillingCard, input: BillingInput): string[] {
  const { platform, billing, phaseNames, instantPhases = [] } = input;
  if (platform === null) return [];
  const notes: string[] = [];
  const missing = hasOwnReplicaPrice(billing) ? [] : unnamedParts(card, holdingOf(input));
  if (missing.length > 0) {
    notes.push(
      `${platform.name} bills ${missing.join(' and ')} beside the GPU; the study names none, ${LACKING}`,
    );
  }
  if (storesNothing(bill, input)) {
    notes.push(
      `${platform.name} bills storage by the GB and month; the study names no deployment.storage, ${LACKING}`,
    );
  }
  const { startPhases } = bill;
  const known: readonly string[] = [...START_PHASES, ...instantPhases];
  const unknown = phaseNames.filter((name) => !known.includes(name));
  if (
    billing?.startPhases === undefined &&
    typeof startPhases === 'object' &&
    'except' in startPhases &&
    unknown.some((name) => isBilled(startPhases, name))
  ) {
    notes.push(
      `the whole of ${unknown.join(', ')} is billed; ${platform.name} does not bill ${startPhases.except.join(', ')}: name such phases in deployment.coldStart`,
    );
  }
  return notes;
}
