// How many runs a search takes of what a sweep of the same grid takes: counted, not timed, so the figures are the same anywhere.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLaboratory } from '../dist/node/run.js';
import { openStudy } from '../dist/node/studies.js';
import { optimize } from '../dist/study/optimize/optimize.js';

const CHAT = new URL('../traces/chat-day.log.gz', import.meta.url).pathname;
const AZURE = new URL('../../shared/traces/azure-llm-2023/', import.meta.url).pathname;
const CODE = join(AZURE, 'AzureLLMInferenceTrace_code.csv');

const synthetic = (process, requests, cold) => `
  synthesize: { requests: ${requests}, arrivals: { process: ${process} } }
  service: { distribution: lognormal, mean: 4s, cv: 1 }
deployment: { coldStart: ${cold} }`;
const replayed = (file, service, cold) => `
  replay: { file: ${file} }${service}
deployment: { coldStart: ${cold} }`;

const TRAFFIC = {
  'chat-day': replayed(CHAT, '', '8s'),
  'chat-day, 60 s loads': replayed(CHAT, '', '60s'),
  ...(existsSync(CODE) && {
    'azure code': replayed(CODE, '\n  service: { perOutputToken: 30ms }', '30s'),
  }),
  poisson: synthetic('poisson, rate: 0.5/s', 20_000, '20s'),
  bursts: synthetic(
    'mmpp, states: [{ rate: 0.01/s, mean: 20m }, { rate: 1/s, mean: 2m }]',
    8_000,
    '20s',
  ),
  days: synthetic('diurnal, rate: { mean: 0.3/s, peakToMean: 3 }', 20_000, '60s'),
};
const WINDOWS =
  'deployment.idleWindow=5s,10s,15s,20s,30s,45s,60s,90s,2m,3m,4m,5m,7m,10m,15m,20m,30m';
const GRIDS = {
  'min x window': ['deployment.replicas.min=0..30', WINDOWS],
  'min x window x max': [
    'deployment.replicas.min=0..9',
    WINDOWS,
    'deployment.replicas.max=12,20,unlimited',
  ],
  'min x window x slots': ['deployment.replicas.min=0..9', WINDOWS, 'deployment.concurrency=1,2,4'],
  'min x range': ['deployment.replicas.min=0..9', 'deployment.idleWindow=5s..30m'],
};

export async function benchOptimize() {
  const folder = mkdtempSync(join(tmpdir(), 'coldfront-bench-'));
  const shares = [];
  try {
    for (const [name, traffic] of Object.entries(TRAFFIC)) {
      const file = join(folder, 'study.yaml');
      const slo = "slo: ['share(waitS <= 1) >= 0.99']";
      writeFileSync(
        file,
        `version: 1\nworkload:${traffic}\nbilling: { usdPerReplicaHour: 2 }\n${slo}\n`,
      );
      for (const [grid, vary] of Object.entries(GRIDS)) {
        const study = await openStudy({ files: [file], overrides: { vary, isSearched: true } });
        const { runs, work, configurations, certain } = await withLaboratory(
          study,
          { workers: 2 },
          (lab) => optimize(lab, { hasHeadroom: false, budget: 1_000 }),
        );
        const share = work.search / configurations;
        shares.push(share);
        const sure = certain ? 'certain' : 'not certain';
        console.log(
          `${name}, ${grid}: ${runs} runs of ${configurations}, ${(100 * share).toFixed(1)} % to search, ${sure}`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const median = shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)];
  console.log(`median ${(100 * median).toFixed(1)} % of the runs of a sweep`);
}
