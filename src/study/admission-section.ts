/** `deployment.admission`: who may come in, and how long who waits may wait. */
import { parseRate } from '../base/units.ts';
import type { Gate, RateLimit } from '../engine/gate.ts';
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

export function admissionOf(
  { admission }: Merged,
  own: DeploymentSection['admission'],
  meanStartUs: number,
  findings: Finding[],
): Admission {
  const { queue = 'unlimited', rate, tokenRate, inFlight, atZero = 'queue', code } = admission;
  const gate: Gate = {
    requestRate: limitOf(rate, 'rate', findings),
    tokenRate: limitOf(tokenRate, 'tokenRate', findings),
    inFlight: unlimitedOr(inFlight, Number),
    atZero,
  };
  const isOpen =
    gate.requestRate === null &&
    gate.tokenRate === null &&
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

/** The bucket is counted in count x microseconds, exactly. */
function limitOf(text: string | undefined, key: string, findings: Finding[]): RateLimit | null {
  const rate = text === undefined || text === 'unlimited' ? null : parseRate(text);
  if (rate === null || rate.count * rate.periodUs <= Number.MAX_SAFE_INTEGER) return rate;
  findings.push(finding([...AT, key], `is too many over too long: write it a second, is ${text}`));
  return null;
}
