/**
 * Fingerprints of fixed scenarios. They prove that no event changed, not that any is right: the other folders do that.
 * A change here is a change of results for a given seed: say why in the commit and list it in CHANGELOG.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileDistribution } from '../../src/engine/distribution.ts';
import { Pool } from '../../src/engine/pool.ts';
import { BARE, ROUTINGS, type Scenario } from '../../src/engine/scenario.ts';
import { makeWorkload } from '../../src/workload/workload.ts';

const FILE = new URL('./fingerprints.json', import.meta.url);
const NEVER = Number.POSITIVE_INFINITY;

const BASE: Scenario = {
  ...BARE,
  floor: { atUs: [0], count: [1] },
  max: 12,
  startRate: null,
  idleWindowUs: 20e6,
  unusedWindowUs: 20e6,
  concurrency: 1,
  binding: 'shared',
  routing: 'most-recent',
  queueLimit: NEVER,
  queueTimeoutUs: NEVER,
  startPhases: [
    { name: 'boot', time: compileDistribution({ distribution: 'fixed', valueUs: 2e6 }) },
    {
      name: 'load',
      time: compileDistribution({ distribution: 'lognormal', meanUs: 6e6, cv: 0.4 }),
    },
  ],
  overheadUs: 20_000,
  slotOverheadUs: 0,
  executionTimeoutUs: NEVER,
  client: { retries: null, patienceUs: NEVER, cancels: false },
  period: { fromUs: 0, toUs: 3_600e6 },
  measure: null,
  meters: [],
  latencyThresholdsUs: [5e6],
  waitThresholdsUs: [1e6],
  timelineUs: 0,
  seed: 'golden',
  replication: 0,
};

const SCENARIOS: Record<string, Scenario> = {
  ...Object.fromEntries(ROUTINGS.map((routing) => [routing, { ...BASE, routing }])),
  'four slots': { ...BASE, concurrency: 4, routing: 'least-loaded' },
  'own binding': { ...BASE, binding: 'own', concurrency: 2 },
  'limits and retries': {
    ...BASE,
    max: 4,
    queueLimit: 3,
    queueTimeoutUs: 4e6,
    executionTimeoutUs: 6e6,
    client: {
      retries: {
        max: 3,
        backoffUs: 1e6,
        factor: 2,
        jitter: 'full',
        onRejected: true,
        onTimedOut: true,
      },
      patienceUs: 30e6,
      cancels: true,
    },
  },
  'start rate and floor': {
    ...BASE,
    startRate: { count: 2, periodUs: 10e6 },
    floor: { atUs: [0, 600e6, 1_800e6], count: [0, 5, 1] },
    unusedWindowUs: 5e6,
  },
};

function run(scenario: Scenario): { fingerprint: number; events: number; cold: number } {
  const workload = makeWorkload(
    {
      kind: 'synthesize',
      arrivals: { process: 'gamma', cv: 2, rate: 1.2 },
      durationUs: 3_600e6,
      requests: null,
      service: {
        kind: 'drawn',
        distribution: { distribution: 'lognormal', meanUs: 2.5e6, cv: 0.8 },
      },
    },
    null,
    null,
  );
  const pool = new Pool(scenario);
  for (const chunk of workload.chunks('golden', 0)) pool.advance(chunk);
  const { fingerprint, events, requests } = pool.finish();
  return { fingerprint, events, cold: requests.cold };
}

describe('fingerprints, on one Node major and architecture', () => {
  const known = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    const all = Object.entries(SCENARIOS).map(([name, scenario]) => [name, run(scenario)]);
    writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
  }
  it.each(Object.entries(SCENARIOS))('%s', (name, scenario) => {
    expect(run(scenario)).toEqual(known[name]);
  });
});
