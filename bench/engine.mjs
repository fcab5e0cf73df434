// The event loop beside the C program on the same traces, in turns, each in a fresh process.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamOf } from '../dist/base/random.js';
import { compileDistribution } from '../dist/engine/distribution.js';
import { median, spread } from './figures.mjs';

const REQUESTS = 2_000_000;
const ROUNDS = 5;
const LOADS = [
  { busy: 6, ratePerS: 5, target: 0.4 },
  { busy: 113, ratePerS: 100, target: 0.4 },
  { busy: 2260, ratePerS: 2000, target: 0.6 },
];

export function benchEngine(reference) {
  const folder = mkdtempSync(join(tmpdir(), 'coldfront-bench-'));
  try {
    const program = compileReference(reference, folder);
    for (const { busy, ratePerS, target } of LOADS) {
      const trace = writeTrace(folder, ratePerS, program !== null);
      const ours = [];
      const theirs = [];
      const ratios = [];
      const controlled = [];
      const slower = [];
      for (let round = 0; round < ROUNDS; round++) {
        const rates = runEngine(trace.bin);
        ours.push(...rates);
        const looking = runEngine(trace.bin, 'controlled');
        controlled.push(...looking);
        slower.push(median(looking) / median(rates));
        if (program === null) continue;
        const c = runReference(program, trace.csv);
        theirs.push(...c);
        ratios.push(median(rates) / median(c));
      }
      const against =
        program === null
          ? 'no C program to compare with'
          : `C ${spread(theirs, 1e6)}   ratio ${spread(ratios)} (target ${target})`;
      console.log(
        `  ${String(busy).padStart(5)} busy   ${spread(ours, 1e6)} M requests/s   ${against}`,
      );
      console.log(
        `       controlled, every 2 s   ${spread(controlled, 1e6)}   of per-request ${spread(slower)} (target 0.8)`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compileReference(source, folder) {
  if (!existsSync(source)) {
    console.log(`  ${source} is not there: the engine's rate alone`);
    return null;
  }
  const program = join(folder, 'pool');
  try {
    execFileSync('gcc', ['-O3', '-march=native', source, '-lm', '-o', program], { stdio: 'pipe' });
    return program;
  } catch {
    console.log("  gcc is not there or fails: the engine's rate alone");
    return null;
  }
}

/** Poisson arrivals, log-normal service (sigma 0.5, median 1 s), as columns and, for C, as CSV. */
function writeTrace(folder, ratePerS, asCsv) {
  const gap = compileDistribution({ distribution: 'exponential', meanUs: 1e6 / ratePerS });
  const service = compileDistribution({ distribution: 'lognormal', medianUs: 1e6, sigma: 0.5 });
  const gaps = streamOf('bench', 0, 'arrivals');
  const services = streamOf('bench', 0, 'service');
  const columns = new Float64Array(2 * REQUESTS);
  const lines = ['arrival_s,service_s'];
  for (let row = 0, nowUs = 0; row < REQUESTS; row++) {
    nowUs += Math.round(gap.sample(gaps));
    columns[row] = nowUs;
    columns[REQUESTS + row] = Math.round(service.sample(services));
    if (asCsv) {
      lines.push(`${(nowUs / 1e6).toFixed(6)},${(columns[REQUESTS + row] / 1e6).toFixed(6)}`);
    }
  }
  const bin = join(folder, `${ratePerS}.bin`);
  const csv = join(folder, `${ratePerS}.csv`);
  writeFileSync(bin, new Uint8Array(columns.buffer));
  if (asCsv) writeFileSync(csv, `${lines.join('\n')}\n`);
  return { bin, csv };
}

/** The first four of eight repetitions warm the compiler up. */
function runEngine(bin, scaling = 'per-request') {
  const child = new URL('./engine-child.mjs', import.meta.url).pathname;
  const text = execFileSync(process.execPath, [child, bin, '8', scaling], { encoding: 'utf8' });
  return text
    .trim()
    .split('\n')
    .slice(4)
    .map((line) => JSON.parse(line).rate);
}

function runReference(program, csv) {
  const text = execFileSync(program, [csv, '30', '8', '10000', '3'], { encoding: 'utf8' });
  return [...text.matchAll(/rate=(\d+)/g)].map(([, rate]) => Number(rate));
}
