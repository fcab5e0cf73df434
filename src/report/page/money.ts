/** Where the money goes: the lines of a bill, and of replica time what each state of a replica takes. */
import { toNumber } from '../../base/decimal.ts';
import { type BillingPlan, compileBilling } from '../../platform/billing.ts';
import type { Compiled } from '../../study/compile.ts';
import type { CostLine, Result } from '../../study/document.ts';
import { harmless } from '../text.ts';
import type { MoneyPart } from './page-document.ts';

const MAIN_LINE = 'replica time';

/** @param compiled of the row; null: replica time is one part */
export function moneyOf(result: Result, compiled: Compiled | null): readonly MoneyPart[] {
  const lines = result.cost?.lines ?? [];
  const split = compiled === null ? null : paidStates(compiled);
  return lines.flatMap((line) =>
    split !== null && line.meter === MAIN_LINE
      ? byState(line, result, split)
      : [{ kind: 'other' as const, label: harmless(line.meter, 60), usd: line.usd }],
  );
}

interface PaidStates {
  readonly idle: boolean;
  readonly busy: boolean;
  readonly draining: boolean;
  /** Of the line's quantity, what a second of one replica is. */
  readonly unitsPerSecond: number;
}

/** null where time of a state cannot be told from the line: several pools, time by request, always-on replicas apart. */
function paidStates({ fleet, billing }: Compiled): PaidStates | null {
  if (fleet !== null || billing === null) return null;
  const plan = planOf(billing);
  const main = plan?.timed.find(({ name }) => name === null);
  const rule = plan?.meters[main?.meter ?? -1];
  const rate = main?.rates.find(
    ({ resource }) => resource === 'gpuSeconds' || resource === 'replicaSeconds',
  );
  if (main === undefined || rule === undefined || rate === undefined) return null;
  if (rule.scope === 'request' || main.covered !== 'nothing') return null;
  const { idle, busy, draining } = rule;
  const perUs = toNumber(rate.perReplicaUs) * toNumber(rate.price.unitsPerResource);
  return { idle, busy, draining, unitsPerSecond: perUs * 1e6 };
}

function planOf(billing: NonNullable<Compiled['billing']>): BillingPlan | null {
  return compileBilling({ ...billing, tokens: null, minuteOffsetUs: 0 });
}

/** What is left of the quantity is starting: which of its phases are paid, the meter has counted. */
function byState(line: CostLine, { replicaTimeS }: Result, paid: PaidStates): MoneyPart[] {
  const { busy, idle, idleKept, draining } = replicaTimeS;
  const units = (isPaid: boolean, seconds: number) => (isPaid ? seconds * paid.unitsPerSecond : 0);
  const known = [
    ['busy', 'busy', units(paid.busy, busy)],
    ['kept', 'kept warm (idle below the minimum)', units(paid.idle, idleKept)],
    ['idle', 'idle window', units(paid.idle, idle - idleKept)],
    ['draining', 'draining', units(paid.draining, draining)],
  ] as const;
  const rest = line.quantity - known.reduce((sum, [, , quantity]) => sum + quantity, 0);
  // Rounding of doubles alone: a bill that counts anything else is not split.
  const starting = rest > line.quantity * 1e-9 ? rest : 0;
  return [...known, ['starting', 'starting', starting] as const]
    .filter(([, , quantity]) => quantity > 0)
    .map(([kind, label, quantity]) => ({ kind, label, usd: quantity * line.usdPerUnit }));
}
