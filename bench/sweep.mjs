// A grid with one thread and with two, in turns; and the large grid of the design: 1,000 configurations x 1 million requests.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweepFile } from '../dist/node.js';
import { spread } from './figures.mjs';

const ROUNDS = 2;

/** Logs of a million requests would be read for seconds; traffic made from a seed is made for each batch instead. */
function study({ duration, mins, windows }) {
  return `version: 1
workload:
  synthesize: { duration: ${duration}, arrivals: { process: poisson, rate: 20/s } }
  service: { distribution: lognormal, mean: 1.13s, cv: 0.53 }
deployment: { coldStart: 8s }
billing: { usdPerReplicaHour: 1.1, quantum: 1s }
vary:
  deployment.replicas.min: ${mins}
  deployment.idleWindow: ${windows}
`;
}

/** A list as YAML reads it. */
function grid(count, value) {
  return JSON.stringify(Array.from({ length: count }, (_, i) => value(i)));
}

export async function benchSweep() {
  const folder = mkdtempSync(join(tmpdir(), 'coldfront-bench-'));
  try {
    const small = join(folder, 'small.yaml');
    writeFileSync(
      small,
      study({
        duration: '50000s',
        mins: grid(20, (i) => 2 * i),
        windows: grid(20, (i) => `${5 + 15 * i}s`),
      }),
    );
    const ratios = [];
    const times = { 1: [], 2: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const workers of [1, 2]) times[workers].push(await seconds(small, workers));
      ratios.push(times[1].at(-1) / times[2].at(-1));
    }
    console.log(
      `  400 configurations x 1.0 M requests   one thread ${spread(times[1])} s   two ${spread(times[2])} s   ratio ${spread(ratios)} (target 1.8)`,
    );
    const large = join(folder, 'large.yaml');
    writeFileSync(
      large,
      study({
        duration: '50000s',
        mins: grid(40, (i) => i),
        windows: grid(25, (i) => `${5 + 12 * i}s`),
      }),
    );
    const largeS = await seconds(large, 2);
    console.log(
      `  1,000 configurations x 1.0 M requests, two threads   ${largeS.toFixed(1)} s (target 120 s)   ${(1_000 / largeS).toFixed(1)} M requests/s`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function seconds(path, workers) {
  const start = performance.now();
  await sweepFile(path, {}, { workers });
  return (performance.now() - start) / 1e3;
}
