/** A bill before anything has run: which replica time a meter counts, and at what exact price. */
import { divide, type Exact, exact, multiply, sum } from '../base/decimal.ts';
import { assert, type Mistake, UserError } from '../base/errors.ts';
import {
  formatDurationUs,
  parseDurationUs,
  US_PER_H,
  US_PER_MIN,
  US_PER_S,
} from '../base/units.ts';
import type { MeterRule } from '../engine/scenario.ts';
import type { Platform, PlatformBilling } from './catalogue.ts';
import { type BillingTerms, START_PHASES, type StudyBilling } from './values.ts';

export interface BillingInput {
  readonly platform: Pick<Platform, 'name' | 'billing'> | null;
  /** The study's own: the whole bill without a platform, or what to change of the platform's. */
  readonly billing: StudyBilling | null;
  readonly gpu: string | null;
  /** GPUs a replica. */
  readonly gpus: number;
  /** CPU cores a replica, as the platform counts them; null where the study does not say. */
  readonly cores: number | null;
  readonly memoryGiB: number | null;
  readonly region: string | null;
  /** Of the cold start, in order. */
  readonly phaseNames: readonly string[];
  /** Time 0 by the wall clock, within its minute. */
  readonly minuteOffsetUs: number;
}

/** A price for what a replica holds while its time is paid. */
export interface Rate {
  readonly meter: string;
  readonly unit: string;
  readonly unitsPerReplicaUs: Exact;
  readonly usdPerUnit: Exact;
}

export interface BillingPlan {
  /** What the engine has to count. Plain data: plans with equal meters share a run, whatever their prices. */
  readonly meters: readonly MeterRule[];
  readonly rates: readonly Rate[];
  readonly usdPerReplicaUs: Exact;
  readonly usdPerRequest: Exact;
  /** What the bill assumes or leaves out, for the reader of the result. */
  readonly notes: readonly string[];
}

// A study that gives a price and nothing else: all time of a replica, to the microsecond.
const PLAIN_TERMS: BillingTerms = {
  states: ['starting', 'idle', 'busy', 'draining'],
  startPhases: 'all',
  quantum: '1us',
  scope: 'replica',
  minimum: '0s',
  usdPerRequest: 0,
};

/**
 * @returns null where neither a platform nor the study has a price: then there is no cost, which is not a cost of 0
 * @throws UserError with every price that is missing and every contradiction
 */
export function compileBilling(input: BillingInput): BillingPlan | null {
  const { platform, billing } = input;
  if (platform === null && billing === null) return null;
  const mistakes: Mistake[] = [];
  const report: Report = (path, message) => mistakes.push({ at: null, path, message });
  const meter = meterOf(termsOf(platform?.billing ?? null, billing), input, report);
  const rates = ratesOf(input, report);
  if (mistakes.length > 0) throw new UserError(mistakes);
  return {
    meters: [meter],
    rates,
    usdPerReplicaUs: sum(rates.map((r) => multiply(r.unitsPerReplicaUs, r.usdPerUnit))),
    usdPerRequest: exact(billing?.usdPerRequest ?? platform?.billing.usdPerRequest ?? 0),
    notes: notesOf(input),
  };
}

type Report = (path: string, message: string) => void;

function termsOf(platform: PlatformBilling | null, study: StudyBilling | null): BillingTerms {
  const base = platform ?? PLAIN_TERMS;
  const scope = study?.scope ?? base.scope;
  // Time by request can only be busy time, so a study that says the one need not say the other.
  const states = scope === 'request' && platform === null ? (['busy'] as const) : base.states;
  return {
    states: study?.states ?? [...states],
    startPhases: study?.startPhases ?? base.startPhases,
    quantum: study?.quantum ?? base.quantum,
    scope,
    minimum: study?.minimum ?? base.minimum,
    usdPerRequest: study?.usdPerRequest ?? base.usdPerRequest,
  };
}

function meterOf(terms: BillingTerms, input: BillingInput, report: Report): MeterRule {
  const { states, startPhases, scope } = terms;
  const { billing: study, phaseNames } = input;
  const starting = states.includes('starting');
  if (scope === 'request' && states.some((state) => state !== 'busy')) {
    const others = states.filter((state) => state !== 'busy').join(', ');
    report(
      'billing.scope',
      `request bills time in service only, not ${others}: write states: [busy]`,
    );
  }
  for (const name of namedPhases(study?.startPhases)) {
    if (phaseNames.includes(name)) continue;
    const there = phaseNames.length > 0 ? phaseNames.join(', ') : 'none';
    report(
      'billing.startPhases',
      `${name} is no phase of deployment.coldStart: there are ${there}`,
    );
  }
  if (!starting && Array.isArray(study?.startPhases) && study.startPhases.length > 0) {
    report('billing.startPhases', 'are billed only with starting among billing.states');
  }
  const quantumUs = wholeUs('billing.quantum', terms.quantum, report);
  if (scope === 'minute' && quantumUs > US_PER_MIN) {
    report('billing.quantum', `must be at most 1m where the scope is minute, is ${terms.quantum}`);
  }
  return {
    idle: states.includes('idle'),
    busy: states.includes('busy'),
    draining: states.includes('draining'),
    phases: phaseNames.map((name) => starting && isBilled(startPhases, name)),
    // Times are whole microseconds: rounding up to one changes nothing.
    quantumUs: Math.max(1, quantumUs),
    minimumUs: wholeUs('billing.minimum', terms.minimum, report),
    scope,
    minuteOffsetUs: input.minuteOffsetUs,
  };
}

