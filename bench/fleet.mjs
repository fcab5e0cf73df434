// What more endpoints cost a request, in processor time: the same traffic in all, so that each has less of it and starts
// more; and the same traffic for each, so that a thousand do per request what ten do.

import { streamOf } from '../dist/base/random.js';
import { compileDistribution, fixed } from '../dist/engine/distribution.js';
import { Fleet } from '../dist/engine/fleet.js';
import { BARE } from '../dist/engine/scenario.js';
import { median, spread } from './figures.mjs';

const REQUESTS = 1_000_000;
const ROUNDS = 5;
const ENDPOINTS = [10, 100, 1_000];
const TRAFFIC = [
  { name: '1,000/s in all', rateOf: () => 1_000 },
  { name: '1/s for each', rateOf: (endpoints) => endpoints },
];
/** The account's cap by the requests that arrive in a second, of which 1.13 s are served: it binds while all are cold. */
const CAP_S = 3;
const CHUNK = 16_384;
const NEVER = Number.POSITIVE_INFINITY;

export function benchFleet() {
  for (const { name, rateOf } of TRAFFIC) {
    const traces = ENDPOINTS.map((endpoints) => makeTrace(endpoints, rateOf(endpoints)));
    for (const isTied of [true, false]) {
      const rates = traces.map(() => []);
      // In turns, so that a machine's moods meet all alike; the first round warms the compiler up.
      for (let round = 0; round <= ROUNDS; round++) {
        for (const [i, trace] of traces.entries()) {
          const rate = run(trace, isTied);
          if (round > 0) rates[i].push(rate);
        }
      }
      for (const [i, own] of rates.entries()) {
        console.log(
          `  ${name}, ${isTied ? 'one account' : 'independent'}, ${String(ENDPOINTS[i]).padStart(5)} endpoints   ` +
            `${spread(own, 1e6)} M requests/s   ${(median(own) / median(rates[0])).toFixed(2)} of ten's rate`,
        );
      }
    }
  }
}

function makeTrace(endpoints, ratePerS) {
  const gap = compileDistribution({ distribution: 'exponential', meanUs: 1e6 / ratePerS });
  const service = compileDistribution({ distribution: 'lognormal', medianUs: 1e6, sigma: 0.5 });
  const gaps = streamOf('bench', 0, 'arrivals');
  const services = streamOf('bench', 0, 'service');
  const names = streamOf('bench', 0, 'endpoint');
  const arrivalUs = new Float64Array(REQUESTS);
  const serviceUs = new Float64Array(REQUESTS);
  const endpoint = new Int32Array(REQUESTS);
  for (let row = 0, nowUs = 0; row < REQUESTS; row++) {
    nowUs += Math.round(gap.sample(gaps));
    arrivalUs[row] = nowUs;
    serviceUs[row] = Math.round(service.sample(services));
    endpoint[row] = Math.floor(names.next() * endpoints);
  }
  return { endpoints, ratePerS, arrivalUs, serviceUs, endpoint };
}

/** @returns requests a second of processor time, of all threads, from the first pool to the last total */
function run({ endpoints, ratePerS, arrivalUs, serviceUs, endpoint }, isTied) {
  const deployments = Array.from({ length: endpoints }, (_, i) => ({
    name: String(i),
    pools: [scenario(arrivalUs[REQUESTS - 1])],
    overflowAfterUs: NEVER,
  }));
  const account = {
    concurrency: CAP_S * ratePerS,
    whenFull: 'wait',
    gpus: 100_000,
    gpusPerReplica: deployments.map(() => [1]),
  };
  const before = process.cpuUsage();
  const fleet = new Fleet({ deployments, account: isTied ? account : null });
  for (let from = 0; from < REQUESTS; from += CHUNK) {
    const to = Math.min(REQUESTS, from + CHUNK);
    fleet.advance({
      count: to - from,
      arrivalUs: arrivalUs.subarray(from, to),
      serviceUs: serviceUs.subarray(from, to),
      endpoint: endpoint.subarray(from, to),
    });
  }
  const { whole } = fleet.finish();
  const { user, system } = process.cpuUsage(before);
  if (whole.requests.completed !== REQUESTS) throw new Error('requests are missing');
  return REQUESTS / ((user + system) / 1e6);
}

function scenario(toUs) {
  return {
    ...BARE,
    floor: { atUs: [0], count: [0] },
    max: 10_000,
    startRate: null,
    idleWindowUs: 30e6,
    unusedWindowUs: 30e6,
    concurrency: 1,
    binding: 'shared',
    routing: 'most-recent',
    queueLimit: NEVER,
    queueTimeoutUs: NEVER,
    startPhases: [{ name: 'load', time: fixed(8e6) }],
    overheadUs: 0,
    slotOverheadUs: 0,
    executionTimeoutUs: NEVER,
    client: { retries: null, patienceUs: NEVER, cancels: false },
    period: { fromUs: 0, toUs },
    measure: null,
    meters: [],
    latencyThresholdsUs: [5e6],
    waitThresholdsUs: [1e6],
    timelineUs: 0,
    seed: '1',
    replication: 0,
  };
}
