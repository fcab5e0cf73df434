/** What starts cost: in latency, in money, and for nobody. */
import { count, dollars, percent, seconds } from '../../base/numbers.ts';
import { US_PER_S } from '../../base/units.ts';
import type { RunTotals } from '../../engine/totals.ts';
import { type Facts, FEW, meanIn, type Priced, type Rule, withMore } from './facts.ts';

const MANY = 0.2;

/** Replicas started that never served: what they were started for had been served, or had gone, before they were ready. */
export const startsUnused: Rule = (facts) => {
  const { result, scenario, meanStartUs, started } = facts;
  const { total } = result.replicaTimeS;
  // Those that failed never came to where a window could end them: startsFail names them.
  const unusedStarts = result.replicas.unusedStarts - meanIn(facts, failedStartsOf);
  if (unusedStarts < FEW || unusedStarts < MANY * started || meanStartUs === null) return null;
  const isShared =
    scenario.binding === 'shared' && scenario.control === null && scenario.lifecycle === null;
  const why = isShared
    ? ': those that they were started for were served by others first, or had given up'
    : '';
  return {
    rule: 'starts-unused',
    line: `${count(unusedStarts)} of ${count(started)} started replicas never served${why}`,
    keys: isShared
      ? ['deployment.replicas.max', 'deployment.unusedWindow']
      : ['deployment.unusedWindow'],
    weight: total === 0 ? 0 : Math.min(1, (unusedStarts * meanStartUs) / US_PER_S / total),
  };
};

const MOST_OF_BILL = 0.4;

/** More is paid for starting than a pool should need. */
export const startsCostMost: Rule = (facts) => {
  const { result, priced, meanStartUs } = facts;
  const { starts } = result.replicas;
  const { starting, busy } = result.replicaTimeS;
  if (priced === null || meanStartUs === null || starts < FEW) return null;
  if (starting < MOST_OF_BILL * (starting + busy)) return null;
  const usdPerMonth = startingUsd(priced);
  const share = usdPerMonth / priced.usdPerMonth;
  if (share < MOST_OF_BILL) return null;
  return {
    rule: 'starts-cost-most',
    line: `${percent(share)} of the bill is for starting: ${count(starts)} starts of ${seconds(meanStartUs / US_PER_S)}${longestPhase(facts)}; ${dollars(usdPerMonth)} a month is what a start of no length would save at most`,
    keys: ['deployment.coldStart', 'deployment.idleWindow'],
    saves: { usdPerMonth, bound: 'at most' },
    weight: share / 2,
  };
};

function startingUsd({ plan, usdPerMonth, usdPerMonthOf }: Priced): number {
  const without = usdPerMonthOf((reading) => {
    const phaseUs = reading.phaseUs.map((us) => -Number(us));
    return withMore(plan, reading, { idleUs: 0, phaseUs }, false);
  });
  return usdPerMonth - without;
}

const TAIL = 0.01;
const HALF = 0.5;

/** The slowest requests are slow because they waited for a start. */
export const coldStartsAreTail: Rule = (facts) => {
  const { result, meanStartUs } = facts;
  const { coldStarts, latencyS, waitS } = result;
  const fraction = coldStarts.fraction ?? 0;
  if (meanStartUs === null || coldStarts.requests < FEW || fraction < TAIL) return null;
  const p99S = latencyS.p99 ?? 0;
  if ((waitS.p99 ?? 0) < HALF * p99S || waitS.forStart < waitS.forLimit) return null;
  // Where most of those who wait for a start give up, the tail is what is left of them.
  if (meanStartUs / US_PER_S > p99S) return null;
  return {
    rule: 'cold-starts-are-tail',
    line: `cold starts make the tail: ${percent(fraction)} of requests are cold, and of a p99 latency of ${seconds(latencyS.p99)} a start is ${seconds(meanStartUs / US_PER_S)}${longestPhase(facts)}`,
    keys: ['deployment.replicas.min', 'deployment.coldStart'],
    weight: fraction,
  };
};

const FAILING = 0.05;

export const startsFail: Rule = (facts) => {
  const { started } = facts;
  const failed = meanIn(facts, failedStartsOf);
  if (failed < FEW || failed < FAILING * started) return null;
  return {
    rule: 'starts-fail',
    line: `${count(failed)} of ${count(started)} starts came to nothing, and whoever waited for them waited for another`,
    keys: ['deployment.failures', 'deployment.replicas.min'],
    // Where nothing completed nobody was served cold, and the failures are why.
    weight: (failed / started) * (facts.result.coldStarts.fraction ?? 1),
  };
};

function failedStartsOf({ mishaps }: RunTotals): number {
  return mishaps.failedStarts;
}

/** `, load 18.0 s of it`: where a start has phases, the one that takes longest. */
function longestPhase(facts: Facts): string {
  const { scenario, started } = facts;
  if (scenario.startPhases.length < 2 || started === 0) return '';
  const phases = scenario.startPhases.map(({ name }, i) => {
    return { name, us: meanIn(facts, ({ whole }) => Number(whole.phaseUs[i]!)) };
  });
  const longest = phases.reduce((a, b) => (b.us > a.us ? b : a));
  return `, ${longest.name} ${seconds(longest.us / US_PER_S / started)} of it`;
}
