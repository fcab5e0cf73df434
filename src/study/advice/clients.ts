/** What clients do to a pool: they try again, lose patience, and ping. */
import { counted } from '../../base/counts.ts';
import { percent, seconds } from '../../base/numbers.ts';
import { formatDurationUs, US_PER_S } from '../../base/units.ts';
import { TIMEOUTS } from '../../engine/totals.ts';
import { type Facts, FEW, meanIn, type Rule } from './facts.ts';

const MUCH = 0.1;

/** Retries that add to the load of a pool that fails for it. */
export const retriesAddLoad: Rule = ({ result }) => {
  const { arrived, retries, failedFraction } = result.requests;
  const share = arrived + retries === 0 ? 0 : retries / (arrived + retries);
  const failed = failedFraction ?? 0;
  if (retries < FEW || share < MUCH || failed < MUCH) return null;
  return {
    rule: 'retries-add-load',
    line: `${percent(share)} of all attempts were retries, and ${percent(failed)} of requests failed all the same`,
    keys: ['client.retries.max', 'client.retries.backoff'],
    weight: failed * share,
  };
};

/** Clients that are gone before a replica has started. */
export const patienceBeforeReady: Rule = (facts) => {
  const { result, scenario, meanStartUs } = facts;
  const { patienceUs, cancels } = scenario.client;
  if (meanStartUs === null || patienceUs >= meanStartUs) return null;
  const gone = TIMEOUTS.indexOf('client-gone');
  const requests = result.requests.late + meanIn(facts, ({ timeouts }) => timeouts[gone]!);
  if (requests < FEW) return null;
  const what = cancels ? 'were given up by' : 'came too late for';
  return {
    rule: 'patience-before-ready',
    line: `${counted(Math.round(requests), 'request')} ${what} their client: its patience (${formatDurationUs(patienceUs)}) ends before a mean start does (${seconds(meanStartUs / US_PER_S)})`,
    keys: ['deployment.replicas.min', 'deployment.coldStart'],
    weight: requests / result.requests.arrived,
  };
};

const MOST = 0.5;

/** Pings that find nothing warm are starts of their own. */
export const pingsFindNothing: Rule = (facts) => {
  const { scenario } = facts;
  if (scenario.pings === null) return null;
  const sent = meanIn(facts, ({ pings }) => pings?.arrived ?? 0);
  const cold = meanIn(facts, coldPings);
  if (cold < FEW || cold < MOST * sent) return null;
  const every = formatDurationUs(scenario.pings.everyUs);
  return {
    rule: 'pings-find-nothing',
    line: `${counted(Math.round(cold), 'ping')} of ${Math.round(sent)} found no replica ready: one every ${every} keeps nothing warm with idleWindow ${formatDurationUs(scenario.idleWindowUs)}${facts.whose('idleWindow', scenario.idleWindowUs)}, and starts a replica each time`,
    keys: ['workload.pings.every', 'deployment.idleWindow'],
    weight: shareOfStarts(facts, cold),
  };
};

/** Pings to a pool that keeps replicas anyway. */
export const pingsNotNeeded: Rule = (facts) => {
  const { scenario } = facts;
  if (scenario.pings === null || Math.min(...scenario.floor.count) < 1) return null;
  const sent = meanIn(facts, ({ pings }) => pings?.arrived ?? 0);
  if (sent < FEW) return null;
  return {
    rule: 'pings-not-needed',
    line: `${counted(Math.round(sent), 'ping')} kept nothing warm that replicas.min ${Math.min(...scenario.floor.count)} does not keep anyway`,
    keys: ['workload.pings'],
    weight: sent / (sent + facts.result.requests.arrived),
  };
};

function coldPings({ pings }: Facts['runs'][number]): number {
  return pings === null ? 0 : pings.cold + pings.rejected + pings.timedOut;
}

function shareOfStarts({ result }: Facts, starts: number): number {
  return result.replicas.starts === 0 ? 0 : Math.min(1, starts / result.replicas.starts) / 2;
}
