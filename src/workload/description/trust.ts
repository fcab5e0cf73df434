/** How far a trace can be trusted: what it is too short, too coarse or too incomplete to tell, each with its reason. */
import { US_PER_DAY, US_PER_S } from '../../base/units.ts';
import { formatIso } from '../stamps.ts';
import type { Trace } from '../trace.ts';
import { longestSilences, type Silence } from './burstiness.ts';
import type { ClosedClients } from './closed-clients.ts';
import type { Gap } from './gaps.ts';
import { counted, listed, number, percent, time } from './wording.ts';

export interface Doubt {
  readonly about:
    | 'span'
    | 'resolution'
    | 'durations'
    | 'requests'
    | 'gaps'
    | 'order'
    | 'silence'
    | 'closedClients';
  readonly text: string;
}

export interface Grounds {
  readonly trace: Trace;
  readonly hasDurations: boolean;
  /** Requests without a duration, where others have one. */
  readonly missing: number;
  readonly tieShare: number;
  readonly gaps: readonly Gap[];
  readonly closedClients: ClosedClients | null;
}

/** From first to last request a log of a day is a little shorter than one. */
const NEARLY = 0.95;
const DAY_US = NEARLY * US_PER_DAY;
const WEEK_US = 7 * DAY_US;
/** Fewer lie beyond a p99 than can fix it: their count has a standard deviation of a third of itself or more. */
const LEAST_TAIL = 10;
const MANY_TIES = 0.05;

export function doubtsOf(grounds: Grounds): Doubt[] {
  return [
    ...closed(grounds.closedClients),
    ...span(grounds.trace),
    ...silences(grounds.trace),
    ...durations(grounds),
    ...resolution(grounds),
    ...requests(grounds),
    ...tail(grounds),
    ...order(grounds.trace),
  ];
}

function closed(clients: ClosedClients | null): Doubt[] {
  if (clients === null) return [];
  const { clients: n, shareOfTime } = clients;
  const ceiling = `Exactly ${counted(n, 'request')} in flight for ${percent(shareOfTime)} of the busy time, each followed at once by the next`;
  const waiting = n === 1 ? 'waits for its answers' : 'wait for their answers';
  const cause = `this looks like ${counted(n, 'client')} that ${waiting}, or a limit of ${number(n)} that held requests back`;
  return [
    {
      about: 'closedClients',
      text: `${ceiling}: ${cause}. Replayed as it stands it would not slow down with a slower system.`,
    },
  ];
}

function span({ period }: Trace): Doubt[] {
  const us = period.toUs - period.fromUs;
  if (us >= WEEK_US) return [];
  const text =
    us < DAY_US
      ? `Shorter than a day (${time(us)}): it shows no daily pattern, so a day or a month "like this" is a guess.`
      : `Shorter than a week (${time(us)}): it cannot show how weekdays and weekends differ.`;
  return [{ about: 'span', text }];
}

/** A silence is a hole where it is so many times as long as the next that is none. */
const HOLE_FACTOR = 5;
const MOST_HOLES = 3;
/** And where the trace's mean rate would have had so many requests in it: Poisson is silent that long once in 5e8 times. */
const LEAST_LOST = 20;

/**
 * The one to three longest silences, if they are at least five times as long as the next. Exponential gaps never are (for n
 * of them with probability n^-4), gaps with a heavy tail may be, and so may a night: it asks, and does not say.
 */
function holesIn(trace: Trace): Silence[] {
  const { count, period } = trace;
  const longest = longestSilences(trace, MOST_HOLES + 1);
  const perUs = count / (period.toUs - period.fromUs);
  for (let holes = Math.min(MOST_HOLES, longest.length - 1); holes >= 1; holes--) {
    const last = longest[holes - 1]!.lengthUs;
    if (last >= HOLE_FACTOR * longest[holes]!.lengthUs && last * perUs >= LEAST_LOST) {
      return longest.slice(0, holes).sort((a, b) => a.fromUs - b.fromUs);
    }
  }
  return [];
}

