/** How long a controller may go on changing its mind while nothing changes. */
import type { ControlRule, Law } from './control-rule.ts';

/** Microseconds: all that it remembers, one after the other, and two looks. Finite, or Infinity where it never looks. */
export function memoryUsOf(rule: ControlRule): number {
  const { laws, panic, stabilization, rateUp, rateDown, stepDown, cooldown, zero } = rule;
  const rates = [...(rateUp?.policies ?? []), ...(rateDown?.policies ?? [])];
  const finite = (us: number) => (us < Number.POSITIVE_INFINITY ? us : 0);
  return (
    Math.max(0, ...laws.map(lawUs)) +
    (panic === null ? 0 : panic.windowUs + panic.calmUs) +
    stabilization.upUs +
    stabilization.downUs +
    Math.max(0, ...rates.map(({ periodUs }) => periodUs)) +
    (stepDown?.delayUs ?? 0) +
    cooldown.upUs +
    cooldown.downUs +
    (zero === null ? 0 : finite(zero.afterUs) + finite(zero.graceUs) + 2 * finite(zero.pollUs)) +
    2 * finite(rule.tickUs)
  );
}

function lawUs({ windowUs, alarm }: Law): number {
  if (alarm === null) return windowUs;
  return alarm.periodUs * (1 + Math.max(alarm.up.of, alarm.down?.of ?? 0));
}
