import { describe, expect, it } from 'vitest';
import { cliffScreen } from '../../../src/report/cliff-screen.ts';
import { crossoverScreen } from '../../../src/report/crossover-screen.ts';
import { crossoverSentences } from '../../../src/report/crossover-words.ts';
import { sensitivityScreen, sensitivitySentences } from '../../../src/report/sensitivity-screen.ts';
import { SCREEN_WIDTH } from '../../../src/report/text.ts';
import type {
  CliffDocument,
  CliffPoint,
  CrossoverDocument,
  LoadPoint,
  SensitivityBar,
  SensitivityDocument,
  SensitivityEnd,
} from '../../../src/study/curves-document.ts';

function fits(screen: string): void {
  for (const line of screen.split('\n')) expect([...line].length).toBeLessThanOrEqual(SCREEN_WIDTH);
  expect(screen).not.toMatch(/NaN|undefined|Infinity|null/);
}

const pointAt = (load: number, usdPerMonth: number, more: Partial<LoadPoint> = {}): LoadPoint => ({
  load,
  requestsPerS: 0.5 * load,
  row: 0,
  replicas: null,
  usdPerHour: usdPerMonth / 730,
  usdPerMonth,
  usdPerThousandRequests: 2,
  ci95UsdPerHour: null,
  utilization: 0.25 * load,
  busyHoursPerDay: 6 * load,
  p99S: 5,
  met: true,
  ...more,
});
const LOADS = [0.1, 0.5, 1, 1.6, 2, 4, 10];

function crossed(changes: Partial<CrossoverDocument> = {}): CrossoverDocument {
  const byUse = LOADS.map((load) => pointAt(load, 500 * load));
  const around = LOADS.map((load) => pointAt(load, 800, { replicas: load > 4 ? 2 : 1 }));
  return {
    schema: 'coldfront.crossover.v1',
    lever: 'traffic',
    from: 0.1,
    to: 10,
    resolution: 0.01,
    loads: LOADS,
    sides: [
      { name: 'serverless', vary: {}, alternatives: [], isSized: false, points: byUse },
      { name: 'dedicated', vary: {}, alternatives: [], isSized: true, points: around },
    ],
    crossings: [
      {
        load: 1.6,
        interval: [1.5, 1.7],
        intervalKind: 'luck',
        intervalWhy: null,
        requestsPerS: 0.8,
        requestsPerSInterval: [0.75, 0.85],
        below: [0],
        above: [1],
        at: [byUse[3]!, around[3]!],
        isStep: false,
      },
    ],
    cheapest: null,
    margins: [],
    ...changes,
  };
}

