/** What the terms of a bill add to what was used. */
import { dollars, percent } from '../../base/numbers.ts';
import { formatDurationUs } from '../../base/units.ts';
import type { MeterRule } from '../../engine/scenario.ts';
import { FEW, type Rule } from './facts.ts';

const MUCH = 0.05;

/** Quantum and minimum: many short lives, or many short requests. */
export const roundingAdds: Rule = ({ priced, result }) => {
  const rule = priced?.plan.meters[0];
  if (priced === null || rule === undefined) return null;
  const events = rule.scope === 'request' ? result.requests.completed : result.replicas.starts;
  if (events < FEW) return null;
  const exact = priced.usdPerMonthOf((reading) => ({
    ...reading,
    meters: reading.meters.map(({ usedUs }) => ({ usedUs, paidUs: usedUs })),
  }));
  const usdPerMonth = priced.usdPerMonth - exact;
  const share = usdPerMonth / priced.usdPerMonth;
  if (share < MUCH) return null;
  const [whose, keys] =
    rule.scope === 'request'
      ? (['requests that are short for it', ['deployment.platform']] as const)
      : (['lives that are short for it', ['deployment.idleWindow']] as const);
  return {
    rule: 'rounding-adds',
    line: `${percent(share)} of the bill, ${dollars(usdPerMonth)} a month, is ${termsOf(rule)}: ${whose}`,
    keys,
    saves: { usdPerMonth, bound: 'at most' },
    weight: share,
  };
};

function termsOf({ quantumUs, minimumUs, scope }: MeterRule): string {
  const what = scope === 'replica' ? "replica's life" : scope;
  const least = minimumUs > quantumUs ? `, ${formatDurationUs(minimumUs)} at least` : '';
  return `rounding (each ${what} up to ${formatDurationUs(quantumUs)}${least})`;
}
