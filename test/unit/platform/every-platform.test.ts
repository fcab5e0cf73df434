/** The same two hours of traffic on every platform that ships: each run ends, accounts for every request and has a bill. */
import { describe, expect, it } from 'vitest';
import type { Platform } from '../../../src/platform/catalogue.ts';
import { CATALOGUE } from '../../kit/shipped-platforms.ts';
import { run } from '../study/studies.ts';

function studyOn({ id, gpus, billing }: Platform): string {
  const [model] = Object.keys(billing.models ?? {});
  return JSON.stringify({
    version: 1,
    workload: {
      synthesize: {
        duration: '2h',
        arrivals: { process: 'poisson', rate: '0.05/s' },
        tokens: { input: 1000, output: 300 },
      },
      service: '3s',
    },
    deployment: {
      platform: id,
      gpu: gpus[0],
      model,
      gpus: billing.gpus?.[gpus[0] ?? '']?.gpusPerReplica?.[0],
      ...{ memory: '2GiB', cores: 4, requestSize: '1kB', responseSize: '1kB', storage: '1GB' },
      concurrency: 4,
      coldStart: [
        { phase: 'pull', time: '10s' },
        { phase: 'load', time: '10s' },
      ],
    },
    // Where replicas are a market, a study brings the price.
    ...(billing.gpus && gpus.length === 0 ? { billing: { usdPerReplicaHour: 1 } } : {}),
  });
}

describe('every platform', () => {
  it.each([...CATALOGUE.values()])('$id', async (platform) => {
    const { requests, cost, replicaTimeS } = await run(studyOn(platform));
    const { arrived, completed, rejected, timedOut } = requests;
    expect(arrived).toBeGreaterThan(200);
    expect(completed + rejected + timedOut).toBe(arrived);
    expect(completed / arrived).toBeGreaterThan(0.5);
    const { starting, idle, busy, draining, total } = replicaTimeS;
    expect(starting + idle + busy + draining).toBeCloseTo(total, 6);
    expect(cost?.usd).toBeGreaterThan(0);
    const lines = cost?.lines.reduce((sum, { usd }) => sum + usd, 0);
    expect(lines).toBeCloseTo(cost?.usd ?? 0, 9);
  });
});
