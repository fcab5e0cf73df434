/** What is done to a trace after it was read, in this order: sample, window, timeScale, rateScale, repeat. */
import { localClock } from '../../base/local-clock.ts';
import { LONGEST_US, parseDurationUs, US_PER_MIN } from '../../base/units.ts';
import { readIso, Stamp } from '../stamps.ts';
import type { Trace } from '../trace.ts';
import { MOST_FACTOR, type RateScale, sample, scaleRate } from './shape-rate.ts';
import { shapeMistake } from './shape-rows.ts';
import { cutWindow, repeat, scaleTime } from './shape-time.ts';

/** Plain data: what a study's `workload.replay` says besides the files and how they are read. */
export interface Shaping {
  readonly window: Window | null;
  /** The share of the requests that is kept, above 0; 1 keeps all. */
  readonly sample: number;
  /** Arrival times are multiplied by it. */
  readonly timeScale: number;
  readonly rateScale: RateScale | null;
  /** How many copies one behind the other. */
  readonly repeat: number;
  /** Of sample and rateScale. */
  readonly seed: string;
}

/** Dates (`2026-11-02T08:00`, by the trace's own zone where they name none) or durations from time 0; null: as far as it goes. */
export interface Window {
  readonly from: string | null;
  readonly to: string | null;
}

export const SHAPING_DEFAULTS: Shaping = {
  window: null,
  sample: 1,
  timeScale: 1,
  rateScale: null,
  repeat: 1,
  seed: '1',
};

/**
 * A trace with columns of its own where they change; `report.shaping` says what was done.
 * @param timeZone of the window's dates that name none; null: that of the trace's first stamp
 * @throws UserError where no request is left
 */
export function shapeTrace(trace: Trace, shaping: Shaping, timeZone: string | null = null): Trace {
  const { window, rateScale, seed } = shaping;
  // Before the window, so that luck belongs to a request of the log whichever window is asked for.
  const sampled = sample(trace, shaping.sample, seed);
  const cut =
    window === null
      ? sampled
      : cutWindow(sampled, {
          fromUs: edgeUs(sampled, window.from, 'from', timeZone),
          toUs: edgeUs(sampled, window.to, 'to', timeZone),
        });
  const timed = scaleTime(cut, shaping.timeScale);
  const rated = rateScale === null ? timed : scaleRate(timed, rateScale, seed);
  return repeat(rated, shaping.repeat);
}

export interface ShapingMistake {
  readonly key: keyof Shaping;
  /** A sentence without a full stop. */
  readonly message: string;
}

export const MOST_TIME_SCALE = 1_000;
export const MOST_COPIES = 10_000;

/** What depends on the trace is left to `shapeTrace`. */
export function shapingMistakes(shaping: Shaping): ShapingMistake[] {
  const { window, sample: share, timeScale, rateScale, repeat: copies } = shaping;
  const factor = rateScale?.factor ?? 1;
  const shiftUs = rateScale?.shiftUs ?? 0;
  const wrong: readonly (readonly [keyof Shaping, boolean, string])[] = [
    ['sample', !(share > 0 && share <= 1), `must be above 0, at most 1, is ${share}`],
    [
      'timeScale',
      !(timeScale > 0 && timeScale <= MOST_TIME_SCALE),
      `must be above 0, at most ${MOST_TIME_SCALE}, is ${timeScale}`,
    ],
    [
      'rateScale',
      !(factor > 0 && factor <= MOST_FACTOR),
      `must be above 0, at most ${MOST_FACTOR}, is ${factor}`,
    ],
    ['rateScale', !(shiftUs >= 0 && shiftUs <= LONGEST_US), 'shift must be 0s .. 87600h'],
    [
      'repeat',
      !(Number.isInteger(copies) && copies >= 1 && copies <= MOST_COPIES),
      `must be a whole number of 1 .. ${MOST_COPIES}, is ${copies}`,
    ],
  ];
  return [
    ...(window === null ? [] : windowMistakes(window)).map((message) => ({
      key: 'window' as const,
      message,
    })),
    ...wrong.flatMap(([key, isWrong, message]) => (isWrong ? [{ key, message }] : [])),
  ];
}

function windowMistakes({ from, to }: Window): string[] {
  if (from === null && to === null) return ['is empty: give from, to or both'];
  const begin = from === null ? null : parseEdge(from);
  const end = to === null ? null : parseEdge(to);
  const none = [begin === null ? from : null, end === null ? to : null].filter(
    (text) => text !== null,
  );
  if (none.length > 0) {
    const must = 'must be a date such as 2026-11-02T08:00, or a duration such as 6h';
    return none.map((text) => `${must}, is ${text}`);
  }
  if (begin === null || end === null || begin.dated !== end.dated) return [];
  const comparable = (begin.zoneMin === null) === (end.zoneMin === null);
  return comparable && edgeInstant(end) <= edgeInstant(begin)
    ? [`must end after it begins (${from}), ends ${to}`]
    : [];
}

interface Edge {
  readonly dated: boolean;
  /** From time 0; of a date since 1970, as if the wall showed UTC. */
  readonly us: number;
  /** null where the date names no zone. */
  readonly zoneMin: number | null;
}

function edgeInstant({ us, zoneMin }: Edge): number {
  return us - (zoneMin ?? 0) * US_PER_MIN;
}

function parseEdge(text: string): Edge | null {
  const us = parseDurationUs(text);
  if (us !== null) return { dated: false, us: Math.round(us), zoneMin: null };
  const stamp = new Stamp();
  const [, date, clock = 'T00:00', rest = ''] =
    /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d)?(.*)$/.exec(text) ?? [];
  const seconds = /^:\d\d/.test(rest) ? '' : ':00';
  if (date === undefined || !readIso(`${date}${clock}${seconds}${rest}`, stamp)) return null;
  const named = !Number.isNaN(stamp.zoneMin);
  const zoneMin = named ? stamp.zoneMin : null;
  return { dated: true, us: stamp.us + (zoneMin ?? 0) * US_PER_MIN, zoneMin };
}

/** By the trace's own time. */
function edgeUs(
  { firstAtUs, zoneOffsetMin, report }: Trace,
  text: string | null,
  key: keyof Window,
  timeZone: string | null,
): number | null {
  if (text === null) return null;
  const edge = parseEdge(text);
  if (edge === null) throw shapeMistake(report.name, `window.${key}`, `${text} is no time`);
  if (!edge.dated) return edge.us;
  if (firstAtUs === null) {
    const message = `is a date (${text}), and this trace has none: write a duration from its beginning, 6h say`;
    throw shapeMistake(report.name, `window.${key}`, message);
  }
  if (edge.zoneMin === null && timeZone !== null) {
    return localClock(timeZone).toUtcUs(edge.us) - firstAtUs;
  }
  return edgeInstant({ ...edge, zoneMin: edge.zoneMin ?? zoneOffsetMin }) - firstAtUs;
}