function silences(trace: Trace): Doubt[] {
  const holes = holesIn(trace);
  if (holes.length === 0) return [];
  const at = (us: number) =>
    trace.firstAtUs === null
      ? `${time(us)} in`
      : formatIso(Math.floor((trace.firstAtUs + us) / US_PER_S) * US_PER_S);
  const where = listed(holes.map(({ fromUs, lengthUs }) => `${time(lengthUs)} from ${at(fromUs)}`));
  const text = `Silent for ${where}, at least ${HOLE_FACTOR} times as long as ever else: was there no traffic, or no log?`;
  return [{ about: 'silence', text }];
}

function durations({ trace, hasDurations, missing }: Grounds): Doubt[] {
  if (!hasDurations) {
    const text =
      'No durations: silences are told from arrival to arrival, so there are at most as many as it says, and what is in flight is not known.';
    return [{ about: 'durations', text }];
  }
  if (missing === 0) return [];
  const share = percent(missing / trace.count);
  const text = `${counted(missing, 'request')} (${share}) ${missing === 1 ? 'has' : 'have'} no duration (failed, refused, or not logged): counted as holding nothing, so concurrency is too low and silences are too many by what such requests held.`;
  return [{ about: 'durations', text }];
}

function resolution({ trace, tieShare }: Grounds): Doubt[] {
  const { resolutionUs } = trace.report;
  if (resolutionUs >= US_PER_S && trace.count > 1) {
    const whole =
      resolutionUs === US_PER_S ? 'whole seconds' : `multiples of ${time(resolutionUs)}`;
    const ties = tieShare > MANY_TIES ? ` (${percent(tieShare)} of the arrivals coincide)` : '';
    const text = `The log's stamps are ${whole}${ties}: order, bursts and silences finer than that are not in it.`;
    return [{ about: 'resolution', text }];
  }
  if (tieShare <= MANY_TIES) return [];
  const text = `${percent(tieShare)} of the arrivals coincide with another: batches, or a clock that is coarser than its digits.`;
  return [{ about: 'resolution', text }];
}

function requests({ trace, hasDurations, missing }: Grounds): Doubt[] {
  const known = hasDurations ? trace.count - missing : trace.count;
  if (known >= 100 * LEAST_TAIL) return [];
  const what = hasDurations ? 'service time' : 'request';
  const text = `Few requests: of ${counted(known, what)} fewer than ten lie beyond a p99.`;
  return [{ about: 'requests', text }];
}

function tail({ trace: { period }, gaps }: Grounds): Doubt[] {
  const us = ({ idleWindowS }: Gap) => idleWindowS * US_PER_S;
  const few = gaps.filter(({ outlasting }) => outlasting > 0 && outlasting < LEAST_TAIL);
  const none = gaps.find(({ outlasting }) => outlasting === 0);
  const spanUs = period.toUs - period.fromUs;
  const texts: string[] = [];
  if (few.length > 0) {
    const each = few.map(
      (gap) =>
        `${gap.outlasting} ${gap.outlasting === 1 ? 'is' : 'are'} longer than ${time(us(gap))}`,
    );
    texts.push(`Few long silences: ${listed(each)}. Such counts may be off by half the next time.`);
  }
  // The rule of three: of what happens at random, none in a time excludes more than three in it with 95 %.
  if (none !== undefined && spanUs > us(none) && spanUs < WEEK_US) {
    texts.push(
      `That no silence is longer than ${time(us(none))} rests on ${time(spanUs)}: up to three in as long a time would be no surprise (95 %, if they come at random).`,
    );
  }
  return texts.map((text) => ({ about: 'gaps', text }));
}

function order({ report }: Trace): Doubt[] {
  if (report.reordered === 0) return [];
  const text = `${counted(report.reordered, 'line')} stood out of order and were sorted: if several machines wrote them, their clocks may differ by as much.`;
  return [{ about: 'order', text }];
}
