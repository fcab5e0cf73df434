import { describe, expect, it } from 'vitest';
import { basisOf } from '../../../src/report/basis.ts';
import { resultsCsv } from '../../../src/report/csv.ts';
import { simulateScreen } from '../../../src/report/simulate-screen.ts';
import { sweepScreen } from '../../../src/report/sweep-screen.ts';
import { harmless, SCREEN_WIDTH } from '../../../src/report/text.ts';
import { rowName, wordsOf } from '../../../src/report/varied.ts';
import { verifyScreen } from '../../../src/report/verify-screen.ts';
import { aResult, aRow, aSweep } from './a-result.ts';

const at = (min: number, idleWindow: string) => ({
  'deployment.replicas.min': min,
  'deployment.idleWindow': idleWindow,
});

const GRID = [
  aRow(at(0, '5s'), 1.96, 22.3),
  aRow(at(0, '60s'), 2.88, 14.8),
  aRow(at(1, '60s'), 3.42, 9.6),
  aRow(at(2, '60s'), 4.61, 7.2),
];

describe('the screen of a sweep', () => {
  const screen = sweepScreen(aSweep(GRID, { front: [0, 1, 2, 3], cheapestWithinSlo: 2 }));
  const lines = screen.split('\n');

  it('says the answer first: the cheapest within the SLO, with cost and latency', () => {
    expect(lines[0]).toMatch(
      /^Cheapest within the SLO: +min 1, idle window 60 s +\$3\.42\/h +\$2,497\/month +p99 9\.60 s +0\.40 % cold$/,
    );
  });

  it('says what is next, and what is cheaper and why it will not do', () => {
    expect(lines[1]).toMatch(
      /^ {2}next +min 2, idle window 60 s +\$4\.61\/h +\(\+35 %\) +p99 7\.20 s/,
    );
    expect(lines[2]).toMatch(/^ {2}cheaper, but .*\(-16 %\) .*breaks latencyS\.p99 <= 10$/);
    expect(lines[3]).toMatch(/min 0, idle window 5 s .*\(-43 %\)/);
  });

  it('shows a month of whole weeks where the log has them, and says so once', () => {
    const rows = GRID.map((row) => ({ ...row, usdPerMonthWholeWeeks: 1_234 }));
    const text = sweepScreen(aSweep(rows, { cheapestWithinSlo: 2 }));
    expect(text).toMatch(/^Cheapest within the SLO: .*\$1,234\/month/);
    expect(text).toMatch(/^ +1 +60 s +3\.42 +1,234 /m);
    expect(text.match(/month: 730 h of whole weeks/g)).toHaveLength(1);
    expect(screen).not.toContain('whole weeks');
  });

  it('says where the answer lies at the end of what was varied', () => {
    expect(screen).toContain(
      '\n! the answer lies at the end of what was varied: idle window 60 s is',
    );
    const inside = [...GRID, aRow(at(1, '90s'), 5, 7)];
    expect(sweepScreen(aSweep(inside, { cheapestWithinSlo: 2 }))).not.toContain('! the answer');
  });

  it('marks the front and the answer in the grid', () => {
    expect(screen).toMatch(/^ +1 +60 s +3\.42 +2,497 .*\* <$/m);
    expect(screen).toContain('* on the cost/latency front   < cheapest within the SLO');
  });

  it('draws cost against p99 with the objective as a line', () => {
    expect(screen).toMatch(/^10\.0 ┤- - .*SLO$/m);
    expect(screen).toMatch(/└1\.96─+ \$\/h ─+4\.61/);
  });

  it('keeps to its width and has no colors or trailing blanks in a pipe', () => {
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(SCREEN_WIDTH);
      expect(line).toBe(line.trimEnd());
    }
    expect(screen).not.toContain('\u001b');
  });

  it('answers for each traffic by itself: nobody chooses how many requests come', () => {
    const row = (rateScale: number, min: number, usd: number, p99: number) =>
      aRow({ 'workload.replay.rateScale': rateScale, 'deployment.replicas.min': min }, usd, p99);
    const rows = [row(1, 0, 1, 22), row(1, 1, 2, 9), row(2, 0, 3, 8), row(2, 1, 4, 7)];
    const [head, first, second] = sweepScreen(aSweep(rows, { cheapestWithinSlo: 1 })).split('\n');
    expect(head).toBe('The rows carry different traffic. Cheapest within the SLO for each:');
    expect(first).toMatch(/rateScale 1, min 1 +\$2\.00\/h/);
    expect(second).toMatch(/rateScale 2, min 0 +\$3\.00\/h/);
  });

  it('says that nothing meets the SLO, and what comes closest', () => {
    const none = sweepScreen(aSweep(GRID.slice(0, 2), { front: [0, 1] }));
    expect(none.split('\n')[0]).toBe('No configuration meets the SLO.');
    expect(none.split('\n')[1]).toMatch(/^ {2}closest +min 0, idle window 60 s/);
  });

  it('asks for an SLO where there is none', () => {
    const rows = GRID.map((row) => ({ ...row, slo: null }));
    expect(sweepScreen(aSweep(rows)).split('\n')[0]).toMatch(/^No SLO was given/);
  });

  it('compares replicas where nothing has a price', () => {
    const rows = GRID.map((row) => ({ ...row, slo: null, cost: null }));
    const screen = sweepScreen(aSweep(rows));
    expect(screen).not.toContain('$');
    expect(screen).toContain('1.70 replicas');
  });

  it('shows rows that were proved equal, points left out, and today', () => {
    const rows = [...GRID.slice(0, 3), { ...GRID[3]!, provedEqualTo: 2 }];
    const vary = { 'deployment.replicas.min': 2, 'deployment.replicas.max': 1 };
    const screen = sweepScreen(
      aSweep(rows, {
        cheapestWithinSlo: 2,
        current: 3,
        leftOut: [{ vary, reason: 'must be at least replicas.min (2), is 1' }],
      }),
    );
    expect(screen).toMatch(/^ {2}today +min 2, idle window 60 s/m);
    expect(screen).toMatch(/now =$/m);
    expect(screen).toContain('proved equal to a row with a higher limit, not run (1)');
    expect(screen).toContain('Left out, for they contradict themselves: 1 point of the grid');
    expect(screen).toContain('min 2, max 1: must be at least replicas.min (2), is 1');
  });

  it('shows in the row of today what the study itself has', () => {
    const screen = sweepScreen(aSweep([...GRID, aRow({}, 5, 9)], { current: 4 }), {
      valueAt: (_, path) => (path === 'deployment.replicas.min' ? 7 : '90s'),
    });
    expect(screen).toMatch(/^ +7 +90 s .*now$/m);
  });

  it('never wraps within a figure of the answer', () => {
    const rows = [aRow({ 'deployment.idleWindow': '60s', a: 'x'.repeat(30) }, 3, 9)];
    const [first, second] = sweepScreen(aSweep(rows, { cheapestWithinSlo: 0 })).split('\n');
    expect(first).toMatch(/\$2,190\/month$/);
    expect(second).toBe('  p99 9.00 s  0.40 % cold');
  });

  it('shows of a large grid what matters and says what it hides', () => {
    const rows = Array.from({ length: 200 }, (_, i) => aRow(at(i, '60s'), 3 + i, 9));
    const screen = sweepScreen(aSweep(rows, { front: [150], cheapestWithinSlo: 150 }));
    expect(screen).toMatch(/^ +150 /m);
    expect(screen).toContain('160 more rows not shown: --json or --out DIR has them all');
  });
});

