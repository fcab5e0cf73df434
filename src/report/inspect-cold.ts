/** Would it go cold? The answer in a sentence, then a row an idle window. */
import type { TraceDescription } from '../workload/description/description.ts';
import type { Gap } from '../workload/description/gaps.ts';
import { chosenSeconds, count, percent, rough, seconds, short, significant } from './numbers.ts';
import { type Column, table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

/** What it says of platforms' own windows, or of this one where none of them is known. */
const USUAL_WINDOW_S = 60;
const MOST_ANSWERS = 4;

/** `Goes cold 402 times a day at 60 s (modal); never from 15 min on`. */
export function coldAnswer(about: TraceDescription, style: Style = PLAIN): string[] {
  const { gaps } = about;
  if (about.spanS === 0) return [];
  const cold = gaps.filter(({ outlasting }) => outlasting > 0);
  const never = gaps[cold.length];
  if (cold.length === 0) {
    return [style.bold(`Never goes cold, not even at ${window(gaps[0]!)}: min 1 buys nothing`)];
  }
  const own = cold.filter(({ platforms }) => platforms.length > 0);
  const told = own.length > 0 ? own : [cold.find(isUsual) ?? cold.at(-1)!];
  const times = told
    .slice(0, MOST_ANSWERS)
    .map((gap, index) => `${timesOf(gap, index === 0)} at ${window(gap)}${marks(gap)}`);
  const text = `Goes cold ${times.join(', ')}${never === undefined ? '' : `; never from ${window(never)} on`}`;
  return [style.bold(wrapped(text, 2)), ...furtherStarts(told, style)];
}

/** A pool that never goes down to nothing still grows and shrinks. */
function furtherStarts(told: readonly Gap[], style: Style): string[] {
  const gap = told.at(-1)!;
  const { perRequest, perDay } = gap;
  if (perRequest === null || perRequest.starts === gap.count) return [];
  const most = perDay === null ? count(perRequest.starts) : aDay(perDay.startsAtMost!);
  const times = `${most} times${perDay === null ? '' : ' a day'}`;
  return [
    style.dim(
      `  down to no replica, that is; with one request each, replicas start ${times} at ${window(gap)}`,
    ),
  ];
}

const isUsual = ({ idleWindowS }: Gap) => idleWindowS === USUAL_WINDOW_S;
const window = ({ idleWindowS }: Gap) => chosenSeconds(idleWindowS);
const marks = ({ platforms }: Gap) => (platforms.length === 0 ? '' : ` (${platforms.join(', ')})`);

function timesOf({ perDay, count: starts }: Gap, first: boolean): string {
  const times = perDay === null ? count(starts) : aDay(perDay.startsAtLeast);
  return first ? `${times} times${perDay === null ? '' : ' a day'}` : times;
}

export function coldTable(about: TraceDescription, style: Style = PLAIN): string[] {
  const { gaps, spanS, serviceS } = about;
  if (spanS === 0) return [];
  const byDay = gaps[0]!.perDay !== null;
  const columns: Column[] = [
    { head: '  idle window' },
    { head: 'default of', align: 'left' },
    { head: byDay ? 'starts a day' : 'starts' },
    { head: byDay ? 'idle h a day' : 'idle' },
    { head: 'warm' },
    { head: byDay ? 'min 1 saves, a day' : 'min 1 saves', align: 'left' },
  ];
  const [top, ...body] = table(columns, worthShowing(gaps).map(byDay ? dailyRow : totalRow));
  return [
    style.bold(`Would it go cold?${byDay ? '' : `  in ${seconds(spanS)}`}`),
    style.dim(top!),
    ...body,
    ...keptReplicas(gaps),
    style.dim(wrapped(`  ${serviceS === null ? SILENCES : BOUNDS}`, 2)),
  ];
}

const MOST_NAMES = 16;
const MOST_KEPT = 4;
const ORDINALS = ['1st', '2nd', '3rd', '4th'];

/** What each further one buys, where a replica takes one request at a time: at one window, the others are in the JSON. */
function keptReplicas(gaps: readonly Gap[]): string[] {
  const gap = gaps.find(isUsual);
  const kept = gap?.perRequest?.kept.slice(0, MOST_KEPT) ?? [];
  if (gap === undefined || kept.length < 2) return [];
  const days = gap.perDay === null ? 1 : gap.count / gap.perDay.startsAtLeast;
  const day = gap.perDay === null ? '' : ' a day';
  const each = kept.map(({ startsSaved, coldS }, index) => {
    const [starts, idle] = [aDay(startsSaved / days), seconds(coldS / days)];
    return index === 0
      ? `the 1st kept replica saves ${starts} ${startsSaved === 1 ? 'start' : 'starts'}${day} for ${idle} more idling`
      : `the ${ORDINALS[index]} ${starts} for ${idle}`;
  });
  return [wrapped(`  At ${window(gap)}, one request a replica: ${each.join(', ')}`, 2)];
}

const BOUNDS =
  'Exact without load times or a limit on replicas, for one replica that serves everything .. one request a replica (most recently used first); the starts of any other concurrency and routing lie between. With load times of at most L the row of idle window + L still has the fewest starts.';
const SILENCES =
  'Of one replica that serves everything, and at most: without durations silences last from arrival to arrival.';

/** Once it never goes cold, only windows that are a platform's or that spare starts where each takes one request. */
function worthShowing(gaps: readonly Gap[]): readonly Gap[] {
  const never = gaps.findIndex(({ outlasting }) => outlasting === 0);
  return gaps.filter(
    ({ platforms, perRequest }, index) =>
      never < 0 ||
      index <= never ||
      platforms.length > 0 ||
      perRequest?.starts !== gaps[index - 1]!.perRequest?.starts,
  );
}

function dailyRow(gap: Gap): string[] {
  const { startsAtLeast, startsAtMost, idleH, idleHPerRequest, coldH } = gap.perDay!;
  return [
    ...rowHead(gap),
    range(aDay(startsAtLeast), startsAtMost === null ? null : aDay(startsAtMost)),
    range(significant(idleH), idleHPerRequest === null ? null : significant(idleHPerRequest)),
    percent(gap.warmShare),
    saved(gap, aDay(startsAtLeast), `${significant(coldH)} h`),
  ];
}

function totalRow(gap: Gap): string[] {
  const { count: starts, idleS, perRequest } = gap;
  return [
    ...rowHead(gap),
    range(aDay(starts), perRequest === null ? null : aDay(perRequest.starts)),
    range(seconds(idleS), perRequest === null ? null : seconds(perRequest.idleS)),
    percent(gap.warmShare),
    saved(gap, aDay(starts), seconds(gap.coldS)),
  ];
}

function rowHead(gap: Gap): string[] {
  return [window(gap), abridged(gap.platforms)];
}

/** As many names as a column has room for, and how many more. */
function abridged(names: readonly string[]): string {
  const shown = names.filter((_, i) => names.slice(0, i + 1).join(', ').length <= MOST_NAMES);
  if (shown.length === names.length) return names.join(', ');
  const first = shown.length > 0 ? shown.join(', ') : harmless(names[0]!, MOST_NAMES);
  return `${first} +${names.length - Math.max(1, shown.length)}`;
}

/** Starts, and how much longer it idles. */
function saved({ outlasting }: Gap, starts: string, idle: string): string {
  return outlasting === 0 ? 'nothing' : `${starts} for ${idle}`;
}

/** Whole from a hundred on, `1.23 M` where nobody counts any more. */
function aDay(starts: number): string {
  if (starts >= 1e5) return rough(starts);
  return starts >= 100 ? count(starts) : short(starts);
}

function range(least: string, most: string | null): string {
  return most === null || most === least ? least : `${least} .. ${most}`;
}
