/** What must hold at the end of every run, to the microsecond. A breach is a fault of ours and stops. */
import { assert } from '../base/errors.ts';
import { HOUR_FIGURES, HOUR_REQUESTS, type Reading, type RunTotals } from './totals.ts';

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

/** Each request is in one hour, with all that became of it; and the hours' times are the span's. */
export function checkHours({ hours, requests, observed, ...totals }: RunTotals): void {
  if (hours === null) return;
  const { requests: by } = hours;
  const sum = (column: Float64Array) => column.reduce((total, count) => total + count, 0);
  for (const key of HOUR_REQUESTS) assert(sum(by[key]) === requests[key], `hours add up: ${key}`);
  for (const [i, count] of totals.withinLatency.entries()) {
    assert(sum(hours.withinLatency[i]!) === count, 'hours add up: within a latency');
  }
  for (const [i, count] of totals.withinWait.entries()) {
    assert(sum(hours.withinWait[i]!) === count, 'hours add up: within a wait');
  }
  for (let hour = 0; hour < by.arrived.length; hour++) {
    const ended = by.completed[hour]! + by.rejected[hour]! + by.timedOut[hour]!;
    assert(by.arrived[hour] === ended, 'arrived = completed + rejected + timed out, by hour');
  }
  for (const key of HOUR_FIGURES) {
    const whole = Number(observed[key]);
    const gap = Math.abs(sum(hours.figures[key]) - whole);
    assert(gap <= ROUNDED * Math.abs(whole), `hours add up: ${key}`);
  }
}

/** Sums beyond 2^53 are rounded to doubles. */
const ROUNDED = 1e-9;

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
  const limitsUs = reading.limitUs.reduce((sum, us) => sum + us, 0n);
  assert(limitsUs === reading.waitForLimitUs, 'waiting without a promise = the sum of its limits');
  assert(
    reading.shortageUs <= reading.waitForStartUs,
    'who waits for a shortage waits for a start',
  );
}
