// Sweeps of 10,000 and 100,000 configurations over a small trace, results on disk: configurations a second, and the peak of
// the process, which must not grow with the grid.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIZES = (process.env.COLDFRONT_BENCH_ROWS ?? '10000,100000').split(',').map(Number);
const REQUESTS = 100;
const MINIMA = 10;

const CHILD = `
import { openResultFolder, openStudy, sweepLargeStudy, writeResultFiles } from '${new URL('../dist/node.js', import.meta.url).href}';
const [path, out, workers] = process.argv.slice(1);
const study = await openStudy({ files: [path], overrides: {} });
const folder = openResultFolder(out, { resume: false, overwrite: true });
const start = performance.now();
const swept = await sweepLargeStudy(study, { outcomes: folder.outcomes, workers: Number(workers) });
const sweptS = (performance.now() - start) / 1e3;
await writeResultFiles(out, swept);
folder.close();
console.log(JSON.stringify({
  rows: swept.results.length,
  sweptS,
  writtenS: (performance.now() - start) / 1e3 - sweptS,
  peakMiB: process.resourceUsage().maxRSS / 1024,
}));
`;

/** A trace by a linear congruential generator: gaps of 1 to 60 s, services of 1 to 8 s. */
function trace() {
  let state = 1;
  const next = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
  let atS = 0;
  const rows = Array.from({ length: REQUESTS }, () => {
    atS += 1 + 59 * next();
    return `${atS.toFixed(3)},${(1 + 7 * next()).toFixed(3)}`;
  });
  return `arrival_s,service_s\n${rows.join('\n')}\n`;
}

export function benchScale() {
  const folder = mkdtempSync(join(tmpdir(), 'coldfront-bench-'));
  try {
    writeFileSync(join(folder, 'trace.csv'), trace());
    const peaks = SIZES.map((rows) => {
      const path = join(folder, 'study.yaml');
      writeFileSync(
        path,
        `version: 1
workload: { replay: { file: trace.csv } }
deployment: { coldStart: 8s }
billing: { usdPerReplicaHour: 1.1, quantum: 1s }
vary:
  deployment.replicas.min: 0..${MINIMA - 1}
  deployment.idleWindow: 1s..${rows / MINIMA}s+1s
slo: [latencyS.p99 <= 12]
`,
      );
      const out = join(folder, 'out');
      const text = execFileSync(
        process.execPath,
        ['--input-type=module', '-e', CHILD, path, out, '2'],
        { encoding: 'utf8' },
      );
      const { sweptS, writtenS, peakMiB } = JSON.parse(text);
      const journalMiB = statSync(join(out, 'results.jsonl')).size / 2 ** 20;
      console.log(
        `  ${rows.toLocaleString('en')} configurations x ${REQUESTS} requests, two threads   ${sweptS.toFixed(1)} s, ${Math.round(rows / sweptS)} a second   files written in ${writtenS.toFixed(1)} s   journal ${Math.round(journalMiB)} MiB   peak ${Math.round(peakMiB)} MiB`,
      );
      return peakMiB;
    });
    console.log(
      `  peak of the largest over the smallest: ${(peaks.at(-1) / peaks[0]).toFixed(2)} (target 2)`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