describe('a crossover on a screen', () => {
  it('is said in words, with utilization and hours of work a day', () => {
    expect(crossoverSentences(crossed())).toEqual([
      'Below 0.800 requests/s (1.6x) (utilization 40.0 %, 9.6 h of work a day) serverless is cheaper, above it dedicated.',
      '95 % interval at 0.800 requests/s (1.6x): 0.750 requests/s (1.5x) .. 0.850 requests/s (1.7x), of the luck drawn.',
      "At the study's own 0.500 requests/s (1x) serverless is cheaper.",
    ]);
    fits(crossoverScreen(crossed()));
  });

  it('that is none names who is always cheaper, and by how much at least', () => {
    const found = crossed({
      crossings: [],
      cheapest: 0,
      margins: [{ side: 1, least: 0.12, atLoad: 10 }],
    });
    expect(crossoverSentences(found)[0]).toBe(
      'Never within 0.0500 requests/s (0.1x) .. 5.00 requests/s (10x): serverless is always the cheapest; dedicated costs at least 12.0 % more (so near at 5.00 requests/s (10x)).',
    );
    expect(crossoverSentences(crossed({ crossings: [] }))[0]).toMatch(/^All cost the same/);
  });

  it('tells several crossings apart, and steps from roots', () => {
    const [first] = crossed().crossings;
    const found = crossed({
      crossings: [
        first!,
        {
          ...first!,
          load: 4,
          below: [1],
          above: [0],
          isStep: true,
          interval: null,
          intervalWhy: 'a step',
        },
      ],
    });
    const text = crossoverSentences(found).join(' ');
    expect(text).toMatch(
      /^Up to 0.800 requests\/s .*: serverless. Then, up to 2.00 requests\/s .*another number of replicas\): dedicated. Above: serverless./,
    );
    expect(text).toMatch(/No interval at 2.00 requests\/s \(4x\): a step/);
  });

  it('tells many crossings together, and how near the costs are there', () => {
    const [first] = crossed().crossings;
    const loads = [0.5, 1, 2, 4];
    const crossings = loads.map((load, i) => ({
      ...first!,
      load,
      below: [i % 2],
      above: [(i + 1) % 2],
      ...(i > 0 && { isStep: true, interval: null, intervalWhy: 'a step' }),
    }));
    const text = crossoverSentences(crossed({ crossings })).join(' ');
    expect(text).toContain(
      'They cross 4 times from 0.250 requests/s (0.5x) to 2.00 requests/s (4x), and differ by at most 220 % there. Below and above that serverless is cheaper; within it, now one and now the other.',
    );
    expect(text).toContain(
      'In turn, in requests/s: serverless to 0.250, dedicated to 0.500, serverless to 1.00, dedicated to 2.00, then serverless.',
    );
    expect(text).toContain('of the luck drawn: 0.250 (0.750 .. 0.850); 3 have none: a step.');
    expect(text).toMatch(/^They cross/);
    const coarse = crossed({ crossings });
    const sides = coarse.sides.map((side) => ({ ...side, alternatives: [{}] }));
    expect(crossoverSentences({ ...coarse, sides })[0]).toMatch(
      /^3 of 4 crossings are jumps.*a coarse `vary` makes them/,
    );
  });

  it('says at which loads a cost is no answer, since objectives break', () => {
    const found = crossed();
    const points = found.sides[0]!.points.map((point) => ({ ...point, met: point.load < 2 }));
    const sides = [{ ...found.sides[0]!, points }, found.sides[1]!];
    const broken = crossed({ sides });
    expect(crossoverSentences(broken)).toContain(
      'serverless breaks an objective from 1.00 requests/s (2x) on.',
    );
    expect(crossoverScreen(broken)).toMatch(/5\.00 !/);
  });

  it('by hours is said in hours, and one that was not looked for says why', () => {
    const found = crossed({ lever: 'hoursPerDay' });
    expect(crossoverSentences(found)[0]).toMatch(/^Below 1.6 h a day/);
    expect(crossoverScreen({ why: 'a configuration has no price' })).toMatch(
      /none was looked for: a configuration has no price/,
    );
  });

  it('has room for many configurations', () => {
    const { sides } = crossed();
    fits(crossoverScreen(crossed({ sides: [...sides, ...sides, ...sides] })));
  });
});

const end = (
  factor: number,
  change: number,
  more: Partial<SensitivityEnd> = {},
): SensitivityEnd => ({
  factor,
  usdPerHour: 2 + change,
  changeUsdPerHour: change,
  changeFraction: change / 2,
  ci95ChangeUsdPerHour: null,
  p99S: 5,
  changeP99S: 0,
  ci95ChangeP99S: null,
  met: true,
  recommended: 0,
  recommendedUsdPerHour: 2 + change,
  ...more,
});
const barOf = (
  input: SensitivityBar['input'],
  change: number,
  more: Partial<SensitivityBar> = {},
): SensitivityBar => ({
  input,
  platform: input === 'price' ? 'modal' : null,
  why: null,
  down: end(0.75, -change),
  up: end(1.25, change),
  swingUsdPerHour: change,
  turns: false,
  ...more,
});
const TORNADO: SensitivityDocument = {
  schema: 'coldfront.sensitivity.v1',
  step: 0.25,
  rows: [{ vary: { 'deployment.replicas.min': 0 } }, { vary: { 'deployment.replicas.min': 1 } }],
  recommended: 0,
  usdPerHour: 2,
  p99S: 5,
  intervalKind: null,
  intervalWhy: 'nothing is drawn',
  bars: [
    barOf('price', 0.5),
    barOf('loadTime', 0.2, {
      turns: true,
      up: end(1.25, 0.2, { met: false, recommended: 1, recommendedUsdPerHour: 3.6 }),
    }),
    barOf('burstiness', 0, { why: 'arrivals are evenly spaced', down: null, up: null }),
  ],
};