describe('the screen of one configuration', () => {
  it('counts one request as one', () => {
    const { requests, coldStarts } = aResult();
    const one = aResult(
      {},
      {
        requests: { ...requests, arrived: 1, completed: 1 },
        coldStarts: { ...coldStarts, requests: 1, fraction: 1 },
      },
    );
    expect(simulateScreen(one)).toContain('1 of 1 request (100 %)');
  });

  it('has cost, latency, waiting, cold starts, replicas, SLO, time and bill', () => {
    const screen = simulateScreen(aResult({ 'deployment.replicas.min': 1 }));
    expect(screen.split('\n')[0]).toBe('support-chatbot · min 1 · 20 replications');
    for (const text of [
      '$3.42/h ± $0.05    $2,497/month (730 h)    $1.61 per 1,000 requests',
      'p50 2.60 s    p95 5.90 s    p99 9.60 s ± 300 ms    max 31.0 s',
      '95.7 % of it for a replica to start (deployment.coldStart, replicas.min), 4.25 % at',
      '205 of 51,204 requests (0.40 %)',
      'mean 1.70    peak 14',
      'met    latencyS.p99 <= 10 (is 9.60, 99.12 % within)',
      'kept warm     31.0 %',
      '146,880 GPU s x $0.000306 = $82.09',
    ]) {
      expect(screen).toContain(text);
    }
  });

  it('says why there is no cost, no interval, no latency', () => {
    const base = aResult();
    const nothing = {
      mean: null,
      p50: null,
      p90: null,
      p95: null,
      p99: null,
      p999: null,
      max: null,
    };
    const screen = simulateScreen({
      ...base,
      cost: null,
      ci95: null,
      ci95Why: 'which traffic came is given by the log',
      latencyS: nothing,
      warnings: ['no price, so no cost: name a platform'],
    });
    expect(screen).toContain('unknown: there is no price');
    expect(screen).toContain('! no price, so no cost: name a platform');
    expect(screen).toContain('No intervals: which traffic came is given by the log');
    expect(screen).toContain('p50 -');
  });

  it('shows an objective that too many failures made unreachable', () => {
    const screen = simulateScreen(
      aResult(
        {},
        {
          slo: {
            met: false,
            failed: ['latencyS.p99 <= 5'],
            objectives: [{ objective: 'latencyS.p99 <= 5', met: false, value: null, share: 0.9 }],
          },
        },
      ),
    );
    expect(screen).toContain('broken latencyS.p99 <= 5 (beyond any bound');
  });

  it('says why an objective has no figure, and compares per cent with per cent', () => {
    const broken = { met: false, value: null, share: null };
    const screen = simulateScreen(
      aResult(
        {},
        {
          slo: {
            met: false,
            failed: ['latencyS.max <= 5'],
            objectives: [
              { ...broken, objective: 'latencyS.max <= 5', why: 'one request was rejected' },
              { objective: 'coldStarts.fraction <= 5%', met: true, value: 0.00499, share: null },
            ],
          },
        },
      ),
    );
    expect(screen).toContain('broken latencyS.max <= 5 (one request was rejected)');
    expect(screen).toContain('met    coldStarts.fraction <= 5% (is 0.50 %)');
  });

  it('draws the observed period however long the run and its time line', () => {
    const values = Array.from({ length: 400_000 }, (_, i) => (i < 60 ? 1 : 0));
    const timeline = {
      intervalS: 60,
      firstAt: null,
      starting: values,
      idle: values,
      busy: values,
      waiting: values,
      draining: values.map(() => 0),
    };
    const screen = simulateScreen(aResult({}, { timeline }));
    expect(screen).toMatch(/replicas {3}█{60} {2}0 \.\. 60\.0 min, peak 14/);
  });

  it('says why there is no cost an hour', () => {
    const { cost } = aResult();
    const screen = simulateScreen(
      aResult({}, { cost: cost && { ...cost, usdPerHour: null, usdPerMonth: null } }),
    );
    expect(screen).toContain('no cost an hour: the observed period is 0 s');
    expect(screen).not.toMatch(/-\/h/);
  });

  it('strips control characters from names', () => {
    const screen = simulateScreen(aResult({}, { name: 'a\u001b[2Jb\u202ec' }));
    expect(screen).not.toContain('\u001b');
    expect(screen).not.toContain('\u202e');
    expect(harmless('x\ty\nz')).toBe('x y z');
  });
});

