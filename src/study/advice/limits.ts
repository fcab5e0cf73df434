/** What limits did to requests: those that waited for one, were refused by one, or met their deadline. */
import { counted, grouped } from '../../base/counts.ts';
import { percent, rate, seconds } from '../../base/numbers.ts';
import { formatDurationUs, US_PER_S } from '../../base/units.ts';
import { REFUSALS, type Refusal } from '../../engine/gate.ts';
import { TIMEOUTS, type Timeout } from '../../engine/totals.ts';
import { type Facts, FEW, meanIn, type Remark, type Rule } from './facts.ts';

/** Of all latency: waiting for a limit that is less than this is no matter. */
const MATTERS = 0.05;

/** Every replica that may be was there, and requests waited for one. */
export const maximumReached: Rule = (facts) => {
  const { scenario, result, whose } = facts;
  const weight = limitShare(facts);
  if (!isMaximumReached(facts) || weight < MATTERS) return null;
  const isFixed = scenario.max > 0 && scenario.max <= Math.max(...scenario.floor.count);
  const key = isFixed ? 'replicas.min' : 'replicas.max';
  const what = `${key} ${grouped(scenario.max)}${whose(key, scenario.max)}`;
  const orRate = scenario.startRate === null ? '' : ', or for a start that startRate allows';
  return {
    rule: 'maximum-reached',
    line: `${isFixed ? `the fleet of ${what} was full` : `${what} was reached`}: requests waited ${seconds(result.waitS.forLimit)} for a replica${orRate}, ${percent(weight)} of all latency`,
    keys: [
      `deployment.${key}`,
      ...(scenario.startRate === null ? [] : ['deployment.replicas.startRate']),
    ],
    weight,
  };
};

/** Below the maximum, with nobody but the start rate to stop a start. */
export const startRateBinds: Rule = (facts) => {
  const { scenario, result } = facts;
  const { startRate, control, lifecycle } = scenario;
  if (startRate === null || control !== null || lifecycle !== null) return null;
  const weight = limitShare(facts);
  if (isMaximumReached(facts) || weight < MATTERS) return null;
  const allowed = rate((startRate.count * US_PER_S) / startRate.periodUs);
  return {
    rule: 'start-rate-binds',
    line: `bursts met the start rate of ${allowed} (replicas.startRate): requests waited ${seconds(result.waitS.forLimit)} for a start, ${percent(weight)} of all latency`,
    keys: ['deployment.replicas.startRate', 'deployment.replicas.min'],
    weight,
  };
};

/** Requests wait for replicas that the controller does not ask for. */
export const scalesUpTooLate: Rule = (facts) => {
  const { scenario, result } = facts;
  if (scenario.control === null || isMaximumReached(facts)) return null;
  const weight = limitShare(facts);
  if (weight < MATTERS) return null;
  return {
    rule: 'scales-up-too-late',
    line: `requests waited ${seconds(result.waitS.forLimit)} for replicas that the controller had not asked for, ${percent(weight)} of all latency: it follows the traffic too late, or too little`,
    keys: ['deployment.scaling.laws', 'deployment.scaling.buffer', 'deployment.replicas.min'],
    weight,
  };
};

/** The limit of the queue turned requests away. */
export const queueRefuses: Rule = (facts) => {
  const { scenario, whose } = facts;
  const { queueLimit } = scenario;
  const full =
    queueLimit === 0
      ? 'because nobody may wait without a replica on its way (admission.queue none)'
      : `because ${grouped(queueLimit)} waited already (admission.queue)`;
  const reached = isMaximumReached(facts);
  const scope = reached
    ? `, with replicas.max ${grouped(scenario.max)}${whose('replicas.max', scenario.max)} reached`
    : `, with no more than ${counted(facts.result.replicas.peak, 'replica')} there`;
  return refused(facts, 'queue', {
    rule: 'queue-refuses',
    why: `${full}${whose('admission.queue', queueLimit)}${scope}`,
    keys: ['deployment.admission.queue', ...(reached ? ['deployment.replicas.max'] : [])],
  });
};

export const refusesAtZero: Rule = (facts) =>
  refused(facts, 'no-replica', {
    rule: 'refuses-at-zero',
    why: `because no replica was ready (admission.atZero): a minimum of 1 would have taken them in`,
    keys: ['deployment.replicas.min', 'deployment.admission.atZero'],
  });

export const requestRateRefuses: Rule = (facts) =>
  refused(facts, 'request-rate', {
    rule: 'request-rate-refuses',
    why: `by the limit on requests (admission.rate)`,
    keys: ['deployment.admission.rate'],
  });

export const tokenRateRefuses = refusesTokens('token-rate', 'tokens', 'tokenRate');
export const inputTokenRateRefuses = refusesTokens(
  'input-token-rate',
  'input tokens',
  'inputTokenRate',
);
export const uncachedTokenRateRefuses = refusesTokens(
  'uncached-token-rate',
  'uncached input tokens',
  'uncachedTokenRate',
);
export const outputTokenRateRefuses = refusesTokens(
  'output-token-rate',
  'output tokens',
  'outputTokenRate',
);

