/** One configuration in one screen: what it costs, how slow it is, where the replicas' time goes. */
import type { Figure, ObjectiveResult, Result, Varied } from '../study/document.ts';
import { adviceLines } from './advice-lines.ts';
import { bar, sparkline } from './bars.ts';
import { basisOf } from './basis.ts';
import { careLines } from './care-lines.ts';
import { endpointLines, poolLines } from './fleet-tables.ts';
import { floorLines } from './floor-lines.ts';
import { pingLines, refusalLines, startLines, troubleLines } from './happening-lines.ts';
import { line } from './labeled-line.ts';
import { monthUsd } from './month.ts';
import {
  count,
  counted,
  dollars,
  dollarsPerHour,
  percent,
  rate,
  seconds,
  short,
  significant,
} from './numbers.ts';
import { harmless, PLAIN, type Style, type Surroundings, wrappedParts } from './text.ts';
import { trafficLines } from './traffic-lines.ts';
import { rowName } from './varied.ts';

/** The picture is of the observed period, an interval of the time line for each character. */
export const PICTURE_INTERVALS = 60;
/** Fewer points than this make no picture. */
const MIN_POINTS = 8;
const BAR_WIDTH = 24;

export interface SimulateScreenOptions extends Surroundings {
  /** What the configuration is: `settingsOf`. */
  readonly settings?: Varied;
}

