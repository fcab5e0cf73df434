/** The terms of a bill's meters as the engine's rules: which time counts, and how it is rounded. */
import { formatDurationUs, parseDurationUs, US_PER_MIN, US_PER_S } from '../base/units.ts';
import type { MeterRule } from '../engine/scenario.ts';
import type { Billing, MeterTerms } from './billing-terms.ts';
import type { Report } from './rates.ts';

/** Terms with nothing left open. */
export type FullTerms = { readonly [Key in keyof MeterTerms]-?: NonNullable<MeterTerms[Key]> };

// A study that gives a price and nothing else: all time of a replica, to the microsecond.
const PLAIN_TERMS: FullTerms = {
  states: ['starting', 'idle', 'busy', 'draining'],
  startPhases: 'all',
  quantum: '1us',
  scope: 'replica',
  minimum: '0s',
  failedStarts: true,
};

/** @param isStudys whether no platform stands below: then time by request need not say that it is busy time */
export function mainTerms(bill: Billing, isStudys: boolean): FullTerms {
  const byRequest = isStudys && bill.scope === 'request' && bill.states === undefined;
  return overTerms(byRequest ? { ...PLAIN_TERMS, states: ['busy'] } : PLAIN_TERMS, bill);
}

export function overTerms(below: FullTerms, terms: MeterTerms): FullTerms {
  return {
    states: terms.states ?? below.states,
    startPhases: terms.startPhases ?? below.startPhases,
    quantum: terms.quantum ?? below.quantum,
    scope: terms.scope ?? below.scope,
    minimum: terms.minimum ?? below.minimum,
    failedStarts: terms.failedStarts ?? below.failedStarts,
  };
}

export interface MeterContext {
  /** Of the cold start, in order. */
  readonly phaseNames: readonly string[];
  /** Time 0 by the wall clock, within its minute. */
  readonly minuteOffsetUs: number;
  readonly report: Report;
}

/**
 * @param own what the study itself says of this meter: a phase that it names must be there, one that a platform names need not
 * @param where `billing`, or `billing.meters.init`
 */
export function meterRule(
  terms: FullTerms,
  own: MeterTerms,
  where: string,
  { phaseNames, minuteOffsetUs, report }: MeterContext,
): MeterRule {
  const { states, startPhases, scope } = terms;
  const starting = states.includes('starting');
  if (scope === 'request' && states.some((state) => state !== 'busy')) {
    const others = states.filter((state) => state !== 'busy').join(', ');
    report(
      `${where}.scope`,
      `request bills time in service only, not ${others}: write states: [busy]`,
    );
  }
  for (const name of namedPhases(own.startPhases)) {
    if (phaseNames.includes(name)) continue;
    const there = phaseNames.length > 0 ? phaseNames.join(', ') : 'none';
    report(
      `${where}.startPhases`,
      `${name} is no phase of deployment.coldStart: there are ${there}`,
    );
  }
  if (!starting && Array.isArray(own.startPhases) && own.startPhases.length > 0) {
    report(`${where}.startPhases`, `are billed only with starting among ${where}.states`);
  }
  const quantumUs = wholeUs(`${where}.quantum`, terms.quantum, report);
  if (scope === 'minute' && quantumUs > US_PER_MIN) {
    report(`${where}.quantum`, `must be at most 1m where the scope is minute, is ${terms.quantum}`);
  }
  return {
    idle: states.includes('idle'),
    busy: states.includes('busy'),
    draining: states.includes('draining'),
    phases: phaseNames.map((name) => starting && isBilled(startPhases, name)),
    // Times are whole microseconds: rounding up to one changes nothing.
    quantumUs: Math.max(1, quantumUs),
    minimumUs: wholeUs(`${where}.minimum`, terms.minimum, report),
    scope,
    minuteOffsetUs,
    ...(!terms.failedStarts && { paysOnceReady: true }),
  };
}

function namedPhases(startPhases: MeterTerms['startPhases']): readonly string[] {
  if (startPhases === undefined || startPhases === 'all') return [];
  return Array.isArray(startPhases) ? startPhases : startPhases.except;
}

export function isBilled(startPhases: FullTerms['startPhases'], name: string): boolean {
  if (startPhases === 'all') return true;
  if (Array.isArray(startPhases)) return startPhases.includes(name);
  return !startPhases.except.includes(name);
}

function wholeUs(path: string, text: string, report: Report): number {
  const us = parseDurationUs(text);
  if (us !== null && Number.isSafeInteger(us)) return us;
  report(
    path,
    `must be a duration in whole microseconds such as ${formatDurationUs(US_PER_S)}, is ${text}`,
  );
  return 0;
}
