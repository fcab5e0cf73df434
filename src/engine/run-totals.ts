/** What a pool has counted, at the end of its run. */
import { checkHours, checkIdentities, checkShares } from './identities.ts';
import type { PoolState } from './pool-state.ts';
import { isUnusedStart } from './replica-rules.ts';
import { UNUSED } from './replicas.ts';
import type { RunTotals } from './totals.ts';

export function totalsOf(pool: PoolState, horizonUs: number): RunTotals {
  const { ledger, queue, recorder, scenario, replicas } = pool;
  ledger.readUpTo(horizonUs);
  const run = ledger.reading(horizonUs);
  const observed = ledger.observed();
  const span = scenario.measure ?? scenario.period;
  let unusedKept = 0;
  for (let replica = 0; replica < replicas.end; replica++) {
    if (!replicas.isAlive(replica)) continue;
    if (isUnusedStart(pool, replica)) pool.unusedStarts++;
    if (replicas.state[replica] === UNUSED && replicas.isStarted[replica] === 0) unusedKept++;
  }
  const totals: RunTotals = {
    requests: recorder.requests(),
    latency: recorder.latency.counts(),
    wait: recorder.wait.counts(),
    withinLatency: [...recorder.withinLatency],
    withinWait: [...recorder.withinWait],
    whole: scenario.measure === null ? run : observed,
    observed,
    observedUs: span.toUs - span.fromUs,
    peakReplicas: pool.peakReplicas,
    unusedStarts: pool.unusedStarts,
    unusedKept,
    returns: pool.returns.counts(),
    timeouts: [...pool.timeouts],
    mishaps: {
      failedStarts: pool.failedStarts,
      preemptions: pool.preemptions,
      crashes: pool.crashes,
      interrupted: pool.interrupted,
    },
    startPaths: pool.ways.counts(),
    refusals: [...pool.refusals],
    stranded: pool.stranded,
    pings: pool.pings?.requests() ?? null,
    horizonUs,
    reached: {
      // What a controller would have wanted beyond its limit moves what it wants later: no limit is proved unreached.
      replicas: pool.control === null ? pool.peakReplicas : Number.MAX_VALUE,
      waiting: pool.queue.peak,
      queueUs: pool.longestQueueUs,
      serviceUs: pool.longestServiceUs,
      latencyUs: pool.longestLatencyUs,
    },
    timeline: ledger.timeline(horizonUs),
    hours: ledger.byHour(recorder),
    kept: pool.kept?.kept() ?? null,
    events: pool.events,
    fingerprint: pool.fingerprint >>> 0,
  };
  if (pool.sharing !== null) checkShares(pool.sharing.balance());
  checkHours(totals);
  checkIdentities(totals, run, ledger.servedUs.value(), queue.waitedUs.value());
  return totals;
}
