import { describe, expect, it } from 'vitest';
import { firstChoice, heatCells } from '../../../src/report/charts/heat-chart.ts';
import { conclusionOf } from '../../../src/report/page/conclusion.ts';
import { focusRows, intervalUs } from '../../../src/report/page/focus.ts';
import { hoursOfDay } from '../../../src/report/page/hours-of-day.ts';
import { pageDocument } from '../../../src/report/page/page-data.ts';
import { gridOf } from '../../../src/report/page/rows.ts';
import type { Result } from '../../../src/study/document.ts';
import { aResult, aRow, aSweep } from './a-result.ts';

const ROWS = [
  aRow({ 'deployment.replicas.min': 0, 'deployment.idleWindow': '10s' }, 2, 15),
  aRow({ 'deployment.replicas.min': 0, 'deployment.idleWindow': '5m' }, 3, 12),
  aRow({ 'deployment.replicas.min': 2, 'deployment.idleWindow': '10s' }, 4, 9),
  aRow({ 'deployment.replicas.min': 2, 'deployment.idleWindow': '5m' }, 6, 7),
  aRow({ 'deployment.replicas.min': 1 }, 5, 8),
];
const sweep = (rows: readonly Result[] = ROWS, changes = {}) => {
  const document = aSweep(rows, { cheapestWithinSlo: 2, front: [0, 1, 2, 3], ...changes });
  return { ...document, resultAt: (index: number) => rows[index]! };
};
const grid = gridOf(ROWS, (_, path) => (path === 'deployment.idleWindow' ? '60s' : undefined));

describe('the rows of a page', () => {
  it('are columns by place among the values of each key, in order of size', () => {
    const [min, window] = grid.axes;
    expect(min).toMatchObject({ word: 'min', values: ['0', '1', '2'], at: [0, 0, 2, 2, 1] });
    // What a row does not override it has from the study.
    expect(window).toMatchObject({ values: ['10 s', '60 s', '5 min'], at: [0, 2, 0, 2, 1] });
  });

  it('have the figures of the results to five digits', () => {
    expect(grid.figures['usdPerHour']).toEqual([2, 3, 4, 6, 5]);
    expect(grid.figures['cold']?.[0]).toBe(Number((205 / 51_204).toPrecision(5)));
    expect(grid.met).toEqual([0, 0, 1, 1, 1]);
  });

  it('take one value for another way of writing it, and put unlimited last', () => {
    const rows = ['60s', 'unlimited', '1m', '5s'].map((value) => aResult({ key: value }));
    expect(gridOf(rows, () => undefined).axes[0]).toMatchObject({
      values: ['5 s', '60 s', 'unlimited'],
      at: [1, 2, 1, 0],
    });
  });

  it('keep 100,000 rows below 15 MB of text', () => {
    const many = Array.from({ length: 100_000 }, (_, i) =>
      aRow(
        { 'deployment.replicas.min': i % 300, 'deployment.idleWindow': `${i % 333}s` },
        i / 7,
        i / 9,
      ),
    );
    const text = JSON.stringify(gridOf(many, () => undefined));
    expect(text.length).toBeLessThan(15e6);
    expect(text.length).toBeGreaterThan(5e6);
  });
});

describe('a map of two keys', () => {
  it('has a cell for each pair, other keys held at those of the answer', () => {
    const rows = [0, 1].flatMap((min) =>
      ['10s', '5m'].flatMap((window) =>
        [1, 2].map((slots) =>
          aRow(
            {
              'deployment.replicas.min': min,
              'deployment.idleWindow': window,
              'deployment.concurrency': slots,
            },
            min + slots,
            5,
          ),
        ),
      ),
    );
    const page = {
      grid: gridOf(rows, () => undefined),
      marks: { best: 3, current: null, front: [] },
    };
    const choice = firstChoice({ ...page, costBy: 'usdPerHour' } as Parameters<
      typeof firstChoice
    >[0])!;
    // The first two of keys with as many values.
    expect(choice).toMatchObject({ x: 1, y: 0, fixed: { 2: 1 } });
    const cells = heatCells(page.grid, choice);
    expect(cells.map(({ index }) => index)).toEqual([1, 3, 5, 7]);
    expect(cells.map(({ value }) => value)).toEqual([2, 2, 3, 3]);
  });

  it('is none where nothing varies', () => {
    const page = {
      grid: gridOf([aResult()], () => undefined),
      marks: { best: 0, current: null, front: [] },
    };
    expect(firstChoice({ ...page, costBy: 'usdPerHour' })).toBeNull();
  });
});

