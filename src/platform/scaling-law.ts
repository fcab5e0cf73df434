/** One law of `deployment.scaling.laws` as numbers. */
import type { AlarmRule, Law, LawKind, Signal } from '../engine/control/control-rule.ts';
import { addsUp, SIGNAL_KIND } from '../engine/control/signal.ts';
import { type ScalingReader, targetNumber } from './scaling-reader.ts';
import type { LawSection } from './scaling-schema.ts';
import { shareOf } from './values.ts';

/** What a target is in, by signal; in requests or tokens where it is not here. */
const TARGET_IN: Readonly<Partial<Record<Signal, keyof typeof SPELLING>>> = {
  'oldest-wait': 'duration',
  latency: 'duration',
  'request-rate': 'rate',
  'token-rate': 'rate',
  utilization: 'share',
};

const SPELLING = {
  duration: { what: 'a duration (4s)', pattern: /(?:[a-z])$/ },
  rate: { what: 'a rate (10/s)', pattern: /\// },
  share: { what: 'a share (70%)', pattern: /%$/ },
} as const;

/** The keys that mean something with each law alone. */
const ONLY_WITH: Readonly<Partial<Record<keyof LawSection, LawKind>>> = {
  metricType: 'ratio',
  tolerance: 'ratio',
  toleranceUp: 'ratio',
  toleranceDown: 'ratio',
  covers: 'backlog',
  step: 'step',
};

export function compileLaw(name: string, section: LawSection, reader: ScalingReader): Law {
  const at = `laws.${name}`;
  const kind = section.law ?? 'absolute';
  const signal = section.signal ?? defaultSignal(kind);
  const tolerance = section.tolerance ?? '0%';
  checkKeys(at, kind, section, reader);
  const law: Law = {
    name,
    kind,
    signal,
    windowUs: reader.window(`${at}.window`, section.window, 0),
    target: targetOf(at, kind, signal, section, reader),
    metricType: section.metricType ?? (addsUp(signal) ? 'average-value' : 'value'),
    toleranceUp: shareOf(section.toleranceUp ?? tolerance),
    toleranceDown: shareOf(section.toleranceDown ?? tolerance),
    quantile: shareOf(section.quantile ?? '95%'),
    covers: coversOf(at, section, reader),
    step: section.step ?? 1,
    activation: section.activation ?? 0,
    alarm: alarmOf(at, kind, section, reader),
  };
  checkSignal(at, law, reader);
  return law;
}

function defaultSignal(kind: LawKind): Signal {
  if (kind === 'backlog') return 'waiting';
  return kind === 'step' ? 'refusals' : 'in-flight';
}

function checkKeys(at: string, kind: LawKind, section: LawSection, reader: ScalingReader): void {
  for (const [key, only] of Object.entries(ONLY_WITH)) {
    if (section[key as keyof LawSection] === undefined || kind === only) continue;
    reader.report(`${at}.${key}`, `means nothing with law: ${kind}, only with ${only}`);
  }
  const { window, alarm } = section;
  if (window !== undefined && alarm !== undefined) {
    reader.report(`${at}.window`, 'means nothing beside an alarm, which reads its own period');
  }
}

function checkSignal(at: string, law: Law, reader: ScalingReader): void {
  const { kind, signal, windowUs, metricType, quantile } = law;
  if (kind === 'fixed') return;
  const signalKind = SIGNAL_KIND[signal];
  const needsWindow = signalKind !== 'integral' && signalKind !== 'instant';
  if (needsWindow && windowUs === 0 && law.alarm === null) {
    reader.report(`${at}.window`, `is missing: ${signal} is read over a window`);
  }
  if (signalKind === 'instant' && windowUs > 0) {
    reader.report(`${at}.window`, `must be left out: ${signal} is read at the instant`);
  }
  if (kind === 'absolute' && !addsUp(signal)) {
    reader.report(`${at}.signal`, `must be one that adds up over replicas, ${signal} does not`);
  }
  if (kind === 'ratio' && !addsUp(signal) && metricType !== 'value') {
    reader.report(`${at}.metricType`, `must be value with ${signal}, is ${metricType}`);
  }
  if (kind === 'backlog' && signal !== 'waiting' && signal !== 'oldest-wait') {
    reader.report(`${at}.signal`, `must be waiting or oldest-wait of a backlog, is ${signal}`);
  }
  if (kind === 'backlog' && windowUs > 0) {
    reader.report(`${at}.window`, 'must be left out: a backlog is read at the instant');
  }
  if (quantile <= 0 || quantile > 1) {
    reader.report(`${at}.quantile`, 'must be above 0% and at most 100%');
  }
}

function targetOf(
  at: string,
  kind: LawKind,
  signal: Signal,
  section: LawSection,
  reader: ScalingReader,
): number {
  const path = `${at}.target`;
  if (kind === 'backlog' && signal === 'waiting') {
    if (section.target !== undefined) {
      reader.report(path, 'means nothing with signal: waiting; oldest-wait has one');
    }
    return 0;
  }
  if (section.target === undefined) {
    if (kind !== 'step') reader.report(path, 'is missing');
    return kind === 'step' ? 0 : 1;
  }
  const base = baseOf(path, kind, signal, section, reader);
  const target = base * shareOf(section.utilization ?? '100%');
  if (kind === 'fixed' && !Number.isInteger(target)) {
    reader.report(path, 'must be a whole number of replicas');
  }
  if (!(target > 0) && kind !== 'backlog') reader.report(path, 'must be above 0');
  return target;
}

function baseOf(
  path: string,
  kind: LawKind,
  signal: Signal,
  { target, targetIfUnlimited, targetWithinConcurrency }: LawSection,
  reader: ScalingReader,
): number {
  const spelling = kind === 'fixed' ? undefined : TARGET_IN[signal];
  if (spelling !== undefined) {
    const { what, pattern } = SPELLING[spelling];
    if (typeof target === 'string' && target !== 'concurrency' && pattern.test(target)) {
      return targetNumber(target);
    }
    reader.report(path, `must be ${what} for ${signal}, is ${target}`);
    return 1;
  }
  if (target === 'concurrency') {
    const base = Math.min(reader.context.concurrency, Number.MAX_VALUE);
    if (base < Number.MAX_VALUE) return base;
    if (targetIfUnlimited !== undefined) return targetIfUnlimited;
    const mend = 'give a number, or targetIfUnlimited';
    reader.report(path, `is concurrency, which is unlimited: ${mend}`);
    return 1;
  }
  if (typeof target === 'number') {
    return targetWithinConcurrency ? Math.min(target, reader.context.concurrency) : target;
  }
  reader.report(path, `must be a number for ${kind === 'fixed' ? 'fixed' : signal}, is ${target}`);
  return 1;
}

function coversOf(at: string, { covers }: LawSection, reader: ScalingReader): number {
  if (covers !== 'concurrency') return covers ?? 1;
  const { concurrency } = reader.context;
  if (concurrency === Number.POSITIVE_INFINITY) {
    reader.report(`${at}.covers`, 'is concurrency, which is unlimited: give a number');
  }
  return concurrency;
}

function alarmOf(
  at: string,
  kind: LawKind,
  { alarm }: LawSection,
  reader: ScalingReader,
): AlarmRule | null {
  if (alarm === undefined) {
    if (kind === 'step') reader.report(`${at}.alarm`, 'is missing: a step follows an alarm');
    return null;
  }
  if (kind !== 'ratio' && kind !== 'step') {
    reader.report(`${at}.alarm`, `means nothing with law: ${kind}, only with ratio and step`);
  }
  if (alarm.period === undefined) reader.report(`${at}.alarm.period`, 'is missing');
  const periodUs = reader.window(`${at}.alarm.period`, alarm.period, 0);
  if (alarm.period !== undefined && periodUs === 0) {
    reader.report(`${at}.alarm.period`, 'must be above 0s');
  }
  const datapoints = (side: 'up' | 'down') => {
    const needed = alarm[side]?.datapoints ?? alarm[side]?.of ?? 1;
    const of = alarm[side]?.of ?? needed;
    if (needed > of) {
      reader.report(`${at}.alarm.${side}.datapoints`, `must be at most of (${of}), is ${needed}`);
    }
    return { needed, of };
  };
  if (kind === 'step' && alarm.down !== undefined) {
    reader.report(`${at}.alarm.down`, 'means nothing with law: step, which only adds');
  }
  const lowShare = 1 - shareOf(alarm.deadBand ?? '0%');
  if (lowShare < 0) reader.report(`${at}.alarm.deadBand`, 'must be at most 100%');
  const down = alarm.down === undefined ? null : datapoints('down');
  return { periodUs, up: datapoints('up'), down, lowShare };
}
