/** Whole replicas of a quotient: what differs from a whole number by rounding of doubles alone is that number. */

const SLACK = 1e-9;

export function wholeUp(value: number): number {
  // Not -0 for 0.
  return Math.ceil(value - SLACK * Math.max(1, value)) + 0;
}

export function wholeDown(value: number): number {
  return Math.floor(value + SLACK * Math.max(1, value));
}
