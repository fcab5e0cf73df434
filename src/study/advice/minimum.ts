/** Replicas that are kept whatever the traffic: more than ever served, or for hours in which nobody comes. */
import { count, dollars, percent, significant } from '../../base/numbers.ts';
import type { MeterRule } from '../../engine/scenario.ts';
import type { RunTotals } from '../../engine/totals.ts';
import {
  atLeast0,
  type Facts,
  FEW,
  FEW_REQUESTS,
  isFloorPaidApart,
  meanIn,
  type Priced,
  type Rule,
  withMore,
} from './facts.ts';

const KEYS = ['deployment.replicas.min'];

/** Routing that comes to a replica only when those before it are busy. */
const IN_ORDER = ['most-recent', 'newest', 'oldest', 'least-loaded'];

/** The first of these that holds. */
export const minimum: Rule = (facts) =>
  facts.scenario.control !== null || facts.result.requests.arrived < FEW_REQUESTS
    ? null
    : (neverUsed(facts) ?? missesTraffic(facts) ?? mostlyIdle(facts) ?? hardlyNeeded(facts));

/** Of the replicas at the minimum, those that no request ever came to: without them the run is the same. */
const neverUsed: Rule = (facts) => {
  const { scenario, runs, priced } = facts;
  const { floor, lifecycle, routing } = scenario;
  const unused = Math.min(...runs.map(({ unusedKept }) => unusedKept));
  if (floor.count.length > 1 || lifecycle !== null) return null;
  if (unused === 0 || !IN_ORDER.includes(routing)) return null;
  const kept = floor.count[0]!;
  const usdPerMonth = priced === null ? 0 : priced.usdPerMonth - withoutKept(facts, priced, unused);
  const saves = usdPerMonth > 0 && { usdPerMonth, bound: boundOf(priced!) };
  return {
    rule: 'minimum-never-used',
    line: `${count(unused)} of the ${count(kept)} replicas at replicas.min never served a request: ${count(kept - unused)} would serve the same${saves ? ` for ${dollars(usdPerMonth)} a month less` : ''}`,
    keys: KEYS,
    ...(saves && { saves }),
    weight: usdPerMonth > 0 ? usdPerMonth / priced!.usdPerMonth : unused / kept,
  };
};

/** The bill without so many replicas that were idle from beginning to end. */
function withoutKept(
  { scenario }: Facts,
  { plan, usdPerMonthOf }: Priced,
  replicas: number,
): number {
  const { fromUs, toUs } = scenario.measure ?? scenario.period;
  return usdPerMonthOf((reading, { observedUs }: RunTotals) => {
    const idleUs = BigInt(replicas * observedUs);
    return {
      ...reading,
      floorUs: atLeast0(reading.floorUs - idleUs),
      idleKeptUs: atLeast0(reading.idleKeptUs - idleUs),
      meters: reading.meters.map(({ usedUs, paidUs }, i) => {
        const rule = plan.meters[i]!;
        if (rule.scope === 'request' || !rule.idle) return { usedUs, paidUs };
        const lifeUs = lifePaidUs(rule, toUs) - (fromUs === 0 ? 0 : lifePaidUs(rule, fromUs));
        const paid = BigInt(replicas * lifeUs);
        return { usedUs: atLeast0(usedUs - idleUs), paidUs: atLeast0(paidUs - paid) };
      }),
    };
  });
}

/** What is paid of a life that began at time 0, by then. */
function lifePaidUs({ scope, quantumUs, minimumUs }: MeterRule, us: number): number {
  if (scope === 'minute') return us;
  return Math.max(minimumUs, Math.ceil(us / quantumUs) * quantumUs);
}

/** What calendar minutes round by is left out. */
function boundOf({ plan }: Priced): 'exact' | 'at least' {
  return plan.meters.every(({ scope }) => scope !== 'minute') ? 'exact' : 'at least';
}

const MOSTLY = 0.9;
const LESS_THAN_ALL = 0.8;

