/**
 * How fast requests run together on a replica: `slotSpeed: { 1: 1, 4: 0.8, 8: 0.5 }` is the speed of each when so many
 * are in service, relative to that at which the trace's demands are meant.
 *
 * Between two given numbers the speed is interpolated. Beyond the last nothing is known; what the replica does then in all
 * is taken to stay, so n requests share last x speed(last): { 1: 1 } is a replica that does one request's work at a time,
 * however many share it, and { 1: 1, 4: 1 } one that does four's.
 */
import { ProcessorSharing } from './processor-sharing.ts';

/** Each of `requests` in service together runs at `speed`. */
export interface SpeedPoint {
  readonly requests: number;
  readonly speed: number;
}

/** By number of requests, ascending from 1. */
export type SlotSpeed = readonly SpeedPoint[];

/** What is wrong with the speeds, a sentence each, without full stops; empty where all is well. */
export function slotSpeedMistakes(points: SlotSpeed): string[] {
  const mistakes: string[] = [];
  if (points[0]?.requests !== 1) {
    mistakes.push('the speed of one request by itself is missing, such as 1: 1');
  }
  points.forEach(({ requests, speed }, i) => {
    if (!Number.isSafeInteger(requests) || requests < 1) {
      mistakes.push(`${requests} is no number of requests: a whole number, 1 or more`);
    }
    if (i > 0 && requests <= points[i - 1]!.requests) {
      mistakes.push(`${requests} requests must come after fewer`);
    }
    if (!(speed > 0 && speed <= FASTEST)) {
      mistakes.push(`the speed of ${requests} must be above 0 and at most ${FASTEST}, is ${speed}`);
    }
  });
  return mistakes;
}

const FASTEST = 1000;

/** The speed of each of `requests` in service together. */
export function speedOfEach(points: SlotSpeed, requests: number): number {
  const last = points.at(-1)!;
  if (requests >= last.requests) return (last.requests * last.speed) / requests;
  const to = points.findIndex((given) => given.requests > requests);
  const a = points[to - 1]!;
  const b = points[to]!;
  const share = (requests - a.requests) / (b.requests - a.requests);
  return a.speed + (b.speed - a.speed) * share;
}

/** The requests in service as members of their replicas: they join with their demand in microseconds. */
export class SlotSharing extends ProcessorSharing {
  /** @param points without mistakes */
  constructor(points: SlotSpeed) {
    const fastest = Math.max(...points.map(({ speed }) => speed));
    super((requests) => speedOfEach(points, requests), fastest);
  }
}
