// Endpoints of one account, the same traffic in all: what tying more of them costs a request.

import { streamOf } from '../dist/base/random.js';
import { compileDistribution, fixed } from '../dist/engine/distribution.js';
import { Fleet } from '../dist/engine/fleet.js';
import { BARE } from '../dist/engine/scenario.js';
import { median, spread } from './figures.mjs';

const REQUESTS = 1_000_000;
const RATE_PER_S = 1_000;
const ROUNDS = 5;
const ENDPOINTS = [10, 100, 1_000];
const CHUNK = 16_384;
const NEVER = Number.POSITIVE_INFINITY;

export function benchFleet() {
  const trace = makeTrace();
  for (const isTied of [true, false]) {
    const rates = new Map(ENDPOINTS.map((endpoints) => [endpoints, []]));
    // In turns, so that a machine's moods meet all alike; the first round warms the compiler up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const endpoints of ENDPOINTS) {
        const rate = run(trace, endpoints, isTied);
        if (round > 0) rates.get(endpoints).push(rate);
      }
    }
    const ten = median(rates.get(ENDPOINTS[0]));
    for (const endpoints of ENDPOINTS) {
      const own = rates.get(endpoints);
      console.log(
        `  ${String(endpoints).padStart(5)} endpoints, ${isTied ? 'one account' : 'independent'}   ` +
          `${spread(own, 1e6)} M requests/s   ${(median(own) / ten).toFixed(2)} of ten's rate`,
      );
    }
  }
}

function makeTrace() {
  const gap = compileDistribution({ distribution: 'exponential', meanUs: 1e6 / RATE_PER_S });
  const service = compileDistribution({ distribution: 'lognormal', medianUs: 1e6, sigma: 0.5 });
  const gaps = streamOf('bench', 0, 'arrivals');
  const services = streamOf('bench', 0, 'service');
  const names = streamOf('bench', 0, 'endpoint');
  const arrivalUs = new Float64Array(REQUESTS);
  const serviceUs = new Float64Array(REQUESTS);
  const name = new Float64Array(REQUESTS);
  for (let row = 0, nowUs = 0; row < REQUESTS; row++) {
    nowUs += Math.round(gap.sample(gaps));
    arrivalUs[row] = nowUs;
    serviceUs[row] = Math.round(service.sample(services));
    name[row] = names.next();
  }
  return { arrivalUs, serviceUs, name };
}

function run({ arrivalUs, serviceUs, name }, endpoints, isTied) {
  const endpoint = Int32Array.from(name, (share) => Math.floor(share * endpoints));
  const deployments = Array.from({ length: endpoints }, (_, i) => ({
    name: String(i),
    pools: [scenario(arrivalUs[REQUESTS - 1])],
    overflowAfterUs: NEVER,
  }));
  const account = {
    concurrency: 1.5 * RATE_PER_S,
    whenFull: 'wait',
    gpus: 100_000,
    gpusPerReplica: deployments.map(() => [1]),
  };
  const fleet = new Fleet({ deployments, account: isTied ? account : null });
  const startS = performance.now() / 1e3;
  for (let from = 0; from < REQUESTS; from += CHUNK) {
    const to = Math.min(REQUESTS, from + CHUNK);
    fleet.advance({
      count: to - from,
      arrivalUs: arrivalUs.subarray(from, to),
      serviceUs: serviceUs.subarray(from, to),
      endpoint: endpoint.subarray(from, to),
    });
  }
  const rate = REQUESTS / (performance.now() / 1e3 - startS);
  const { whole } = fleet.finish();
  if (whole.requests.completed !== REQUESTS) throw new Error('requests are missing');
  return rate;
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
