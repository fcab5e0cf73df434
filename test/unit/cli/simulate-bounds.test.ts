import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulateCommand } from '../../../src/cli/simulate.ts';
import type { Result } from '../../../src/study/document.ts';
import { runCommand } from './in-process.ts';

const STUDY = `
version: 1
name: chat
workload:
  synthesize: { duration: 2h, arrivals: { process: poisson, rate: 0.1/s } }
  service: { distribution: exponential, mean: 4s }
deployment: { coldStart: 10s, idleWindow: 5m }
billing: { usdPerReplicaHour: 2 }
`;

let study = '';
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-simulate-'));
  study = join(folder, 'chat.yaml');
  writeFileSync(study, STUDY);
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => runCommand(simulateCommand(), [study, ...args]);

describe('coldfront simulate', () => {
  it('says what a perfect scaler would pay, and a fixed fleet', async () => {
    const { stdout } = await run();
    const floor =
      /^ {2}Floor {6}a perfect scaler pays \$[\d.]+\/h: \$[\d.]+\/h is the price of not knowing the future$/m;
    expect(stdout).toMatch(floor);
    expect(stdout).toMatch(
      /^ +work alone \$[\d.]+\/h +services as this run had them \$[\d.]+\/h$/m,
    );
    expect(stdout).toMatch(
      /^ +\d+ always-ready replicas, the fewest that let nobody wait: \$[\d.]+\/h$/m,
    );
  });

  it('has the same in its document, in ascending order', async () => {
    const { stdout } = await run('--json');
    const { bounds, cost } = JSON.parse(stdout) as Result;
    const { work, nobodyWaits, ownServices, runUsdPerHour } = bounds!;
    expect(work.usdPerHour).toBeLessThan(ownServices.usdPerHour!);
    expect(ownServices.usdPerHour).toBeLessThan(runUsdPerHour!);
    expect(work.usdPerHour).toBeLessThan(nobodyWaits.usdPerHour!);
    // Nothing is rounded here.
    expect(runUsdPerHour).toBeCloseTo(cost!.usdPerHour!, 9);
  });

  it('leaves it out where nobody wants it', async () => {
    const { stdout } = await run('--json', '--no-bounds');
    expect((JSON.parse(stdout) as Result).bounds).toBeUndefined();
  });
});