describe('the conclusion', () => {
  it('is the cheapest within the objectives, with what stands next to it and why the cheaper will not do', () => {
    const { tone, headline, rows } = conclusionOf(sweep(), grid);
    expect([tone, headline]).toEqual(['good', 'Run min 2, idle window 10 s']);
    expect(
      rows.map(({ label, index, change, breaks }) => [label, index, change, breaks.length]),
    ).toEqual([
      ['the answer', 2, null, 0],
      ['next best', 4, '+25 %', 0],
      ['cheaper, but', 1, '-25 %', 1],
      ['cheaper, but', 0, '-50 %', 1],
    ]);
  });

  it('says what to change of what runs today, key by key', () => {
    const { headline, changes, sentences } = conclusionOf(sweep(ROWS, { current: 4 }), grid);
    expect(headline).toBe('Change to min 2, idle window 10 s');
    expect(changes).toEqual([
      { key: 'deployment.replicas.min', from: '1', to: '2' },
      { key: 'deployment.idleWindow', from: '60 s', to: '10 s' },
    ]);
    expect(sentences[1]).toContain('-20 % in cost, p99 from 8.00 s to 9.00 s');
  });

  it('says keep what you have where today is the answer', () => {
    const { headline, changes } = conclusionOf(sweep(ROWS, { current: 2 }), grid);
    expect([headline, changes]).toEqual(['Keep what you have: min 2, idle window 10 s', []]);
  });

  it('says that nothing meets the objectives, and what comes closest', () => {
    const none = conclusionOf(
      sweep(ROWS.slice(0, 2), { cheapestWithinSlo: null, front: [0, 1] }),
      grid,
    );
    expect([none.tone, none.headline]).toEqual([
      'bad',
      'No configuration meets latencyS.p99 <= 10',
    ]);
    expect(none.rows.map(({ index }) => index)).toEqual([1, 0]);
  });

  it('gives no answer where nobody asked for anything, and one for each traffic', () => {
    const free = ROWS.map((row) => ({ ...row, slo: null }));
    const open = conclusionOf(
      sweep(free, { cheapestWithinSlo: null }),
      gridOf(free, () => undefined),
    );
    expect(open.rows.map(({ label, index }) => [label, index])).toEqual([
      ['cheapest', 0],
      ['fastest', 3],
    ]);
    const traffics = [1, 2].map((scale) => aRow({ 'workload.replay.rateScale': scale }, scale, 5));
    const each = conclusionOf(
      sweep(traffics, { cheapestWithinSlo: 0 }),
      gridOf(traffics, () => undefined),
    );
    expect(each.rows.map(({ label, index }) => [label, index])).toEqual([
      ['the answer', 0],
      ['the answer', 1],
    ]);
  });
});

