/**
 * Replications until intervals are as narrow as asked: a sequential rule with relative precision (Chow and Robbins, Annals of
 * Mathematical Statistics 36, 1965; Law, Simulation Modeling and Analysis, 5th ed., section 9.4.1). Ten at least; then as
 * many as the widest interval says are needed, four times as many at most in one step. It stops when luck makes intervals
 * look narrow too, so that they hold the truth a little less often than 95 %: the more replications, the less.
 */
import { UserError } from '../base/errors.ts';
import type { Figure, Interval, Precision } from './document.ts';
import { interval95 } from './estimate.ts';
import type { Outcome } from './task.ts';

export const LEAST_REPLICATIONS = 10;
const MOST_REPLICATIONS = 1_000;
const MOST_GROWTH = 4;

/**
 * @param asked 0.02: 2 % of each figure either side
 * @param run the configuration over so many replications
 */
export async function runToPrecision(
  asked: number,
  first: number,
  run: (replications: number) => Promise<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly precision: Precision }> {
  let replications = Math.max(LEAST_REPLICATIONS, first);
  for (;;) {
    const outcome = await run(replications);
    const halfWidths = halfWidthsOf(outcome);
    const widest = Math.max(0, ...Object.values(halfWidths));
    const isReached = widest <= asked;
    if (isReached || replications >= MOST_REPLICATIONS) {
      return { outcome, precision: { asked, isReached, replications, halfWidths } };
    }
    const needed = Math.ceil(replications * (widest / asked) ** 2);
    replications = Math.min(
      MOST_REPLICATIONS,
      replications * MOST_GROWTH,
      Math.max(replications + 1, needed),
    );
  }
}

/**
 * Relative to their figure, of cost an hour and of every objective: of a quantile in its seconds, of a share as it stands.
 * Without a figure, or at 0, there is nothing to narrow.
 */
function halfWidthsOf({ result, perReplication }: Outcome): Readonly<Record<string, number>> {
  const widths: Record<string, number> = {};
  const take = (name: string, figure: Figure, interval: Interval | null): void => {
    if (interval === null || figure === null || figure === 0) return;
    widths[name] = (interval[1] - interval[0]) / 2 / Math.abs(figure);
  };
  const ofFigure = (path: string) => result.ci95?.[path] ?? null;
  take('cost.usdPerHour', result.cost?.usdPerHour ?? null, ofFigure('cost.usdPerHour'));
  for (const [i, { objective, share, value }] of (result.slo?.objectives ?? []).entries()) {
    const path = /^(?:latencyS|waitS)\.\w+/.exec(objective)?.[0] ?? '';
    const timed = ofFigure(path);
    if (timed !== null) take(objective, value, timed);
    else {
      const all = share ?? value;
      take(objective, all, interval95({ all, each: perReplication[i] ?? [] }));
    }
  }
  return widths;
}

/** `2%` or `0.02`. */
export function parsePrecision(text: string): number | null {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  const value = percent === undefined ? Number(text) : Number(percent) / 100;
  return text.trim() !== '' && value > 0 && value < 1 ? value : null;
}

export function refusePrecision(isReplay: boolean): UserError {
  const mend = isReplay
    ? 'a replay holds one sample of traffic, and ci95Traffic says how sure it is: leave --precision out, or draw service times and starts'
    : 'leave --precision out';
  const message = `means nothing here: nothing is drawn, so every replication would be the same; ${mend}`;
  return new UserError([{ at: '--precision', path: null, message }]);
}
