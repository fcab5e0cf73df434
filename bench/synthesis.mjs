// Requests made from a seed, service times drawn, everything of a process that a study may ask for; one core.

import { zipfEndpoints } from '../dist/workload/synthesis/popularity.js';
import { makeWorkload } from '../dist/workload/workload.js';
import { spread } from './figures.mjs';

const ROUNDS = 5;
const REQUESTS = 2_000_000;
const S = 1e6;

const curve = {
  periodUs: 86_400 * S,
  interpolate: 'linear',
  points: [
    { atUs: 0, perS: 20 },
    { atUs: 43_200 * S, perS: 180 },
  ],
};
const states = [
  { perS: 20, meanUs: 60 * S, to: null },
  { perS: 400, meanUs: 5 * S, to: null },
];
const law = (meanUs) => ({
  distribution: { distribution: 'lognormal', meanUs, cv: 1 },
  most: 8192,
});
const client = (_, i) => ({
  name: `client-${i}`,
  arrivals: { process: 'gamma', rate: 0.5, cv: 2 },
  endpoints: null,
  tokens: null,
});

const PROCESSES = {
  poisson: { process: 'poisson', rate: 100 },
  'poisson on a daily curve': { process: 'poisson', rate: curve },
  gamma: { process: 'gamma', rate: 100, cv: 2 },
  weibull: { process: 'weibull', rate: 100, cv: 2 },
  mmpp: { process: 'mmpp', rate: null, states },
  hawkes: { process: 'hawkes', rate: 100, branching: 0.6, decayUs: 5 * S },
  'counts a minute': {
    process: 'counts',
    intervalUs: 60 * S,
    columns: [Array.from({ length: 1440 }, (_, i) => 3000 + 2 * i)],
    names: [],
    placement: 'uniform',
  },
  '200 clients': { process: 'clients', clients: Array.from({ length: 200 }, client) },
};

export function benchSynthesis() {
  for (const [name, arrivals] of Object.entries(PROCESSES)) measure(name, { arrivals });
  measure('poisson, 50 endpoints, tokens', {
    arrivals: PROCESSES['poisson'],
    endpoints: zipfEndpoints(50, 1),
    tokens: { input: law(1500), output: law(200) },
  });
}

function measure(name, parts) {
  const spec = {
    kind: 'synthesize',
    durationUs: null,
    requests: REQUESTS,
    service: {
      kind: 'drawn',
      distribution: { distribution: 'lognormal', meanUs: 1.13 * S, cv: 0.53 },
    },
    ...parts,
  };
  const rates = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    let made = 0;
    for (const { count } of makeWorkload(spec, null, null).chunks(`${round}`, 0)) made += count;
    if (round > 0) rates.push(made / ((performance.now() - start) / 1e3));
  }
  console.log(`  ${name.padEnd(32)} ${spread(rates, 1e6)} M requests/s`);
}
