/** What kind of deployment a row is, by its bill and its bounds, and why it may look better than it is. */
import { counted, listed } from '../../base/counts.ts';
import { count } from '../../base/numbers.ts';
import { LACKING } from '../../platform/billing.ts';
import { billsTokens } from '../../platform/billing-plan.ts';
import type { Bound } from '../bind.ts';
import type { Caveat, DeploymentKind } from '../compare-document.ts';
import type { Result } from '../document.ts';
import { poolsOf } from '../fleet-section.ts';
import { groupBy } from '../group.ts';
import { canonical } from '../json.ts';

/** One pool, or all of a fleet. */
function boundPools(bound: Bound): readonly Bound[] {
  return bound.fleet === null
    ? [bound]
    : bound.fleet.deployments.flatMap(({ pools }) => pools.map((pool) => pool.bound));
}

/**
 * Dedicated: as many replicas at least as at most. Hybrid: pools of both kinds, or a floor at a rate of its own with room
 * above it. A per-token API has no replicas to pay.
 */
export function kindOf(bound: Bound): DeploymentKind {
  const kinds = new Set(boundPools(bound).map(kindOfPool));
  const [only = 'serverless'] = kinds;
  return kinds.size === 1 ? only : 'hybrid';
}

function kindOfPool({ scenario: { floor, max }, plan }: Bound): DeploymentKind {
  if (plan !== null && plan.timed.length === 0 && billsTokens(plan)) return 'api';
  const least = Math.min(...floor.count);
  if (least > 0 && max <= least) return 'dedicated';
  const paysFloorApart = plan?.counts.some(({ counted }) => FLOOR_COUNTS.includes(counted));
  return least > 0 && paysFloorApart === true ? 'hybrid' : 'serverless';
}

const FLOOR_COUNTS: readonly string[] = ['floor', 'floorBusy', 'keptIdle'];

export function caveatsOf(bound: Bound, result: Result): readonly Caveat[] {
  const pools = boundPools(bound);
  const caveats: Caveat[] = [];
  const shared = pools.filter((pool) => slotsOf(pool) > 1);
  if (shared.length > 0) {
    const most = Math.max(...shared.map(({ scenario }) => scenario.concurrency));
    const slots = most === Number.POSITIVE_INFINITY ? 'unlimited' : count(most);
    const text = `${slots} requests on a replica assumed to run as fast as one`;
    caveats.push({ code: 'slots', text });
  }
  caveats.push(...limitCaveat(bound, result));
  if (pools.some(({ plan }) => plan === null)) {
    caveats.push({ code: 'price', text: 'no price, so no cost' });
  }
  const notes = pools.flatMap(({ plan }) => plan?.notes ?? []);
  const lacking = new Set(notes.filter((note) => note.endsWith(LACKING)));
  for (const text of lacking) caveats.push({ code: 'bill', text });
  if (pools.some((pool) => kindOfPool(pool) === 'api')) {
    const text =
      'a per-token API: another model and server than yours, shared with others; its latency is a law, not a queue';
    caveats.push({ code: 'api', text });
  }
  return [...caveats, ...gradeCaveats(bound)];
}

/** Of one pool; null where several have their own. */
export function gpuOf({ compiled }: Bound): string | null {
  return compiled.fleet === null ? (compiled.billing?.gpu ?? null) : null;
}

/**
 * Service times are those of one GPU, today's if it is known: another that is given no speed of its own is taken to serve
 * as fast.
 */
export function speedCaveat(
  bound: Bound,
  candidates: readonly Bound[],
  today: Bound | null,
): readonly Caveat[] {
  const gpu = gpuOf(bound);
  const serves = ({ compiled, scenario }: Bound) =>
    canonical([compiled.workload.service, scenario.serviceLaw]);
  const alike = (today === null ? candidates : [today]).filter(
    (other) => serves(other) === serves(bound),
  );
  const others = new Set(alike.map(gpuOf).filter((other) => other !== null && other !== gpu));
  if (gpu === null || others.size === 0) return [];
  const text = `${gpu} is taken to serve as fast as ${listed([...others].map(String), 3)}: give deployment.speed`;
  return [{ code: 'speed', text }];
}

/** A limit that the study never chose. */
function limitCaveat({ compiled, scenario: { max }, fleet }: Bound, result: Result): Caveat[] {
  const isDefault = compiled.figures.some(({ path }) => path === 'deployment.replicas.max');
  if (fleet !== null || !isDefault || result.replicas.peak < max) return [];
  const text = `${counted(max, 'replica')} at most, the default of ${compiled.platform?.name}: give deployment.replicas.max`;
  return [{ code: 'limit', text }];
}

/** Figures that no document gives, by platform. */
function gradeCaveats({ compiled }: Bound): readonly Caveat[] {
  const figures = poolsOf(compiled).flatMap((pool) => pool.figures);
  const weak = figures.filter(({ grade }) => grade === 'inferred' || grade === 'unverified');
  return [...groupBy(weak, ({ owner }) => owner)].map(([owner, own]) => {
    const ofBill = own.filter(({ path }) => path.startsWith('billing.'));
    const keys = [...new Set(ofBill.map(({ path }) => path.split('.').at(-1)!))];
    const bill = keys.length === 0 ? '' : ` (of the bill: ${listed(keys, 4)})`;
    return { code: 'grade', text: `${owner}${bill}` };
  });
}

/** How many requests on a replica are taken to be as fast as one. */
export function assumedSlots(bound: Bound): number {
  return Math.max(...boundPools(bound).map(slotsOf));
}

/** 1 where the study says how fast they are, and where tokens are sold by a law that says so too. */
function slotsOf(pool: Bound): number {
  const { concurrency, slotSpeed } = pool.scenario;
  return slotSpeed !== null || kindOfPool(pool) === 'api' ? 1 : concurrency;
}

/** @returns why it may not be held against rows of fewer slots, or null */
export function slotsRefusal(bound: Bound, limit: number): string | null {
  const slots = assumedSlots(bound);
  if (slots <= limit) return null;
  const many = slots === Number.POSITIVE_INFINITY ? 'any number of' : count(slots);
  return `takes ${many} requests on a replica to run as fast as one, where others take ${count(limit)}: give deployment.slotSpeed, or deployment.concurrency as your server has it`;
}
