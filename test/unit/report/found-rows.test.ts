import { beforeAll, describe, expect, it } from 'vitest';
import { firstChoice, heatCells } from '../../../src/report/charts/heat-chart.ts';
import { conclusionOf } from '../../../src/report/page/conclusion.ts';
import { ofCompare, ofOptimize } from '../../../src/report/page/found-rows.ts';
import { gridOfDocument } from '../../../src/report/page/rows.ts';
import { scheduleView } from '../../../src/report/schedule-lines.ts';
import { compareRows } from '../../../src/study/compare.ts';
import type { CompareDocument } from '../../../src/study/compare-document.ts';
import { laboratory } from '../study/studies.ts';
import { aResult, aRow, aSweep } from './a-result.ts';

const CHAT = `
version: 1
replications: 2
workload:
  synthesize: { duration: 1h, arrivals: { process: poisson, rate: 0.05/s } }
  service: { distribution: exponential, mean: 4s }
deployment: { platform: modal, gpu: a10g, memory: 16GiB, coldStart: 10s }
vary: { deployment.replicas.min: [0, 1, 2], deployment.idleWindow: [10s, 60s] }
slo: [latencyS.p99 <= 60]
`;

describe('the page of a comparison', () => {
  let compared: CompareDocument;
  beforeAll(async () => {
    compared = await compareRows(laboratory(CHAT), {
      disputes: false,
      dedicated: ['ec2-reserved'],
    });
  });
  const gridOf = () => gridOfDocument(ofCompare(compared), () => undefined);
  const references = () => compared.rows.filter(({ candidate }) => !candidate);

  it('calls rows what the terminal calls them, and marks those that nobody asked for', () => {
    const { names } = gridOf();
    expect(references().length).toBeGreaterThan(2);
    for (const { index, label } of references()) expect(names![index]).toBe(`${label} (reference)`);
    expect(names!.join()).not.toMatch(/[{"]/);
    expect(names![compared.conclusion.recommended!]).not.toContain('reference');
  });

  it('keeps reference rows off its axes and its map', () => {
    const grid = gridOf();
    expect(grid.axes.map(({ word, values }) => [word, values])).toEqual([
      ['min', ['0', '1', '2']],
      ['idle window', ['10 s', '60 s']],
    ]);
    const marks = { best: compared.conclusion.recommended, current: null, front: [] };
    const cells = heatCells(grid, firstChoice({ grid, marks, costBy: 'usdPerHour' })!);
    expect(cells.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('counts configurations without them, and names the cheaper ones as worth a look', () => {
    const cheaper = references()[0]!.index;
    const found = ofCompare({
      ...compared,
      conclusion: { ...compared.conclusion, cheaperReferences: [cheaper] },
    });
    const grid = gridOfDocument(found, () => undefined);
    const { sentences, rows } = conclusionOf(found, grid);
    expect(sentences[0]).toContain(
      `the cheapest of 6 configurations (${references().length} reference rows apart) that meets`,
    );
    expect(sentences[1]).toContain(
      `Worth a look, since cheaper within the objectives: ${grid.names![cheaper]}`,
    );
    expect(rows.filter(({ label }) => label === 'reference, cheaper')).toMatchObject([
      { index: cheaper },
    ]);
    const told = rows.filter(({ label }) => label !== 'reference, cheaper');
    expect(told.every(({ index }) => compared.rows[index]!.candidate)).toBe(true);
  });
});

describe('the page of a search', () => {
  const found = ofOptimize({
    schema: 'coldfront.optimize.v1',
    name: 'chat',
    best: aRow({ 'deployment.replicas.min': 2, 'deployment.idleWindow': '8300ms' }, 4, 9),
    runnersUp: [aRow({ 'deployment.replicas.min': 3, 'deployment.idleWindow': '10s' }, 5, 8)],
    refused: [
      {
        vary: { 'deployment.replicas.min': 1, 'deployment.idleWindow': '8200ms' },
        usdPerHour: 3,
        breaks: ['latencyS.p99 <= 10'],
        p99S: null,
        meanReplicas: null,
        how: 'confirmation',
      },
    ],
    nearest: null,
    current: null,
    runs: 99.9,
    work: { search: 90, confirmation: 9, headroom: 0 },
    configurations: 2_007,
    certain: true,
    why: 'nothing else can meet the objectives and cost 1 % less',
    confirmations: null,
    headroom: [],
    roomier: null,
    ends: [],
  });
  const grid = gridOfDocument(found, () => undefined);

  it('counts what was searched, says how certain that is, and has the refused rows', () => {
    const { sentences, refused } = conclusionOf(found, grid);
    expect(sentences[0]).toContain('the cheapest of 2,007 configurations that meets');
    expect(sentences.at(-1)).toBe(
      'Certain: nothing else can meet the objectives and cost 1 % less.',
    );
    expect(refused).toEqual([
      {
        row: 'min 1, idle window 8.2 s',
        usdPerHour: 3,
        change: '-25 %',
        breaks: ['latencyS.p99 <= 10 on fresh luck'],
      },
    ]);
  });

  it('draws no map of the few rows that it kept', () => {
    const marks = { best: 0, current: null, front: [0] };
    expect(firstChoice({ grid, marks, costBy: 'usdPerHour' })).toBeNull();
  });
});

describe('hours that save nothing', () => {
  it('are called the best found, and never proposed', () => {
    const row = (label: string, usdPerHour: number) => ({
      label,
      min: { hours: 'some' },
      result: aRow({}, usdPerHour, 5),
    });
    const view = scheduleView({
      grain: 'day',
      days: 7,
      timeZone: 'UTC',
      percentile: 0.99,
      proposed: row('hours at 99.0 %', 1.1),
      constant: row('constant minimum 1', 0.951),
      difference: { value: 0.149, ci95: null, ci95Traffic: null, lowConfidence: false },
      yaml: 'replicas: {}',
      notes: [],
    });
    expect(view.sentences[0]).toMatch(/^No hours save anything/);
    expect(view.sentences[1]).toMatch(/^Best found: hours at 99.0 %/);
    expect(view.yaml).toBe('');
  });
});

describe('the page of one configuration without objectives', () => {
  it('says plainly what it comes to', () => {
    const one = aSweep([{ ...aResult(), slo: null }], { front: [0] });
    const { headline, sentences } = conclusionOf(
      one,
      gridOfDocument(one, () => undefined),
    );
    expect(headline).not.toMatch(/From|no objective says/);
    expect(sentences[0]).toMatch(/what one configuration comes to: the study as it is/);
  });
});