function refusesTokens(why: Refusal, what: string, key: string): Rule {
  return (facts) =>
    refused(facts, why, {
      rule: `${why}-refuses`,
      why: `by the limit on ${what} (admission.${key})`,
      keys: [`deployment.admission.${key}`],
    });
}

export const inFlightRefuses: Rule = (facts) =>
  refused(facts, 'in-flight', {
    rule: 'in-flight-refuses',
    why: `because ${grouped(facts.scenario.gate?.inFlight ?? 0)} were in service or waiting (admission.inFlight)`,
    keys: ['deployment.admission.inFlight'],
  });

function refused(
  facts: Facts,
  why: Refusal,
  remark: { readonly rule: string; readonly why: string; readonly keys: readonly string[] },
): Remark | null {
  const attempts = meanIn(facts, ({ refusals }) => refusals[REFUSALS.indexOf(why)]!);
  if (attempts < FEW) return null;
  return {
    rule: remark.rule,
    line: `${counted(Math.round(attempts), 'attempt was', 'attempts were')} refused ${remark.why}`,
    keys: remark.keys,
    weight: ofAttempts(facts, attempts),
  };
}

/** Who wakes the pool is timed out before it is awake. */
export const deadlineBeforeReady: Rule = (facts) => {
  const { scenario, meanStartUs } = facts;
  const attempts = timedOut(facts, 'for-start');
  if (attempts < FEW || meanStartUs === null) return null;
  const limit = `admission.timeout ${formatDurationUs(scenario.queueTimeoutUs)}${facts.whose('admission.timeout', scenario.queueTimeoutUs)}`;
  const start = `a mean start (${seconds(meanStartUs / US_PER_S)})`;
  const isShorter = scenario.queueTimeoutUs < meanStartUs;
  return {
    rule: 'deadline-before-ready',
    line: `${counted(Math.round(attempts), 'attempt')} timed out while a replica was starting for them: ${limit} is ${isShorter ? `shorter than ${start}` : `not enough for a start that takes longer than ${start}`}`,
    keys: ['deployment.admission.timeout', 'deployment.coldStart', 'deployment.replicas.min'],
    weight: ofAttempts(facts, attempts),
  };
};

/** The deadline came while no start was allowed. */
export const deadlineBehindLimit: Rule = (facts) => {
  const { scenario, whose } = facts;
  const attempts = timedOut(facts, 'for-limit');
  const isMax = isMaximumReached(facts);
  const isRate = scenario.startRate !== null && scenario.control === null;
  if (attempts < FEW || (!isMax && !isRate)) return null;
  const limit = isMax ? 'max' : 'startRate';
  const name = isMax ? whose('replicas.max', scenario.max) : '';
  return {
    rule: 'deadline-behind-limit',
    line: `${counted(Math.round(attempts), 'attempt')} timed out after ${formatDurationUs(scenario.queueTimeoutUs)} (admission.timeout) without a replica on its way: replicas.${limit}${name} was reached`,
    keys: [`deployment.replicas.${limit}`, 'deployment.admission.timeout'],
    weight: ofAttempts(facts, attempts),
  };
};

/** Work that was cut off, and is paid all the same. */
export const executionCut: Rule = (facts) => {
  const attempts = timedOut(facts, 'in-service');
  if (attempts < FEW) return null;
  const limit = formatDurationUs(facts.scenario.executionTimeoutUs);
  const spent = seconds((attempts * facts.scenario.executionTimeoutUs) / US_PER_S);
  return {
    rule: 'execution-cut',
    line: `${counted(Math.round(attempts), 'attempt was', 'attempts were')} cut off by executionTimeout ${limit}${facts.whose('executionTimeout', facts.scenario.executionTimeoutUs)}, after ${spent} of work for nothing`,
    keys: ['deployment.executionTimeout'],
    weight: ofAttempts(facts, attempts),
  };
};

/** Nothing that was to come would ever have served them. */
export const neverServed: Rule = (facts) => {
  const requests = meanIn(facts, ({ stranded }) => stranded);
  if (requests < FEW) return null;
  const isOff = facts.scenario.max === 0;
  return {
    rule: 'never-served',
    line: `${counted(Math.round(requests), 'request')} still waited when nothing could ever serve them: no replica may start${isOff ? ' (replicas.max 0)' : ''}`,
    keys: [...(isOff ? [] : ['deployment.replicas.min']), 'deployment.replicas.max'],
    weight: requests / facts.result.requests.arrived,
  };
};

function timedOut(facts: Facts, why: Timeout): number {
  return meanIn(facts, ({ timeouts }) => timeouts[TIMEOUTS.indexOf(why)]!);
}

/** Of latency that completed requests had, what was waiting for a limit. */
function limitShare({ result }: Facts): number {
  const { latencyS, requests, waitS } = result;
  const allS = (latencyS.mean ?? 0) * requests.completed;
  return waitS.forLimit <= 0 ? 0 : waitS.forLimit / Math.max(allS, waitS.forLimit);
}

function ofAttempts({ result }: Facts, attempts: number): number {
  const { arrived, retries } = result.requests;
  return arrived === 0 ? 0 : Math.min(1, attempts / (arrived + retries));
}

function isMaximumReached({ scenario, result }: Facts): boolean {
  return result.replicas.peak >= scenario.max;
}
