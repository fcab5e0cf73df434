/** The rate of a trace over time, several rows high, with its axes. */
import type { RateBins } from '../workload/description/rate-bins.ts';
import { columnsOfBars, sparkline } from './bars.ts';
import { chosenSeconds, short } from './numbers.ts';

const ROWS = 6;
/** Fewer bins are no picture, fewer requests are one of a single line. */
const LEAST_BINS = 8;
const LEAST_REQUESTS = 100;
const TICK_WIDTH = 9;

const S_PER_MIN = 60;
const S_PER_H = 3_600;
const S_PER_DAY = 86_400;

/** Between two ticks. */
const STEPS_S = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((min) => min * S_PER_MIN),
  ...[1, 2, 3, 4, 6, 12].map((h) => h * S_PER_H),
  ...[1, 2, 7, 14, 28].map((days) => days * S_PER_DAY),
];

/** @param clockS what a time of the trace is by the log's own clock, in seconds since 1970; null for relative times */
export function rateChart(
  { binS, fromS, requests }: RateBins,
  clockS: ((traceS: number) => number) | null,
): string[] {
  const total = requests.reduce((sum, count) => sum + count, 0);
  if (requests.length < LEAST_BINS) return [];
  const unit = unitOf(total / (requests.length * binS));
  const rates = requests.map((count) => (count / binS) * unit.s);
  if (total < LEAST_REQUESTS) return [`  req/${unit.name}  ${sparkline(rates, requests.length)}`];
  const top = niceAbove(Math.max(...rates));
  const labels = [top, top / 2, 0].map((value) => short(value));
  const width = Math.max(...labels.map((label) => label.length));
  const label = (row: number) => (row === 0 ? labels[0]! : row === ROWS / 2 ? labels[1]! : '');
  const bars = columnsOfBars(rates, top, ROWS).map((line, row) =>
    `  ${label(row).padStart(width)} ${label(row) === '' ? '│' : '┤'}${line}`.trimEnd(),
  );
  const axis = ticks(
    requests.length,
    binS,
    clockS === null ? fromS : clockS(fromS),
    clockS !== null,
  );
  const indent = ' '.repeat(width + 4);
  return [
    `  requests/${unit.name}, a column is ${chosenSeconds(binS)}`,
    ...bars,
    `  ${labels[2]!.padStart(width)} └${axis.line}`,
    `${indent}${axis.labels}`.trimEnd(),
  ];
}

/** The smallest unit in which the mean is at least 1. */
function unitOf(perSecond: number): { readonly name: string; readonly s: number } {
  if (perSecond >= 1) return { name: 's', s: 1 };
  if (perSecond * S_PER_MIN >= 1) return { name: 'min', s: S_PER_MIN };
  if (perSecond * S_PER_H >= 1) return { name: 'h', s: S_PER_H };
  return { name: 'day', s: S_PER_DAY };
}

/** A little above: half of it is a round number too. */
function niceAbove(value: number): number {
  const size = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8].find((step) => step * size >= value) ?? 10) * size;
}

/** A tick stands at the bin that begins at its time. */
function ticks(
  bins: number,
  binS: number,
  fromS: number,
  dated: boolean,
): { readonly line: string; readonly labels: string } {
  const stepS =
    STEPS_S.find((step) => step % binS === 0 && step / binS >= TICK_WIDTH) ?? binS * TICK_WIDTH;
  let line = '';
  let labels = '';
  for (let bin = 0; bin < bins; bin++) {
    const atS = Math.round(fromS + bin * binS);
    const isTick = atS % stepS === 0;
    line += isTick ? '┬' : '─';
    if (!isTick || labels.length > bin) continue;
    labels = labels.padEnd(bin) + (dated ? clockLabel(atS, stepS) : relativeLabel(atS, stepS));
  }
  return { line, labels };
}

/** Midnight is told by its date. */
function clockLabel(atS: number, stepS: number): string {
  const iso = new Date(atS * 1000).toISOString();
  if (atS % S_PER_DAY === 0) return iso.slice(5, 10);
  return stepS % S_PER_MIN === 0 ? iso.slice(11, 16) : iso.slice(11, 19);
}

function relativeLabel(atS: number, stepS: number): string {
  if (stepS % S_PER_DAY === 0) return `${atS / S_PER_DAY} d`;
  if (stepS % S_PER_H === 0) return `${atS / S_PER_H} h`;
  return stepS % S_PER_MIN === 0 ? `${atS / S_PER_MIN} min` : `${atS} s`;
}