describe('what results rest on', () => {
  it('is said once, with the rows it is about', () => {
    const rows = [aResult({}, { warnings: ['a', 'b'] }), aResult({}, { warnings: ['a'] })];
    expect(basisOf(rows).slice(0, 2)).toEqual(['! a', '! b (1 of 2 rows)']);
  });
});

describe('names of rows', () => {
  it('are the shortest ends of paths that tell them apart', () => {
    expect(wordsOf(['client.retries.max', 'deployment.replicas.max'])).toEqual([
      'retries.max',
      'max',
    ]);
    expect(wordsOf(['workload.a.rate', 'workload.b.rate'])).toEqual(['a.rate', 'b.rate']);
    expect(rowName({})).toBe('the study as it is');
    expect(rowName({ 'deployment.idleWindow': '5m', 'deployment.gpu': 'a10g' })).toBe(
      'idle window 5 min, gpu a10g',
    );
  });
});

describe('results as CSV', () => {
  const csv = resultsCsv(GRID).split('\n');
  it('have one row a result, the overrides first, figures by their path in the JSON', () => {
    expect(csv).toHaveLength(GRID.length + 2);
    expect(csv[0]).toMatch(
      /^index,vary\.deployment\.replicas\.min,vary\.deployment\.idleWindow,vary\.deployment\.idleWindowS,name,seed,/,
    );
    expect(csv[0]).toContain('cost.usdPerHour');
    expect(csv[3]).toMatch(/^2,1,60s,60,support-chatbot,42,/);
  });

  it('quote what needs it and defuse what a spreadsheet would run', () => {
    const text = resultsCsv([aResult({ a: '=1+1', b: [1, 2] }, { name: 'x,"y"' })]);
    expect(text).toContain("'=1+1");
    expect(text).toContain('"[1,2]"');
    expect(text).toContain('"x,""y"""');
  });
});

