// 100 million synthesized requests through one configuration, and the peak of the process that ran them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REQUESTS = 100_000_000;

const CHILD = `
import { simulateFile } from '${new URL('../dist/node.js', import.meta.url).href}';
const start = performance.now();
const result = await simulateFile(process.argv[1]);
console.log(JSON.stringify({
  arrived: result.requests.arrived,
  seconds: (performance.now() - start) / 1e3,
  engineSeconds: result.engine.seconds,
  peakMiB: process.resourceUsage().maxRSS / 1024,
}));
`;

export function benchMemory() {
  const folder = mkdtempSync(join(tmpdir(), 'coldfront-bench-'));
  try {
    const path = join(folder, 'study.yaml');
    writeFileSync(
      path,
      `version: 1
workload:
  synthesize: { requests: ${REQUESTS}, arrivals: { process: poisson, rate: 100/s } }
  service: { distribution: lognormal, mean: 1.13s, cv: 0.53 }
deployment: { idleWindow: 30s, coldStart: 8s, replicas: { max: 10000 } }
`,
    );
    const text = execFileSync(process.execPath, ['--input-type=module', '-e', CHILD, path], {
      encoding: 'utf8',
    });
    const { arrived, seconds, engineSeconds, peakMiB } = JSON.parse(text);
    console.log(
      `  ${(arrived / 1e6).toFixed(1)} M requests synthesized and simulated in ${seconds.toFixed(1)} s (event loop ${engineSeconds.toFixed(1)} s)   peak ${Math.round(peakMiB)} MiB (target 1,000)`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
