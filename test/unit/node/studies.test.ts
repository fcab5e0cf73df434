import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../../src/node/models.ts';
import { simulateFile, sweepFile } from '../../../src/node/run.ts';
import { openStudy, readTrace } from '../../../src/node/studies.ts';
import { idleDefaultsOf } from '../../../src/report/idle-defaults.ts';
import { inspectScreen } from '../../../src/report/inspect-screen.ts';
import { platformScreen, platformsScreen } from '../../../src/report/platforms-screen.ts';
import { priceLines } from '../../../src/report/prices.ts';
import { trafficLines } from '../../../src/report/traffic.ts';
import { describeTrace } from '../../../src/workload/description/description.ts';

const MODELS = resolve(import.meta.dirname, '../../../models/platforms');

let folder = '';
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-studies-'));
  mkdirSync(join(folder, 'logs'));
  write('logs/a.csv', 'arrival_s,service_s\n0,1\n100,2\n');
  write('logs/b.csv', 'arrival_s,service_s\n50,1\n200,1\n');
  const text = readFileSync(join(MODELS, 'modal.yaml'), 'utf8');
  write('mine.yaml', text.replace(/^id: .*/m, 'id: mine').replace(/^name: .*/m, 'name: Ours'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const study = (file: string, platform: string): string =>
  `version: 1\nworkload: { replay: { file: ${file} } }\ndeployment: { platform: ${platform}, gpu: t4, coldStart: 8s }\n`;

describe('what a user names', () => {
  it('is a study, its traces found beside it wherever it is run from', async () => {
    const { loaded, traces } = await openStudy({
      files: [write('one.yaml', study('logs/a.csv', 'modal'))],
      overrides: {},
    });
    expect(loaded.points).toHaveLength(1);
    expect(traces[0]!.count).toBe(2);
    expect(traces[0]!.arrivalUs.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('is a glob, its files read as one trace in the order of time', async () => {
    const { traces } = await openStudy({
      files: [write('glob.yaml', study('logs/?.csv', 'modal'))],
      overrides: {},
    });
    expect([...traces[0]!.arrivalUs.subarray(0, 4)]).toEqual([0, 50e6, 100e6, 200e6]);
    await expect(
      openStudy({ files: [write('no.yaml', study('logs/*.log', 'modal'))], overrides: {} }),
    ).rejects.toThrow(/\*\.log: no file fits this pattern/);
  });

  it('is a trace and flags', async () => {
    const result = await simulateFile(join(folder, 'logs/a.csv'), {
      set: ['deployment.coldStart=8s', 'billing.usdPerReplicaHour=3.6'],
    });
    expect(result.requests.completed).toBe(2);
    expect(result.coldStarts.requests).toBe(2);
    // Two lives of 8 s start, 1 s and 2 s service and 60 s idle window, at $0.001 a second.
    expect(result.cost?.usd).toBeCloseTo(0.139, 12);
  });

  it('is a study in JSON, told from a trace in JSON by its version', async () => {
    const text = JSON.stringify({ version: 1, workload: { replay: { file: 'logs/a.csv' } } });
    const { loaded } = await openStudy({ files: [write('study.json', text)], overrides: {} });
    expect(loaded.points).toHaveLength(1);
  });

  it('may be a platform of their own, in the study or in its grid', async () => {
    const sweep = await sweepFile(write('own.yaml', study('logs/a.csv', './mine.yaml')), {
      vary: ['deployment.platform=./mine.yaml,modal'],
    });
    expect(sweep.results.map(({ vary }) => vary)).toEqual([
      { 'deployment.platform': './mine.yaml' },
      { 'deployment.platform': 'modal' },
    ]);
    expect(sweep.results[0]!.cost).toEqual(sweep.results[1]!.cost);
  });
});

describe('screens about what was read', () => {
  it('say of a trace what it is, what was skipped and moved, and whether it would go cold', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${60 * i},2`).join('\n');
    const text = `arrival_s,service_s\n${rows}\nno,request\n5,1\n`;
    const trace = await readTrace(write('mixed.csv', text));
    const idleDefaults = idleDefaultsOf(await loadCatalogue());
    const screen = inspectScreen(describeTrace(trace, { idleDefaults }));
    expect(screen).toContain('31 requests · 29.0 min, times are relative');
    expect(screen).toContain('1 line skipped · 1 line out of order, sorted');
    expect(screen).toMatch(/line 32: /);
    expect(screen).toMatch(/^ {2}req\/min {2}[▁-█]+$/m);
    expect(screen).toMatch(/Service +mean 1\.97 s · p50 2\.00 s/);
    expect(screen).toMatch(/^ +60 s +.*modal.* +1 +/m);
    expect(screen).toMatch(/^ +30 s +30 +/m);
    expect(trafficLines(trace).join('\n')).toContain('1 line skipped');
  });

  it('say of the catalogue how much of it is documented, and of a figure where it comes from', async () => {
    const catalogue = await loadCatalogue();
    expect(platformsScreen(catalogue)).toMatch(/^modal +Modal +\d+ +\d+ +\d+ /m);
    const screen = platformScreen(catalogue.get('modal')!);
    expect(screen).toMatch(
      /^billing\.gpus\.a10g\.usdPerGpuSecond +0\.000306 USD\/GPU s +\S+ +\S+ +\[\d\]$/m,
    );
    expect(screen).toMatch(/^ {2}\[1\] \S/m);
  });

  it('say how old the prices are', async () => {
    const { loaded, catalogue } = await openStudy({
      files: [write('old.yaml', study('logs/a.csv', 'modal'))],
      overrides: {},
    });
    expect(priceLines(loaded, catalogue, '2026-09-28')).toEqual([
      'Prices: Modal, 2026-09-18 (10 days old, third-party): coldfront platforms modal',
    ]);
    const set = ['billing.usdPerReplicaHour=2'];
    const own = await openStudy({ files: [join(folder, 'old.yaml')], overrides: { set } });
    expect(priceLines(own.loaded, own.catalogue, '2026-09-28')).toEqual([]);
  });
});