describe('the screen of verify', () => {
  const row = {
    case: 'M/M/1',
    load: 0.5,
    quantity: 'mean wait s',
    theory: 1,
    simulated: 0.998,
    halfWidth: 0.01,
    ok: true,
    replications: 20,
    requests: 1e6,
  };

  it('says first whether theory and simulation agree', () => {
    expect(verifyScreen([row]).split('\n')[0]).toBe('1 figure: theory lies within every interval.');
    const off = verifyScreen([row, { ...row, simulated: 1.1, ok: false }]);
    expect(off.split('\n')[0]).toBe('1 figure of 2 off: theory lies outside the interval.');
    expect(off).toMatch(/OFF$/m);
  });
});

describe('what befell replicas and requests', () => {
  it('is said where there is something to say', () => {
    const screen = simulateScreen(
      aResult(
        {},
        {
          startPaths: [
            { path: 'revived', starts: 120, meanS: 2 },
            { path: 'snapshot', starts: 0, meanS: null },
            { path: 'cold', starts: 12, meanS: 62.4 },
          ],
          mishaps: { failedStarts: 2, preemptions: 5, crashes: 0, interrupted: 1 },
          refusals: { queue: 20, 'request-rate': 312 },
          refusalCode: 429,
          stranded: 3,
          pings: { sent: 288, completed: 288, cold: 3, failed: 0 },
        },
      ),
    );
    for (const line of [
      '  Starts     revived 120 (mean 2.00 s)    cold 12 (mean 62.4 s)',
      '  Trouble    2 starts failed, 5 replicas preempted, 1 request interrupted, 3 requests waited',
      '             attempts refused with 429: 20 at a full queue, 312 over the rate of requests',
      '  Pings      288 sent to keep replicas warm, 3 cold',
    ]) {
      expect(screen).toContain(line);
    }
    expect(Math.max(...screen.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('and else nothing', () => {
    const screen = simulateScreen(
      aResult({}, { mishaps: { failedStarts: 0, preemptions: 0, crashes: 0, interrupted: 0 } }),
    );
    for (const label of ['Starts', 'Trouble', 'Pings', 'refused']) {
      expect(screen).not.toContain(label);
    }
  });

  it('the picture shows what a controller wanted and read', () => {
    const values = Array.from({ length: 12 }, (_, i) => i);
    const timeline = {
      intervalS: 60,
      firstAt: null,
      starting: values,
      idle: values,
      busy: values,
      waiting: values.map(() => 0),
      draining: values,
      desired: values,
      signal: [null, ...values.slice(1)],
    };
    const screen = simulateScreen(aResult({}, { timeline }));
    expect(screen).toMatch(/wanted {5}▁.*█ {2}highest 11\.0/);
    expect(screen).toMatch(/signal {5}▁.*█ {2}highest 11\.0/);
  });
});
