/** A bill compiled to exact numbers: what is counted, by whom, and at what price. Nothing has run yet. */
import { type Exact, exact, multiply, sum } from '../base/decimal.ts';
import { US_PER_H } from '../base/units.ts';
import type { MeterRule } from '../engine/scenario.ts';
import type { Price, Resource } from './price-keys.ts';
import type { Rate } from './rates.ts';

/** What always-on capacity takes off a meter: it is paid at another rate. */
export type Covered = 'nothing' | 'floor' | 'floorBusy' | 'keptIdle';

/** Replica time by one of the engine's meters, at the rates of what a replica holds. */
export interface TimedMeter {
  /** null for the bill's own. */
  readonly name: string | null;
  /** Among the plan's meters. */
  readonly meter: number;
  readonly covered: Covered;
  readonly rates: readonly Rate[];
  /** All rates together. */
  readonly usdPerReplicaHour: Exact;
  /** Whether the bill's free tier and tiers are for it. */
  readonly isTiered: boolean;
}

export type Counted =
  | Exclude<Covered, 'nothing'>
  | 'completed'
  | 'arrived'
  | 'attempts'
  | 'inputTokens'
  | 'freshTokens'
  | 'cachedTokens'
  | 'outputTokens'
  | 'periodUs';

/** Something else that a run counts, at one price. */
export interface Count {
  readonly line: string;
  readonly resource: Resource;
  readonly counted: Counted;
  /** Of the resource, for one of what is counted. */
  readonly perCounted: Exact;
  readonly price: Price;
  readonly isTiered: boolean;
}

/** What of a resource is free by the month, and what its price becomes beyond some quantities. */
export interface Allowance {
  readonly resource: Resource;
  readonly price: Price;
  readonly free: Exact;
  /** In ascending order; prices in the unit of `price`. */
  readonly tiers: readonly { readonly above: Exact; readonly usdPerUnit: Exact }[];
}

export interface BillingPlan {
  /** What the engine has to count. Plain data: plans that differ in it alone still share a run. */
  readonly meters: readonly MeterRule[];
  readonly timed: readonly TimedMeter[];
  readonly counts: readonly Count[];
  readonly allowances: readonly Allowance[];
  /** By the month of 730 h; null where there is none. */
  readonly plan: { readonly name: string; readonly usd: Exact } | null;
  readonly creditUsd: Exact;
  readonly commitmentUsd: Exact;
  /** What the bill assumes or leaves out, for the reader of the result. */
  readonly notes: readonly string[];
}

/** What the lines of a resource are called. */
export const RESOURCE_LINE: Readonly<Record<Resource, string>> = {
  gpuSeconds: 'GPU',
  coreSeconds: 'CPU',
  giBSeconds: 'memory',
  replicaSeconds: 'replica',
  requests: 'requests',
  inputTokens: 'input tokens',
  cachedTokens: 'cached tokens',
  outputTokens: 'output tokens',
  gbOut: 'data out',
  gbIn: 'data in',
  gbMonths: 'storage',
};

/** What an hour of a replica costs, all its parts together. */
export function usdPerReplicaHour(rates: readonly Rate[]): Exact {
  const perUs = rates.map(({ perReplicaUs, price }) =>
    multiply(perReplicaUs, multiply(price.unitsPerResource, price.usdPerUnit)),
  );
  return multiply(sum(perUs), exact(US_PER_H));
}

/** Whether a run has to sum the tokens of its requests. */
export function billsTokens({ counts }: BillingPlan): boolean {
  return counts.some(({ counted }) => counted.endsWith('Tokens'));
}