describe('a tornado on a screen', () => {
  it('says first what moves the cost most and what turns the recommendation', () => {
    expect(sensitivitySentences(TORNADO)).toEqual([
      'Price of modal moves the cost most: -$0.50 to +$0.50 an hour.',
      'At +25 % load time it no longer meets the objectives: min 1 at $3.60/h.',
    ]);
  });

  it('draws the widest bar first, and what was left out with its reason last', () => {
    const screen = sensitivityScreen(TORNADO);
    fits(screen);
    const lines = screen.split('\n');
    const blocks = (text: string) => lines.find((line) => line.includes(text))!.match(/█/g)!.length;
    expect(blocks('price of modal  ')).toBe(32);
    expect(blocks('load time  ')).toBe(12);
    expect(screen).toMatch(/burstiness +left out: arrivals are evenly spaced/);
    expect(screen).toMatch(/No intervals: nothing is drawn/);
  });
});

const cliffPoint = (usdPerMonth: number, met = true): CliffPoint => ({
  usdPerHour: usdPerMonth / 730,
  usdPerMonth,
  p99S: 8,
  coldFraction: 0.1,
  met,
  failed: met ? [] : ['latencyS.p99 <= 12'],
});
const CLIFF: CliffDocument = {
  schema: 'coldfront.cliff.v1',
  phase: null,
  loadS: 8,
  resolution: 0.01,
  rows: TORNADO.rows,
  recommended: 1,
  points: [
    { loadS: 0.8, recommended: cliffPoint(2600), cheapest: { row: 0, ...cliffPoint(400) } },
    { loadS: 5.9, recommended: cliffPoint(2620), cheapest: { row: 0, ...cliffPoint(474) } },
    { loadS: 8, recommended: cliffPoint(2630), cheapest: { row: 1, ...cliffPoint(2630) } },
    { loadS: 80, recommended: cliffPoint(2900, false), cheapest: null },
  ],
  breaks: [
    {
      row: 1,
      loadS: 19.3,
      interval: [14, null],
      intervalWhy: null,
      breaksAbove: true,
      objectives: ['latencyS.p99 <= 12'],
    },
  ],
  stretches: [
    { fromS: 0.8, toS: 6, row: 0 },
    { fromS: 6, toS: 19.3, row: 1 },
    { fromS: 19.3, toS: 80, row: null },
  ],
  secondSaved: { fromS: 8, toS: 7, usdPerMonth: 26.3, ci95UsdPerMonth: [20, 30], p99S: 0.9 },
  cheaperRows: [
    {
      loadS: 5.9,
      row: 0,
      usdPerMonth: 474,
      savedUsdPerMonth: 2156,
      savedUsdPerMonthPerSecond: 1027,
    },
  ],
  intervalKind: 'luck',
  intervalWhy: null,
};

describe('a cliff on a screen', () => {
  it('says where it breaks, and what a second is worth with and without another row', () => {
    const screen = cliffScreen(CLIFF);
    fits(screen);
    const said = screen.replace(/\s+/g, ' ');
    expect(said).toContain(
      "min 1 breaks latencyS.p99 <= 12 from a load time of 19.3 s (2.41 times today's 8.00 s) on; 95 % interval 14.0 s .. beyond what was looked at, of the luck drawn.",
    );
    expect(said).toContain(
      'A second less is worth $26.30/month (95 %: $20.00 .. $30.00) with min 1 as it is, and p99 900 ms shorter.',
    );
    expect(said).toContain(
      'At 5.90 s min 0 will do: $2,156/month less, $1,027/month a second saved.',
    );
    expect(said).toContain('From 19.3 s to 80.0 s no configuration meets the objectives.');
  });

  it('that is none says so', () => {
    const held = { ...CLIFF, breaks: [], points: CLIFF.points.slice(0, 3) };
    expect(cliffScreen(held)).toMatch(/min 1 meets the objectives at every load time from 800 ms/);
    expect(cliffScreen({ why: 'starts take no time' })).toMatch(/none was looked for/);
  });
});
