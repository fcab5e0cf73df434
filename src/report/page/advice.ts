import type { Advice } from '../../study/document.ts';
import { dollars } from '../numbers.ts';
import { harmless } from '../text.ts';

/** A line each, with what it is worth where the run's own numbers say so. */
export function adviceOf(advice: readonly Advice[]): string[] {
  return advice.map(({ line, saves }) => {
    const worth =
      saves === undefined ? '' : ` (${saves.bound} ${dollars(saves.usdPerMonth)} a month)`;
    return harmless(`${line}${worth}`, 500);
  });
}