function namedPhases(startPhases: StudyBilling['startPhases']): readonly string[] {
  if (startPhases === undefined || startPhases === 'all') return [];
  return Array.isArray(startPhases) ? startPhases : startPhases.except;
}

function isBilled(startPhases: BillingTerms['startPhases'], name: string): boolean {
  if (startPhases === 'all') return true;
  if (Array.isArray(startPhases)) return startPhases.includes(name);
  return !startPhases.except.includes(name);
}

function ratesOf(input: BillingInput, report: Report): Rate[] {
  const usdPerReplicaHour = input.billing?.usdPerReplicaHour;
  if (usdPerReplicaHour !== undefined) {
    return [rateOf('replica time', 'replica h', US_PER_H, exact(1n), exact(usdPerReplicaHour))];
  }
  if (input.platform === null) {
    report('billing.usdPerReplicaHour', 'is missing: without it or a platform there is no price');
    return [];
  }
  const multiplier = multiplierOf(input.platform, input.region, report);
  const gpuRate = gpuRateOf(input.platform, input.gpu, input.gpus, multiplier, report);
  const { usdPerCoreSecond, usdPerGiBSecond } = input.platform.billing;
  const rates = gpuRate ? [gpuRate] : [];
  for (const [meter, unit, usdPerUnitSecond, amount] of [
    ['CPU', 'core s', usdPerCoreSecond, input.cores],
    ['memory', 'GiB s', usdPerGiBSecond, input.memoryGiB],
  ] as const) {
    // Where there is no rate, the GPU's price includes it.
    if (usdPerUnitSecond === undefined || amount === null) continue;
    const usdPerUnit = multiply(exact(usdPerUnitSecond), multiplier);
    rates.push(rateOf(meter, unit, US_PER_S, exact(amount), usdPerUnit));
  }
  return rates;
}

function gpuRateOf(
  { name, billing }: Pick<Platform, 'name' | 'billing'>,
  gpu: string | null,
  gpus: number,
  multiplier: Exact,
  report: Report,
): Rate | null {
  assert(Number.isInteger(gpus) && gpus > 0, `${gpus} GPUs a replica`);
  const there = Object.keys(billing.gpus).join(', ');
  const price = own(billing.gpus, gpu);
  if (price === undefined) {
    const what = gpu === null ? 'is missing' : `${gpu} has no price`;
    report('deployment.gpu', `${what}: ${name} has ${there}; or give billing.usdPerReplicaHour`);
    return null;
  }
  const sizes = price.gpusPerReplica;
  if (sizes !== undefined && !sizes.includes(gpus)) {
    report('deployment.gpus', `must be ${sizes.join(' or ')} for ${gpu} at ${name}, is ${gpus}`);
  }
  const hourly = price.usdPerGpuHour !== undefined;
  const usd = price.usdPerGpuHour ?? price.usdPerGpuSecond;
  assert(usd !== undefined, `${gpu} without a price`);
  return rateOf(
    'replica time',
    hourly ? 'GPU h' : 'GPU s',
    hourly ? US_PER_H : US_PER_S,
    exact(gpus),
    multiply(exact(usd), multiplier),
  );
}

function multiplierOf(
  { name, billing }: Pick<Platform, 'name' | 'billing'>,
  region: string | null,
  report: Report,
): Exact {
  if (region === null) return exact(1n);
  const multiplier = own(billing.regions ?? {}, region);
  if (multiplier !== undefined) return exact(multiplier);
  const there = Object.keys(billing.regions ?? {}).join(', ');
  const mend =
    there === '' ? 'its price is the same everywhere, leave the key out' : `there are ${there}`;
  report('deployment.region', `${region} is no region of ${name}: ${mend}`);
  return exact(1n);
}

function rateOf(
  meter: string,
  unit: string,
  unitUs: number,
  amount: Exact,
  usdPerUnit: Exact,
): Rate {
  return { meter, unit, unitsPerReplicaUs: divide(amount, exact(unitUs)), usdPerUnit };
}

function notesOf({ platform, billing, cores, memoryGiB, phaseNames }: BillingInput): string[] {
  if (platform === null) return [];
  const notes: string[] = [];
  const { usdPerCoreSecond, usdPerGiBSecond, startPhases } = platform.billing;
  if (billing?.usdPerReplicaHour === undefined) {
    const missing = [
      ...(usdPerCoreSecond !== undefined && cores === null ? ['CPU'] : []),
      ...(usdPerGiBSecond !== undefined && memoryGiB === null ? ['memory'] : []),
    ];
    if (missing.length > 0) {
      notes.push(
        `${platform.name} bills ${missing.join(' and ')} beside the GPU; the study names none, so the bill has none`,
      );
    }
  }
  const unknown = phaseNames.filter((name) => !START_PHASES.some((phase) => phase === name));
  if (
    billing?.startPhases === undefined &&
    typeof startPhases === 'object' &&
    'except' in startPhases &&
    unknown.length > 0
  ) {
    notes.push(
      `the whole of ${unknown.join(', ')} is billed; ${platform.name} does not bill ${startPhases.except.join(', ')}: name such phases in deployment.coldStart`,
    );
  }
  return notes;
}

/** Keys come from a user: `toString` is no GPU. */
function own<Value>(table: Readonly<Record<string, Value>>, key: string | null): Value | undefined {
  return key !== null && Object.hasOwn(table, key) ? table[key] : undefined;
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
