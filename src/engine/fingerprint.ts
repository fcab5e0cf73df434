/**
 * A run's trajectory as 32 bits: a rolling hash of each event's time and kind and of the state that it leaves. Two runs with
 * the same fingerprint took the same path; a changed one means that some event changed, not which.
 */
export function fingerprintOf(
  before: number,
  atUs: number,
  kind: number,
  busy: number,
  waiting: number,
): number {
  const state = kind + 8 * busy + 2 ** 23 * waiting;
  return (Math.imul(before ^ (atUs | 0), 0x9e3779b1) + state) | 0;
}