export function simulateScreen(
  result: Result,
  { style = PLAIN, traffic = [], prices = [], settings = {} }: SimulateScreenOptions = {},
): string {
  const { name, vary, replications } = result;
  const configuration = { ...settings, ...vary };
  const title = [
    harmless(name),
    Object.keys(configuration).length === 0 ? '' : rowName(configuration),
    counted(replications, 'replication'),
  ];
  const blocks = [
    [style.bold(wrappedParts(title, ' · ', 2)), ...traffic],
    [
      ...cost(result),
      ...latency(result),
      ...waiting(result),
      ...cold(result),
      ...startLines(result),
      ...troubleLines(result, style),
      ...requests(result, style),
      ...refusalLines(result),
      ...pingLines(result),
      ...replicas(result),
      ...slo(result, style),
      ...trafficLines(result),
    ],
    poolLines(result),
    endpointLines(result),
    [...time(result), ...floorLines(result.bounds)],
    bill(result),
    timeline(result),
    adviceLines(result, style),
    [...basisOf([result], style), ...careLines(result), ...prices],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** ` ± $0.05`: the further end of a figure's 95 % interval; nothing where there is none. */
function plusMinus(
  result: Result,
  path: string,
  value: Figure,
  text: (half: number) => string,
): string {
  const interval = result.ci95?.[path];
  if (interval === undefined || value === null) return '';
  const half = Math.max(interval[1] - value, value - interval[0]);
  return half > 0 ? ` ± ${text(half)}` : '';
}

function cost(result: Result): string[] {
  if (result.cost === null) return [line('Cost', 'unknown: there is no price')];
  const { usdPerHour, usdPerMonth, usdPerThousandRequests, usd, tailUsd } = result.cost;
  return [
    line(
      'Cost',
      `${dollarsPerHour(usdPerHour)}${plusMinus(result, 'cost.usdPerHour', usdPerHour, dollars)}`,
      usdPerMonth === null ? '' : month(result),
      `${dollars(usdPerThousandRequests)} per 1,000 requests`,
    ),
    line(
      '',
      `${dollars(usd)} for the ${seconds(tailUsd ? result.horizonS : lengthS(result))} of the run` +
        (tailUsd ? `, ${dollars(tailUsd)} of it after the observed period` : ''),
    ),
  ];
}

function month(result: Result): string {
  return `${dollars(monthUsd(result))}/month (${result.monthFrom ?? '730 h'})`;
}

function latency(result: Result): string[] {
  const { p50, p95, p99, max } = result.latencyS;
  return [
    line(
      'Latency',
      `p50 ${seconds(p50)}`,
      `p95 ${seconds(p95)}`,
      `p99 ${seconds(p99)}${plusMinus(result, 'latencyS.p99', p99, seconds)}`,
      `max ${seconds(max)}`,
    ),
  ];
}

function waiting({ waitS }: Result): string[] {
  if (waitS.sum === 0) return [line('Waiting', 'no request waited')];
  return [
    line(
      'Waiting',
      `p50 ${seconds(waitS.p50)}`,
      `p95 ${seconds(waitS.p95)}`,
      `p99 ${seconds(waitS.p99)}`,
      `max ${seconds(waitS.max)}`,
    ),
    line('', whyWaited(waitS)),
  ];
}

/** Each with the key that would change it. */
const WAITED: readonly (readonly [keyof Result['waitS']['why'], string])[] = [
  ['start', 'for a replica to start (deployment.coldStart, replicas.min)'],
  ['shortage', 'for capacity that was short (weather)'],
  ['max', 'at deployment.replicas.max'],
  ['startRate', 'at deployment.replicas.startRate'],
  ['target', 'for a controller that wanted no more (deployment.scaling)'],
  ['accountGpus', 'at account.gpus'],
  ['accountConcurrency', 'at account.concurrency'],
];

function whyWaited({ why, sum }: Result['waitS']): string {
  const parts = WAITED.filter(([key]) => why[key] > 0)
    .toSorted(([a], [b]) => why[b] - why[a])
    .map(([key, words], i) => `${percent(why[key] / sum)}${i === 0 ? ' of it' : ''} ${words}`);
  return parts.join(', ');
}

function cold(result: Result): string[] {
  const { coldStarts, requests, replicas } = result;
  const perHour = coldStarts.requests / (lengthS(result) / 3600);
  return [
    line(
      'Cold',
      `${count(coldStarts.requests)} of ${counted(Math.round(requests.completed), 'request')} (${percent(coldStarts.fraction)}), ${significant(perHour)} an hour; ` +
        `${counted(replicas.starts, 'replica')} started, ${count(replicas.unusedStarts)} for nobody` +
        (replicas.scheduledStarts > 0 ? `; ${count(replicas.scheduledStarts)} by schedule` : ''),
    ),
  ];
}

/** What events are counted over: the run goes on after the last of them. */
function lengthS({ observedS, horizonS }: Result): number {
  return observedS > 0 ? observedS : horizonS;
}

function requests(result: Result, style: Style): string[] {
  const { requests } = result;
  const { arrived, rejected, timedOut, late, retries, failedFraction } = requests;
  const lost = [
    rejected > 0 ? `${count(rejected)} rejected` : '',
    timedOut > 0 ? `${count(timedOut)} timed out` : '',
    late > 0 ? `${count(late)} too late for their client` : '',
  ].filter((part) => part !== '');
  const fate =
    lost.length === 0
      ? 'all completed'
      : style.bad(`${percent(failedFraction)} failed: ${lost.join(', ')}`);
  return [
    line(
      'Requests',
      `${count(arrived)} arrived (${rate(arrived / lengthS(result))}), ${fate}` +
        (retries > 0 ? `; ${count(retries)} retries` : ''),
    ),
  ];
}

function replicas({ replicas, utilization, slotUtilization }: Result): string[] {
  return [
    line(
      'Replicas',
      `mean ${significant(replicas.mean)}`,
      `peak ${count(replicas.peak)}`,
      `busy ${percent(utilization)} of their time`,
      slotUtilization === undefined ? '' : `slots ${percent(slotUtilization)}`,
    ),
  ];
}

function slo({ slo }: Result, style: Style): string[] {
  const all = slo?.objectives ?? [];
  return all.flatMap(({ objective, met, value, share, why }, i) => {
    const verdict = met ? style.good('met   ') : style.bad('broken');
    const within = share === null || share === value ? '' : `, ${percent(share)} within`;
    const is =
      value === null
        ? (why ?? 'beyond any bound: too many failed')
        : `is ${inUnitOf(objective, value)}`;
    return [
      line(i === 0 ? 'SLO' : '', `${verdict} ${objective} (${is}${within})`),
      ...attainment(all[i]!),
    ];
  });
}

/** What an objective lets fail, and when. */
function attainment({ share, budgetSpent, worstHour, hoursMet }: ObjectiveResult): string[] {
  if (share === null || share === 1 || budgetSpent == null) return [];
  const hours =
    worstHour === undefined || hoursMet === undefined
      ? ''
      : `; by the hour met in ${count(hoursMet.met)} of ${count(hoursMet.of)}, worst ${percent(worstHour.share)} ${hourOf(worstHour)}`;
  const budget = `budget ${percent((1 - share) / budgetSpent)}, ${percent(budgetSpent)} of it spent`;
  return [line('', `${' '.repeat(VERDICT_WIDTH)}${budget}${hours}`)];
}

const VERDICT_WIDTH = 'broken '.length;

function hourOf({ at, fromS }: NonNullable<ObjectiveResult['worstHour']>): string {
  return at === null ? `from ${seconds(fromS)}` : `at ${at.slice(0, 16)}Z`;
}

/** A figure as its threshold is written: `<= 5%`, `<= 0.05`, `<= 12`. */
function inUnitOf(objective: string, value: number): string {
  if (objective.endsWith('%')) return percent(value);
  return Number.isInteger(value) ? count(value) : significant(value);
}

/** Where replica time goes; what of it is paid, the bill says. */
function time({ replicaTimeS }: Result): string[] {
  const { starting, idle, idleKept, busy, draining, total } = replicaTimeS;
  if (total === 0) return [];
  const parts: readonly (readonly [string, number])[] = [
    ['busy', busy],
    ['kept warm', idleKept],
    ['idle window', idle - idleKept],
    ['starting', starting],
    ['draining', draining],
  ];
  return parts
    .filter(([, value]) => value > 0)
    .map(([label, value], i) =>
      line(
        i === 0 ? 'Time' : '',
        `${label.padEnd(12)} ${percent(value / total).padStart(7)}  ${bar(value / total, BAR_WIDTH)}`,
      ),
    );
}

const MAX_LINES = 20;

function bill({ cost }: Result): string[] {
  const all = cost?.lines ?? [];
  const lines = all.length > MAX_LINES + 1 ? all.slice(0, MAX_LINES) : all;
  const more = all.slice(lines.length);
  const moreUsd = more.reduce((sum, { usd }) => sum + usd, 0);
  const width = Math.max(16, ...lines.map(({ meter }) => harmless(meter).length));
  const shown = lines.map(({ meter, quantity, unit, usdPerUnit, usd }, i) =>
    line(
      i === 0 ? 'Bill' : '',
      `${harmless(meter).padEnd(width)} ${short(quantity, 6)} ${harmless(unit)} x $${short(usdPerUnit, 6)} = ${dollars(usd)}`,
    ),
  );
  return more.length === 0
    ? shown
    : [...shown, line('', `${count(more.length)} more lines: ${dollars(moreUsd)}`)];
}

function timeline({ timeline, replicas }: Result): string[] {
  if (timeline === undefined || timeline.busy.length < MIN_POINTS) return [];
  const { intervalS, idle, starting, draining, desired = [], signal = [] } = timeline;
  const busy = timeline.busy.slice(0, PICTURE_INTERVALS);
  const all = busy.map((value, i) => value + idle[i]! + starting[i]! + draining[i]!);
  const read = signal.map((value) => value ?? 0);
  return [
    line(
      'replicas',
      `${sparkline(all, PICTURE_INTERVALS)}  0 .. ${seconds(intervalS * busy.length)}, peak ${count(replicas.peak)}`,
    ),
    ...picture('wanted', desired, 'highest'),
    ...picture('signal', read, 'highest'),
    ...picture('waiting', timeline.waiting, 'highest mean'),
  ];
}

/** Nothing where all is 0. */
function picture(label: string, values: readonly number[], highest: string): string[] {
  const seen = values.slice(0, PICTURE_INTERVALS);
  if (!seen.some((value) => value > 0)) return [];
  const most = significant(Math.max(...seen));
  return [line(label, `${sparkline(seen, PICTURE_INTERVALS)}  ${highest} ${most}`)];
}
