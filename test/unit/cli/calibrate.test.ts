import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calibrateCommand } from '../../../src/cli/calibrate.ts';
import type { Calibration } from '../../../src/study/calibration/calibration-document.ts';
import { runCommand } from './in-process.ts';

/** Two replicas, whatever comes, at $2 an hour each, for two hours. */
const STUDY = `
version: 1
name: two
workload:
  synthesize: { duration: 2h, arrivals: { process: poisson, rate: 0.1/s } }
  service: 2s
deployment: { replicas: { min: 2, max: 2 } }
billing: { usdPerReplicaHour: 2 }
vary: { deployment.idleWindow: [10s, 60s] }
current: { deployment.replicas.max: 2 }
`;

let folder = '';
let study = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-calibrate-'));
  study = write('two.yaml', STUDY);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  process.exitCode = 0;
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const REPLICAS = 'time,replicas\n0,2\n3600,2\n7200,2\n';

describe('coldfront calibrate', () => {
  it('says that what runs today is reproduced, answer first', async () => {
    const replicas = write('replicas.csv', REPLICAS);
    const args = [study, '--recorded', replicas, '--invoice', '8', '--holdout', '50%'];
    const { stdout } = await runCommand(calibrateCommand(), args);
    expect(process.exitCode).toBeFalsy();
    const lines = stdout.split('\n');
    expect(
      lines.indexOf('Reproduces what was recorded, every figure within its threshold:'),
    ).toBeLessThan(6);
    expect(stdout).toContain('  simulated cost is as recorded');
    expect(stdout).toMatch(/^Held out: 60\.0 min \.\. 2\.00 h$/m);
    expect(stdout).toMatch(/^ {2}replicas, mean +2\.00 +2\.00 +0 % +10\.0 % +good$/m);
    expect(stdout).toContain('Nothing was fitted by coldfront');
    for (const text of lines) expect(text.length, text).toBeLessThanOrEqual(100);
  });

  it('ends with 3 past a threshold, and says which way it leans', async () => {
    const args = [study, '--invoice', '6.4', '--threshold', 'cost=20%'];
    const { stdout } = await runCommand(calibrateCommand(), args);
    expect(stdout).toContain('1 of 1 figure past its threshold');
    expect(stdout).toContain('  simulated cost is 25.0 % too high');
    expect(stdout).toContain('Over both parts');
    expect(stdout).not.toContain('nothing was recorded');
    expect(process.exitCode).toBe(3);
  });

  it('prints one document', async () => {
    const args = [study, '--invoice', '8', '--json', '--fitted', 'deployment.replicas.min'];
    const { stdout } = await runCommand(calibrateCommand(), args);
    const calibration = JSON.parse(stdout) as Calibration;
    expect(calibration).toMatchObject({
      schema: 'coldfront.calibration.v1',
      within: true,
      fitted: ['deployment.replicas.min'],
      across: { figures: [{ figure: 'cost', recorded: 8, simulated: 8, bias: 0 }] },
    });
  });

  it('refuses keys, figures and shares that are none', async () => {
    const of = (...flags: string[]) =>
      runCommand(calibrateCommand(), [study, '--invoice', '8', ...flags]);
    await expect(of('--fitted', 'deployment.warm')).rejects.toThrow('is no key that the study has');
    await expect(of('--threshold', 'price=3%')).rejects.toThrow('There are cost, replicas');
    await expect(of('--holdout', '120%')).rejects.toThrow('A share above 0');
  });
});
