/** How long a controller may go on changing its mind while nothing changes. */
import type { ControlRule, Law } from './control-rule.ts';

/**
 * Microseconds, finite: all that it remembers, one after the other, and two looks.
 * @param idleWindowsUs of its replicas, where they leave by themselves
 */
export function memoryUsOf(rule: ControlRule, idleWindowsUs: readonly number[] = []): number {
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
    (rule.retires === 'idle-window' ? Math.max(0, ...idleWindowsUs.map(finite)) : 0) +
    2 * finite(rule.tickUs)
  );
}

function lawUs({ windowUs, alarm, kind, signal, target }: Law): number {
  // A wait goes on growing, and is seen when it is longer than the target.
  if (kind === 'backlog' && signal === 'oldest-wait') return target;
  if (alarm === null) return windowUs;
  return alarm.periodUs * (1 + Math.max(alarm.up.of, alarm.down?.of ?? 0));
}
