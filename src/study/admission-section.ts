/** `deployment.admission`: who may come in, and how long who waits may wait. */
import { parseRate } from '../base/units.ts';
import type { AdaptiveRule, Gate, RateLimit } from '../engine/gate.ts';
import { bucketIsExact } from '../engine/token-bucket.ts';
import { limitUs, unlimitedOr, wholeUs } from './distribution-section.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import type { KeyPath } from './key-path.ts';
import type { Merged } from './merged.ts';
import type { DeploymentSection } from './schema.ts';

export interface Admission {
  readonly queueLimit: number;
  readonly queueTimeoutUs: number;
  readonly gate: Gate | null;
  /** What a client that is refused gets; null where the study does not say. */
  readonly code: number | string | null;
}

const AT: KeyPath = ['deployment', 'admission'];
const TOKEN_RATES = [
  'tokenRate',
  'inputTokenRate',
  'uncachedTokenRate',
  'outputTokenRate',
] as const;
const RATES = ['rate', ...TOKEN_RATES] as const;
type RateKey = (typeof RATES)[number];

export function admissionOf(
  { admission }: Merged,
  own: DeploymentSection['admission'],
  meanStartUs: number,
  findings: Finding[],
): Admission {
  const { queue = 'unlimited', inFlight, atZero = 'queue', code } = admission;
  const adaptive = adaptiveOf(admission, findings);
  const limitOf = (key: RateKey) => rateLimitOf(admission[key], key, adaptive, findings);
  const gate: Gate = {
    requestRate: limitOf('rate'),
    tokenRate: limitOf('tokenRate'),
    inputTokenRate: limitOf('inputTokenRate'),
    uncachedTokenRate: limitOf('uncachedTokenRate'),
    outputTokenRate: limitOf('outputTokenRate'),
    adaptive,
    inFlight: unlimitedOr(inFlight, Number),
    atZero,
  };
  const isOpen =
    RATES.every((key) => !limits(admission[key])) &&
    gate.inFlight === Number.POSITIVE_INFINITY &&
    atZero === 'queue';
  return {
    queueLimit: queue === 'none' ? 0 : unlimitedOr(queue, Number),
    queueTimeoutUs: timeoutUs(admission, own, meanStartUs, findings),
    gate: isOpen ? null : gate,
    code: code ?? null,
  };
}

/** Of a study's timeout and a platform's `timeoutPerStart`, or the other way round, the study's holds. */
function timeoutUs(
  { timeout, timeoutPerStart }: Merged['admission'],
  own: DeploymentSection['admission'],
  meanStartUs: number,
  findings: Finding[],
): number {
  const path = [...AT, 'timeoutPerStart'];
  if (own?.timeout !== undefined && own.timeoutPerStart !== undefined) {
    findings.push(contradiction(path, 'stands beside timeout: keep one of them'));
  }
  const isOwn = own?.timeout !== undefined;
  if (isOwn || timeoutPerStart === undefined) return limitUs(timeout);
  const { times, least = '0s' } = timeoutPerStart;
  if (times === undefined) {
    const message = 'is missing: how many times the mean start? write 3.5';
    findings.push(finding([...path, 'times'], message));
    return limitUs(timeout);
  }
  return Math.max(Math.round(times * meanStartUs), wholeUs(least));
}

function limits(text: string | undefined): text is string {
  return text !== undefined && text !== 'unlimited';
}

/** Tokens have to be counted exactly, in parts of microseconds. */
function rateLimitOf(
  text: string | undefined,
  key: RateKey,
  adaptive: AdaptiveRule | null,
  findings: Finding[],
): RateLimit | null {
  const rate = limits(text) ? parseRate(text) : null;
  const moves = adaptive !== null && (adaptive.of === 'all' || key !== 'rate');
  if (rate === null || bucketIsExact(rate, moves ? adaptive.most : null)) return rate;
  findings.push(finding([...AT, key], `is too many over too long: write it a second, is ${text}`));
  return null;
}

/** null where the limits stay: so a platform's file may say `grow: 1` of what nobody knows. */
function adaptiveOf(admission: Merged['admission'], findings: Finding[]): AdaptiveRule | null {
  const { adaptive } = admission;
  if (adaptive === undefined || adaptive.grow === 1) return null;
  const { period, grow, shrink, most, of = 'all' } = adaptive;
  const path = [...AT, 'adaptive'];
  const missing = (key: string, example: string) =>
    findings.push(finding([...path, key], `is missing: write ${example}, say`));
  if (period === undefined) missing('period', '1m');
  if (grow === undefined) missing('grow', '2');
  if (shrink === undefined) missing('shrink', '0.5');
  if (most === undefined) missing('most', '100');
  if (period === undefined || grow === undefined || shrink === undefined || most === undefined) {
    return null;
  }
  const periodUs = wholeUs(period);
  if (periodUs === 0) findings.push(finding([...path, 'period'], 'must be longer than 0s'));
  const moved = of === 'all' ? RATES : TOKEN_RATES;
  if (!moved.some((key) => limits(admission[key]))) {
    findings.push(finding(path, `has no limit to move: give ${moved.join(', ')}`));
  }
  return { periodUs: Math.max(1, periodUs), grow, shrink, most, of };
}

/** What asks for which tokens: the path of its key. */
export interface TokenNeed {
  readonly path: string;
  readonly kinds: readonly ('input' | 'output')[];
}

/** Of limits on tokens. */
export function tokensOfGate(gate: Gate | null): TokenNeed[] {
  const kinds = {
    tokenRate: ['input', 'output'],
    inputTokenRate: ['input'],
    uncachedTokenRate: ['input'],
    outputTokenRate: ['output'],
  } as const;
  return TOKEN_RATES.filter((key) => gate !== null && gate[key] !== null).map((key) => ({
    path: [...AT, key].join('.'),
    kinds: kinds[key],
  }));
}
