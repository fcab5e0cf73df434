/**
 * Objectives. On latency and wait they are a share of all that arrived, a failed request being infinitely late, counted
 * exactly at the threshold: `latencyS.p99 <= 5` holds if at least 99 % of what arrived was served within 5 s. Other
 * figures of a result are compared as they stand.
 */
import { US_PER_S } from '../base/units.ts';
import { suggestionFor } from './suggestion.ts';

/** An exact fraction: 0.995 is 995 / 1000. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Of one endpoint's requests, or its cost; left out: of the whole. */
interface Scoped {
  readonly endpoint?: string;
}

export interface ShareObjective extends Scoped {
  readonly kind: 'share';
  readonly text: string;
  readonly figure: 'latencyS' | 'waitS';
  /** Integer microseconds; requests at or below it count. */
  readonly thresholdUs: number;
  /** At least this share; `above` means more than it. */
  readonly needed: Fraction;
  readonly above: boolean;
  /** The quantile that the objective was written with; null for `share(...)`. */
  readonly quantile: number | null;
}

/** The mean or maximum of latency or wait: infinite as soon as one request failed. */
export interface ExtremeObjective extends Scoped {
  readonly kind: 'extreme';
  readonly text: string;
  readonly figure: 'latencyS' | 'waitS';
  readonly statistic: 'mean' | 'max';
  readonly comparison: '<=' | '<';
  readonly value: number;
}

export interface FigureObjective extends Scoped {
  readonly kind: 'figure';
  readonly text: string;
  /** Path in the result: `coldStarts.fraction`. */
  readonly figure: string;
  readonly comparison: Comparison;
  readonly value: number;
}

export type Objective = ShareObjective | ExtremeObjective | FigureObjective;
export type Comparison = '<=' | '<' | '>=' | '>';

/** Figures of a result that an objective may compare. */
const OBJECTIVE_FIGURES = [
  'requests.arrived',
  'requests.completed',
  'requests.rejected',
  'requests.timedOut',
  'requests.late',
  'requests.retries',
  'requests.failedFraction',
  'coldStarts.starts',
  'coldStarts.requests',
  'coldStarts.fraction',
  'waitS.sum',
  'waitS.forStart',
  'waitS.forLimit',
  'replicas.mean',
  'replicas.peak',
  'replicas.starts',
  'replicas.scheduledStarts',
  'replicas.unusedStarts',
  'replicaTimeS.starting',
  'replicaTimeS.idle',
  'replicaTimeS.idleKept',
  'replicaTimeS.busy',
  'replicaTimeS.draining',
  'replicaTimeS.total',
  'utilization',
  'slotUtilization',
  'horizonS',
  'cost.usd',
  'cost.tailUsd',
  'cost.usdPerHour',
  'cost.usdPerMonth',
  'cost.usdPerThousandRequests',
] as const;