/** Kept replicas that are hardly ever needed. */
const mostlyIdle: Rule = (facts) => {
  const { priced } = facts;
  const share = keptShare(facts);
  if (share < MOSTLY) return null;
  const usdPerMonth = priced === null ? 0 : keptIdleUsd(priced);
  const cost =
    usdPerMonth > 0
      ? `: that is ${dollars(usdPerMonth)} of the ${dollars(priced!.usdPerMonth)} a month`
      : '';
  const isBound = priced !== null && !isFloorPaidApart(priced.plan);
  return {
    rule: 'minimum-mostly-idle',
    line: `what replicas.min keeps was idle ${percent(share)} of its time${cost}`,
    keys: KEYS,
    ...(isBound && usdPerMonth > 0 && { saves: { usdPerMonth, bound: 'at most' as const } }),
    weight: usdPerMonth > 0 ? usdPerMonth / priced!.usdPerMonth / 2 : share / 4,
  };
};

const LARGE_PART = 0.6;
const HARDLY_EVER = 0.001;

/** Several are kept, few of them busy at a time, and next to nobody asked for more. */
const hardlyNeeded: Rule = (facts) => {
  const { scenario, result, priced } = facts;
  const kept = scenario.floor.count[0]!;
  if (scenario.floor.count.length > 1 || kept < 2 || keptShare(facts) < LARGE_PART) return null;
  if (result.replicas.starts > HARDLY_EVER * result.requests.arrived) return null;
  const busy = kept * (1 - keptShare(facts));
  const usdPerMonth = priced === null ? 0 : keptIdleUsd(priced);
  const cost =
    usdPerMonth > 0
      ? `; their idle time is ${dollars(usdPerMonth)} of the ${dollars(priced!.usdPerMonth)} a month`
      : '';
  return {
    rule: 'minimum-hardly-needed',
    line: `of the ${count(kept)} replicas at replicas.min ${significant(busy, 2)} were busy at a time, and ${result.replicas.starts < 0.5 ? 'none' : count(result.replicas.starts)} had to be started beyond them: fewer may do${cost}`,
    keys: KEYS,
    weight: usdPerMonth > 0 ? usdPerMonth / priced!.usdPerMonth / 2 : LARGE_PART / 4,
  };
};

/** Hours of keeping in which nobody comes, and traffic at other hours. */
const missesTraffic: Rule = (facts) => {
  const { scenario, result, priced } = facts;
  const { starts } = result.replicas;
  const share = keptShare(facts);
  if (scenario.floor.count.length < 2 || share < LESS_THAN_ALL || starts < FEW) return null;
  const usdPerMonth = priced === null ? 0 : keptIdleUsd(priced);
  return {
    rule: 'schedule-misses-traffic',
    line: `what replicas.min keeps by its schedule was idle ${percent(share)} of its time${usdPerMonth > 0 ? ` (${dollars(usdPerMonth)} a month)` : ''}, while ${count(starts)} replicas were started on demand: its hours do not fit the traffic`,
    keys: KEYS,
    weight: Math.max(
      usdPerMonth > 0 ? usdPerMonth / priced!.usdPerMonth : 0,
      result.coldStarts.fraction ?? 0,
    ),
  };
};

function keptShare(facts: Facts): number {
  const floorUs = meanIn(facts, ({ whole }) => Number(whole.floorUs));
  const keptUs = meanIn(facts, ({ whole }) => Number(whole.idleKeptUs));
  return floorUs === 0 ? 0 : Math.min(1, keptUs / floorUs);
}

function keptIdleUsd({ plan, usdPerMonth, usdPerMonthOf }: Priced): number {
  const without = usdPerMonthOf((reading) => {
    const keptUs = reading.idleKeptUs;
    const less = withMore(plan, reading, { idleUs: -Number(keptUs), phaseUs: [] }, false);
    return { ...less, floorUs: reading.floorUs - keptUs, idleKeptUs: 0n };
  });
  return usdPerMonth - without;
}
