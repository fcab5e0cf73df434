// Runs the engine on one trace, again and again: `node engine-child.mjs TRACE.bin REPETITIONS [controlled]`, one JSON line
// each. Controlled: Knative's rule and defaults, a look every 2 s, in place of per-request scaling.
import { readFileSync } from 'node:fs';
import { fixed } from '../dist/engine/distribution.js';
import { Pool } from '../dist/engine/pool.js';
import { BARE } from '../dist/engine/scenario.js';
import { compileScaling } from '../dist/platform/scaling.js';

const [file, repetitions, scaling] = process.argv.slice(2);
const bytes = readFileSync(file);
const columns = new Float64Array(
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
);
const count = columns.length / 2;
const arrivalUs = columns.subarray(0, count);
const serviceUs = columns.subarray(count);
const CHUNK = 16_384;

const scenario = {
  ...BARE,
  floor: { atUs: [0], count: [0] },
  max: 10_000,
  startRate: null,
  idleWindowUs: 30e6,
  unusedWindowUs: 30e6,
  concurrency: 1,
  binding: 'shared',
  routing: 'most-recent',
  queueLimit: Number.POSITIVE_INFINITY,
  queueTimeoutUs: Number.POSITIVE_INFINITY,
  startPhases: [{ name: 'load', time: fixed(8e6) }],
  overheadUs: 0,
  slotOverheadUs: 0,
  executionTimeoutUs: Number.POSITIVE_INFINITY,
  client: { retries: null, patienceUs: Number.POSITIVE_INFINITY, cancels: false },
  period: { fromUs: arrivalUs[0], toUs: arrivalUs[count - 1] },
  measure: null,
  meters: [
    {
      idle: true,
      busy: true,
      draining: true,
      phases: [true],
      quantumUs: 1e6,
      minimumUs: 0,
      scope: 'replica',
      minuteOffsetUs: 0,
    },
  ],
  latencyThresholdsUs: [5e6],
  waitThresholdsUs: [1e6],
  timelineUs: 0,
  seed: '1',
  replication: 0,
};

if (scaling === 'controlled') {
  const section = {
    rule: 'controlled',
    tick: '2s',
    laws: {
      concurrency: {
        law: 'absolute',
        signal: 'in-flight',
        window: '60s',
        target: 'concurrency',
        utilization: '70%',
      },
    },
    maxScaleUpRate: 1000,
    maxScaleDownRate: 2,
    panic: { window: '10%', threshold: '200%' },
    scaleToZero: { wake: 'arrival', after: '60s', grace: '0s' },
    retirement: 'target',
  };
  scenario.control = compileScaling(section, { concurrency: 1, floor: 0, max: scenario.max });
}

for (let repetition = 0; repetition < Number(repetitions); repetition++) {
  const pool = new Pool(scenario);
  const startS = performance.now() / 1e3;
  for (let from = 0; from < count; from += CHUNK) {
    const to = Math.min(count, from + CHUNK);
    pool.advance({
      count: to - from,
      arrivalUs: arrivalUs.subarray(from, to),
      serviceUs: serviceUs.subarray(from, to),
    });
  }
  const totals = pool.finish();
  const seconds = performance.now() / 1e3 - startS;
  console.log(
    JSON.stringify({
      rate: count / seconds,
      cold: totals.whole.starts,
      busyS: Number(totals.whole.busyUs) / 1e6,
      fingerprint: totals.fingerprint,
    }),
  );
}