/** `endpoints.chat.latencyS.p99 <= 5`, `share(endpoints.chat.waitS <= 1) >= 0.99` */
const OF_ENDPOINT =
  /^(share\(\s*)?endpoints\.(.+?)\.((?:latencyS|waitS|requests|coldStarts|replicas|replicaTimeS|utilization|cost)\b.*)$/s;
const COMPARISON = /^(.*?)\s*(<=|>=|<|>)\s*([^<>=]*)$/s;
const TIMED = /^(latencyS|waitS)\.(p\d{2,}|mean|max)$/;
const SHARE = /^share\(\s*(latencyS|waitS)\s*(<=|<)\s*([^<>=]*?)\s*\)$/;
const NUMBER = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;
const EXAMPLES =
  'write it like latencyS.p99 <= 5, share(waitS <= 1) >= 0.995 or coldStarts.fraction <= 0.01';

/** @returns the objective, or what is wrong with it */
export function parseObjective(given: string): Objective | string {
  const text = given.trim().replaceAll(/\s+/g, ' ');
  const [, share = '', endpoint, rest = ''] = OF_ENDPOINT.exec(text) ?? [];
  if (endpoint === undefined) return parseWhole(text);
  const own = parseWhole(share + rest);
  return typeof own === 'string' ? own : { ...own, text, endpoint };
}

function parseWhole(text: string): Objective | string {
  const [, left = '', comparison = '', right = ''] = COMPARISON.exec(text) ?? [];
  if (left === '') return `is no objective: ${EXAMPLES}`;
  const share = SHARE.exec(left);
  if (share !== null) return shareObjective(text, share, comparison as Comparison, right);
  const timed = TIMED.exec(left);
  if (timed !== null) return timedObjective(text, timed, comparison as Comparison, right);
  if (!OBJECTIVE_FIGURES.some((figure) => figure === left)) {
    const known = [...OBJECTIVE_FIGURES, 'latencyS.p99', 'waitS.p99'];
    const meant = suggestionFor(left, known);
    return `${left} is no figure of a result${meant === null ? `: ${EXAMPLES}` : `. Did you mean ${meant}?`}`;
  }
  const isFraction =
    left.endsWith('Fraction') || left.endsWith('fraction') || /tilization$/.test(left);
  const value = isFraction ? shareOf(right) : numberOf(right);
  if (typeof value === 'string') return value;
  return { kind: 'figure', text, figure: left, comparison: comparison as Comparison, value };
}

function shareObjective(
  text: string,
  [, figure, inner, threshold]: RegExpExecArray,
  comparison: Comparison,
  right: string,
): Objective | string {
  if (comparison !== '>=' && comparison !== '>') {
    return 'a share within a time must be at least something: write >= in place of <=';
  }
  const needed = shareOf(right);
  if (typeof needed === 'string') return needed;
  const seconds = numberOf(threshold ?? '');
  if (typeof seconds === 'string') return seconds;
  return {
    kind: 'share',
    text,
    figure: figure as 'latencyS',
    thresholdUs: thresholdUs(seconds, inner as '<='),
    needed: fractionOf(right),
    above: comparison === '>',
    quantile: null,
  };
}

function timedObjective(
  text: string,
  [, figureText, statistic = '']: RegExpExecArray,
  comparison: Comparison,
  right: string,
): Objective | string {
  const figure = figureText as 'latencyS';
  const value = numberOf(right);
  if (typeof value === 'string') return value;
  if (comparison !== '<=' && comparison !== '<') {
    return `an objective on ${figure} is an upper bound: write <= in place of ${comparison}`;
  }
  if (statistic === 'mean' || statistic === 'max') {
    return { kind: 'extreme', text, figure, statistic, comparison, value };
  }
  const digits = statistic.slice(1);
  const needed = { numerator: BigInt(digits), denominator: 10n ** BigInt(digits.length) };
  return {
    kind: 'share',
    text,
    figure,
    thresholdUs: thresholdUs(value, comparison),
    needed,
    above: false,
    quantile: Number(digits) / 10 ** digits.length,
  };
}

/** The greatest integer microsecond that is within `<= seconds`, or `< seconds`. */
function thresholdUs(seconds: number, comparison: '<=' | '<'): number {
  const product = seconds * US_PER_S;
  const whole = Math.round(product);
  const us = Math.abs(product - whole) < 1e-3 ? whole : product;
  return comparison === '<=' ? Math.floor(us) : Math.ceil(us) - 1;
}

function numberOf(text: string): number | string {
  if (NUMBER.test(text)) return Number(text);
  if (/^\d+(?:\.\d+)?\s*s$/.test(text))
    return 'the figure is in seconds already: write the number alone';
  return `${text === '' ? 'nothing' : text} is no number to compare with: ${EXAMPLES}`;
}

function shareOf(text: string): number | string {
  const percent = text.endsWith('%');
  const value = numberOf(percent ? text.slice(0, -1).trim() : text);
  if (typeof value === 'string') return value;
  const share = percent ? value / 100 : value;
  if (share <= 1) return share;
  return percent
    ? `a share cannot be over 100%, is ${text}`
    : `a share cannot be over 1, is ${text}: write ${text}% for percent`;
}

/** `0.995` and `99.5%` exactly. */
function fractionOf(text: string): Fraction {
  const percent = text.endsWith('%');
  const plain = percent ? text.slice(0, -1).trim() : text;
  const scale = percent ? 100n : 1n;
  if (/e/i.test(plain)) {
    const denominator = 10n ** 15n;
    return {
      numerator: BigInt(Math.round(Number(plain) * 1e15)),
      denominator: denominator * scale,
    };
  }
  const [whole = '', decimals = ''] = plain.split('.');
  return {
    numerator: BigInt(whole + decimals),
    denominator: 10n ** BigInt(decimals.length) * scale,
  };
}

/** Whether `within` of `arrived` requests are enough, in integers. */
export function shareHolds(objective: ShareObjective, within: number, arrived: number): boolean {
  const { numerator, denominator } = objective.needed;
  const have = BigInt(within) * denominator;
  const need = numerator * BigInt(arrived);
  return objective.above ? have > need : have >= need;
}

export function compare(value: number, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
    case '>=':
      return value >= limit;
    case '>':
      return value > limit;
  }
}

/** The thresholds that a scenario counts at, ascending, each once. */
export function thresholdsUs(
  objectives: readonly Objective[],
  figure: 'latencyS' | 'waitS',
): readonly number[] {
  const all = objectives.flatMap((objective) =>
    objective.kind === 'share' && objective.figure === figure ? [objective.thresholdUs] : [],
  );
  return [...new Set(all)].sort((a, b) => a - b);
}
