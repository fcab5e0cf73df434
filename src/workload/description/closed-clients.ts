/**
 * In-flight counts at a flat ceiling: so many clients that each send the next request when the last one is answered, or a
 * limit that held requests back before they were stamped. Either way the arrivals follow from the completions of the
 * system that was logged; replayed as they stand they would not slow down with a slower one.
 *
 * The ceiling is the highest level held for at least 1 % of the busy time (a tie or a stray request above it does not hide
 * it). It is a flat one if it is held for at least half of the busy time, and at least half of the times that it was left
 * it was entered again within 5 % of the mean service time. Open traffic is neither: let Poisson arrivals have m in flight
 * on average. Level n + 1 is held m / (n + 1) as long as level n, so a ceiling n of half the busy time, with less than 1 %
 * above it, means m < 0.02 (n + 1); then level n is held at most 0.04 as long as level n - 1, unless n = 1 and m < 0.04,
 * when it is entered again that soon with probability 1 - e^(-0.05 m) < 0.002.
 */
import type { Levels } from './concurrency.ts';

export interface ClosedClients {
  readonly clients: number;
  /** Of the time in which anything is in flight, how much exactly so many are. */
  readonly shareOfTime: number;
}

const LEAST_SHARE = 0.5;
const LEAST_PROMPT = 0.5;
const STRAY_SHARE = 0.01;
const LEAST_RETURNS = 20;

/** Of the mean service time: `LevelOptions.promptUs` of the levels that are looked at. */
export const PROMPT_SHARE = 0.05;

export function closedClientsOf({ heldUs, returns, promptReturns }: Levels): ClosedClients | null {
  let busyUs = 0;
  for (let n = 1; n < heldUs.length; n++) busyUs += heldUs[n]!;
  if (busyUs === 0) return null;
  const clients = heldUs.findLastIndex((us) => us >= STRAY_SHARE * busyUs);
  if (clients < 1) return null;
  const shareOfTime = heldUs[clients]! / busyUs;
  const entered = returns[clients - 1]!;
  const prompt = promptReturns[clients - 1]! >= LEAST_PROMPT * entered;
  const enough = entered >= Math.max(LEAST_RETURNS, 2 * clients);
  return shareOfTime >= LEAST_SHARE && prompt && enough ? { clients, shareOfTime } : null;
}