describe('the rows that are run again', () => {
  it('are all of a small grid, the answer and its neighbors first', () => {
    expect(focusRows(sweep(), conclusionOf(sweep(), grid))).toEqual([2, 4, 1, 0, 3]);
  });

  it('are few of a large one or of many requests, and of rows proved equal the one that was run', () => {
    const proved = ROWS.map((row, i) => (i === 2 ? { ...row, provedEqualTo: 3 } : row));
    expect(focusRows(sweep(proved), conclusionOf(sweep(proved), grid))[0]).toBe(3);
    const many = Array.from({ length: 500 }, (_, i) => aRow({ key: i }, i + 1, 5));
    const large = sweep(many, { cheapestWithinSlo: 0, front: [0] });
    expect(
      focusRows(
        large,
        conclusionOf(
          large,
          gridOf(many, () => undefined),
        ),
      ),
    ).toHaveLength(40);
    const heavy = many.map((row) => ({ ...row, requests: { ...row.requests, arrived: 1e8 } }));
    const long = sweep(heavy, { cheapestWithinSlo: 0, front: [0] });
    expect(
      focusRows(
        long,
        conclusionOf(
          long,
          gridOf(heavy, () => undefined),
        ),
      ),
    ).toHaveLength(4);
  });

  it('have time lines of round intervals, together of no more than 40,000 points', () => {
    expect(intervalUs(86_400e6, 1)).toBe(60e6);
    expect(intervalUs(86_400e6, 40)).toBe(120e6);
    expect(intervalUs(30 * 86_400e6, 40)).toBe(3_600e6);
    expect(intervalUs(0, 1)).toBeGreaterThan(0);
  });
});

describe('an average day', () => {
  const lengthS = [1_800, ...Array.from({ length: 47 }, () => 3_600), 1_800];
  const counts = lengthS.map((_, i) => i);
  const hours = {
    intervalS: 3600,
    firstAt: '2026-11-01T22:30:00.000Z',
    timeZone: 'Europe/Berlin',
    lengthS,
    arrived: counts,
    completed: counts,
    cold: counts,
    failed: counts,
    within: [],
    withinOf: [],
    usd: null,
    startingS: counts,
    idleS: counts,
    idleKeptS: counts,
    busyS: counts,
    drainingS: counts,
    starts: counts,
    scheduledStarts: counts,
  } as const;

  it('is told by the wall clock, and hours that are there in part count as the part', () => {
    const day = hoursOfDay(hours);
    // 22:30 UTC is 23:30 in Berlin: half an hour of 23, two whole ones, and half an hour after them.
    expect(day.arrived[0]).toBe((1 + 25) / 2);
    expect(day.arrived[23]).toBe((0 + 24 + 48) / 2);
    expect(day.usd).toBeNull();
  });

  it('adds up to what the hours have', () => {
    const day = hoursOfDay(hours);
    const days = day.arrived.reduce<number>((sum, mean) => sum + mean! * 2, 0);
    expect(days).toBeCloseTo(
      counts.reduce((sum, count) => sum + count, 0),
      6,
    );
  });

  it('has nothing for an hour that no day has, and hours since the beginning where nothing is dated', () => {
    const short = {
      ...hours,
      firstAt: null,
      timeZone: null,
      lengthS: [3_600, 3_600],
      arrived: [5, 7],
    };
    const day = hoursOfDay({ ...short, cold: [1, 2], starts: [0, 0] });
    expect(day.arrived.slice(0, 3)).toEqual([5, 7, null]);
    expect(day.timeZone).toBeNull();
  });
});

describe('the data of a page', () => {
  const page = pageDocument({
    document: sweep(),
    study: null,
    focus: [{ index: 2, result: ROWS[2]! }],
    clockAtMs: null,
    timeZone: null,
    missing: [{ panel: 'all', why: 'no study' }],
    further: { headroom: [], crossover: null, sensitivity: null, cliff: null },
    basis: {
      madeOn: '2026-11-22',
      versions: [],
      commands: [],
      traffic: ['a\n  b'],
      prices: [],
      study: null,
    },
  });

  it('says what every row rests on, on one line each', () => {
    expect(page.warnings).toEqual(['modal: 2 inferred figures (scaling rule, start of the meter)']);
    expect(page.basis.traffic).toEqual(['a b']);
  });

  it('without a study has the bill line by line', () => {
    expect(page.focus[0]!.money).toEqual([
      { kind: 'other', label: 'replica time', usd: 82.09 },
      { kind: 'other', label: 'rounding', usd: 0.01 },
    ]);
  });

  it('has the objective on p99 as a level', () => {
    expect(page.p99LimitS).toBe(10);
  });
});
