/** What must hold at the end of every run, to the microsecond. A breach is a fault of ours and stops. */
import { assert } from '../base/errors.ts';
import type { Reading, RunTotals } from './totals.ts';

/** @param servedUs and @param waitedUs sums over attempts, counted one by one */
export function checkIdentities(
  totals: RunTotals,
  run: Reading,
  servedUs: bigint,
  waitedUs: bigint,
): void {
  const { requests, latency, wait } = totals;
  assert(
    requests.arrived === requests.completed + requests.rejected + requests.timedOut,
    'arrived = completed + rejected + timed out',
  );
  assert(requests.late <= requests.completed, 'a late request is a completed one');
  assert(latency.total === requests.completed, 'each completed request has a latency');
  assert(wait.total === requests.completed, 'each completed request has a wait');
  assert(run.inServiceUs === servedUs, "Little's law: service");
  assert(run.waitForStartUs + run.waitForLimitUs === waitedUs, "Little's law: waiting");
  for (const reading of [run, totals.whole, totals.observed]) checkReading(reading);
  // Of the run alone: between two readings a life may use what its rounding has paid for already.
  for (const { usedUs, paidUs } of run.meters) assert(paidUs >= usedUs, 'rounding only adds');
}

/** What replicas gave to requests that share them is what these received. */
export function checkShares({ given, received }: { given: bigint; received: bigint }): void {
  assert(given === received, 'shares of a replica: given = received');
}

function checkReading(reading: Reading): void {
  const phasesUs = reading.phaseUs.reduce((sum, us) => sum + us, 0n);
  assert(phasesUs === reading.startingUs, 'starting time = the sum of its phases');
  assert(reading.idleUs >= reading.idleKeptUs, 'idleness that the floor asks for is idleness');
  assert(reading.inServiceUs >= reading.busyUs, 'a busy replica has a request in service');
  const replicaUs = reading.startingUs + reading.idleUs + reading.busyUs + reading.drainingUs;
  for (const { usedUs, paidUs } of reading.meters) {
    assert(usedUs >= 0n && paidUs >= 0n, 'a meter runs forward');
  }
  assert(replicaUs >= 0n, 'time runs forward');
}
