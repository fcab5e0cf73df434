/** Wall clocks of IANA time zones over a span, from Intl's tables; no clock of this machine is read. */
import { assert } from './errors.ts';
import { US_PER_MS } from './units.ts';

const MS_PER_DAY = 86_400_000;
const MS_PER_MIN = 60_000;
const MS_PER_S = 1_000;

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const FIXED_OFFSET = /^([+-])(\d\d):(\d\d)$/;

/** Wall time minus UTC at an instant, by the rules of a zone, or by an offset such as `+02:00`. */
export function offsetReader(timeZone: string): (epochMs: number) => number {
  const [, sign, hours, minutes] = FIXED_OFFSET.exec(timeZone) ?? [];
  if (sign !== undefined) {
    const min = 60 * Number(hours) + Number(minutes);
    const offsetMs = (sign === '-' ? -min : min) * MS_PER_MIN;
    return () => offsetMs;
  }
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (epochMs) => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(epochMs)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const wallMs = Date.UTC(year, month - 1, day, hour, minute, second);
    return wallMs - Math.floor(epochMs / MS_PER_S) * MS_PER_S;
  };
}

/** A constant offset from an instant on. */
export interface Stretch {
  readonly fromMs: number;
  readonly offsetMs: number;
}

/** A change of offset within a day of another one would be missed; no zone has had that since 1970. */
export function stretchesOf(
  offsetAt: (epochMs: number) => number,
  fromMs: number,
  toMs: number,
): readonly Stretch[] {
  const stretches = [{ fromMs, offsetMs: offsetAt(fromMs) }];
  for (let ms = fromMs; ms < toMs; ms += MS_PER_DAY) {
    const offsetMs = offsetAt(ms + MS_PER_DAY);
    if (offsetMs === stretches.at(-1)!.offsetMs) continue;
    let before = ms;
    let after = ms + MS_PER_DAY;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === offsetMs) after = middle;
      else before = middle;
    }
    stretches.push({ fromMs: after, offsetMs });
  }
  return stretches;
}

/** One zone over one span: stretches of constant offset, so that a schedule's many times need arithmetic only. */
export class ZoneClock {
  readonly #stretches: readonly Stretch[];

  constructor(timeZone: string, fromEpochUs: number, toEpochUs: number) {
    this.#stretches = stretchesOf(
      offsetReader(timeZone),
      Math.floor(fromEpochUs / US_PER_MS) - 2 * MS_PER_DAY,
      Math.ceil(toEpochUs / US_PER_MS) + 2 * MS_PER_DAY,
    );
  }

  /** What the wall shows at an instant, as if it were UTC. */
  wallMs(epochMs: number): number {
    let offsetMs = this.#stretches[0]!.offsetMs;
    for (const stretch of this.#stretches)
      if (stretch.fromMs <= epochMs) offsetMs = stretch.offsetMs;
    return epochMs + offsetMs;
  }

  /**
   * When the wall shows a time: twice where the clock goes back (`which` says which), and where it skips the time, the
   * instant at which it skips.
   */
  epochMs(wallMs: number, which: 'first' | 'last'): number {
    let found: number | null = null;
    for (const [i, { fromMs, offsetMs }] of this.#stretches.entries()) {
      const ms = wallMs - offsetMs;
      // Shown neither before this stretch nor in it: the clock skips it as the stretch begins.
      if (ms < fromMs && i > 0) return found ?? fromMs;
      const next = this.#stretches[i + 1];
      if (next !== undefined && ms >= next.fromMs) continue;
      if (which === 'first') return ms;
      found = ms;
    }
    assert(found !== null, 'the last stretch has no end');
    return found;
  }
}
