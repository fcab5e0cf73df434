import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { reportOf } from '../../../src/node/report.ts';
import { isResults, openResults } from '../../../src/node/report-source.ts';
import { sweepStudy } from '../../../src/node/run.ts';
import { openStudy } from '../../../src/node/studies.ts';
import { monthlyParts } from '../../../src/report/charts/money-chart.ts';
import type { PageDocument } from '../../../src/report/page/page-document.ts';

const OPTIONS = { today: '2026-11-22', commands: [] };

/** A request every 40 s for two hours, of three seconds. */
const log = (seconds = 3) =>
  ['timestamp,duration', ...Array.from({ length: 180 }, (_, i) => `${i * 40},${seconds}`)].join(
    '\n',
  );

describe('the report of a folder of results', () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  const page = async (): Promise<PageDocument> => reportOf(await openResults(folder), OPTIONS);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'coldfront-report-'));
    writeFileSync(at('log.csv'), log());
    writeFileSync(at('study.json'), JSON.stringify(study()));
    const opened = await openStudy({ files: [at('study.json')], overrides: {} });
    const document = await sweepStudy(opened);
    writeFileSync(at('results.json'), JSON.stringify(document));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('runs again what results lack, and nothing comes out otherwise', async () => {
    const { focus, missing, grid } = await page();
    expect(missing).toEqual([]);
    expect(focus).toHaveLength(grid.rows);
    for (const row of focus) {
      const { busy, starting, intervalS } = row.timeline!;
      const { horizonS, replicaTimeS } = row.result;
      // What the time line holds is the replica time of the result; the last of its means is over what is left.
      const lengthS = (i: number) => Math.min(intervalS, horizonS - i * intervalS);
      const busyS = busy.reduce((sum, mean, i) => sum + mean * lengthS(i), 0);
      expect(busyS).toBeCloseTo(replicaTimeS.busy, 0);
      expect(starting.some((mean) => mean > 0)).toBe(row.result.replicas.starts > 0);
      const p99 = row.curves!.latencyS[row.curves!.share.indexOf(0.99)];
      expect(p99).toBeCloseTo(row.result.latencyS.p99!, 3);
      expect(row.byHour!.cold.length).toBe(24);
    }
  });

  it('splits the bill by what replicas did, and the parts are the bill', async () => {
    for (const row of (await page()).focus) {
      const { replicaTimeS, cost } = row.result;
      const total = row.money.reduce((sum, { usd }) => sum + usd, 0);
      expect(total).toBeCloseTo(cost!.usd, 9);
      const usdOf = (kind: string) =>
        row.money.filter((part) => part.kind === kind).reduce((sum, { usd }) => sum + usd, 0);
      // Hand-worked: an A10G of this platform is paid by the second in every state, starts too.
      const perSecond = cost!.lines.find(({ meter }) => meter === 'replica time')!.usdPerUnit;
      expect(usdOf('busy')).toBeCloseTo(replicaTimeS.busy * perSecond, 9);
      expect(usdOf('kept')).toBeCloseTo(replicaTimeS.idleKept * perSecond, 9);
      expect(usdOf('starting')).toBeCloseTo(replicaTimeS.starting * perSecond, 9);
      const monthly = monthlyParts(row).reduce((sum, { usd }) => sum + usd, 0);
      expect(monthly).toBeCloseTo(cost!.usdPerMonth!, 6);
    }
  });

  it('has each figure that the study takes from a platform, with its source, date and grade', async () => {
    const { sources } = (await page()).basis;
    const price = sources.find(({ path }) => path === 'billing.gpus.a10g.usdPerGpuSecond');
    expect(price).toMatchObject({ owner: 'Modal', grade: expect.any(String) });
    expect(price?.source).toContain(':');
    expect(sources.some(({ path }) => path.startsWith('deployment.'))).toBe(true);
    // Prices of other GPUs are none of its.
    expect(sources.filter(({ path }) => path.includes('gpus.h100'))).toEqual([]);
    expect(sources.filter(({ isStale }) => isStale).length).toBeGreaterThan(0);
  });

  it('says what is missing and why where the log has changed since', async () => {
    writeFileSync(at('log.csv'), log(5));
    const changed = await page();
    writeFileSync(at('log.csv'), log());
    expect(changed.missing[0]?.why).toMatch(/^4 of 4 configurations come out otherwise/);
    expect(changed.focus.every(({ timeline }) => timeline === null)).toBe(true);
    expect(changed.focus[0]!.result.requests.completed).toBe(180);
  });

  it('says so where the log is gone, and has the figures all the same', async () => {
    rmSync(at('log.csv'));
    const gone = await page();
    writeFileSync(at('log.csv'), log());
    expect(gone.missing[0]?.why).toMatch(/^study\.json cannot be run again: .*log\.csv/);
    expect(gone.grid.rows).toBe(4);
    expect(gone.focus[0]!.money[0]?.kind).toBe('other');
  });

  it('takes results alone, from a sweep or of one configuration', async () => {
    const alone = at('alone.json');
    writeFileSync(alone, readFileSync(at('results.json')));
    expect(isResults(alone)).toBe(true);
    const of = await reportOf(await openResults(alone), OPTIONS);
    expect(of.missing[0]?.why).toContain('has no study.json beside it');
    const { results } = JSON.parse(readFileSync(alone, 'utf8')) as { results: unknown[] };
    writeFileSync(alone, JSON.stringify(results[0]));
    const single = await reportOf(await openResults(alone), OPTIONS);
    expect([single.grid.rows, single.marks.best]).toEqual([1, 0]);
  });

  it('is the same every time', async () => {
    expect(JSON.stringify(await page())).toBe(JSON.stringify(await page()));
  });

  it.each([
    ['{ "schema": "coldfront.sweep.v1", ', /results\.json .*is no JSON/],
    [
      '{ "schema": "coldfront.trace.v1" }',
      /is no result of coldfront: its schema is "coldfront\.trace/,
    ],
  ])('refuses %s', async (text, message) => {
    const before = readFileSync(at('results.json'));
    writeFileSync(at('results.json'), text);
    const refused = await openResults(folder).then(
      () => '',
      (error: unknown) => (error instanceof UserError ? error.message : ''),
    );
    writeFileSync(at('results.json'), before);
    expect(refused).toMatch(message);
  });

  it('says how to finish a sweep that did not end', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'coldfront-report-'));
    await expect(openResults(empty)).rejects.toThrow(
      /holds no results: `coldfront sweep STUDY --out/,
    );
    writeFileSync(join(empty, 'results.jsonl'), '');
    await expect(openResults(empty)).rejects.toThrow(/its sweep did not end.*--resume/);
    rmSync(empty, { recursive: true });
  });
});

/** As `sweep --out` writes it: a row of the grid each. */
function study(): object {
  const rows = [0, 1].flatMap((min) =>
    ['10s', '60s'].map((window) => ({
      'deployment.replicas.min': min,
      'deployment.idleWindow': window,
    })),
  );
  return {
    version: 1,
    name: 'small',
    seed: 3,
    workload: { replay: { file: 'log.csv' } },
    deployment: {
      platform: 'modal',
      gpu: 'a10g',
      replicas: { max: 4 },
      coldStart: [
        { phase: 'pull', time: '4s' },
        { phase: 'load', time: '8s' },
      ],
    },
    vary: rows,
    slo: ['latencyS.p99 <= 20'],
  };
}
