/** The blocks of one pool, as a study writes them and as a scenario has them. */
import { describe, expect, it } from 'vitest';
import { NO_HARDWARE } from '../../../src/platform/library.ts';
import { type Compiled, compilePoint, isCompiled } from '../../../src/study/compile.ts';
import { drawnBy } from '../../../src/study/drawn.ts';
import { isFindings, parseStudy } from '../../../src/study/findings.ts';
import { HARDWARE } from '../platform/hardware.ts';
import { CATALOGUE, load, mistakesOf } from './studies.ts';

const NEVER = Number.POSITIVE_INFINITY;
const WORKLOAD = 'version: 1\nworkload: { replay: { file: x } }\n';
const NOTHING_DRAWN = { arrivals: false, service: false };

function compiled(text: string): Compiled {
  return load(`${WORKLOAD}${text}`).points[0]!.compiled;
}

/** Without the place in the file. */
function wrong(deployment: string, more = ''): string[] {
  return mistakesOf(`${WORKLOAD}deployment: ${deployment}\n${more}`).map((line) =>
    line.replace(/^chat\.yml:\d+:\d+\s+/, '').replace(/\s{2,}/, ' '),
  );
}

describe('what a study does not use costs nothing', () => {
  it.each([
    '',
    'deployment: { admission: { rate: unlimited, inFlight: unlimited, atZero: queue, code: 429 } }',
    'deployment: { startPaths: { cached: { chance: 0%, coldStart: 1s }, revived: { within: 0s, coldStart: 1s } } }',
    'deployment: { failures: { start: 0%, startTimeout: unlimited, crashEvery: unlimited }, maxAge: unlimited }',
    'deployment: { preemption: { every: unlimited, notice: 30s }, rollouts: [], drain: { timeout: 30s } }',
    'deployment: { slotSpeed: { 1: 1, 4: 0.8 }, scaling: { rule: per-request, tick: 2s } }',
    'weather: { spells: [] }',
  ])('%s', (text) => {
    const { pool } = compiled(text);
    expect(pool).toMatchObject({
      gate: null,
      control: null,
      slotSpeed: null,
      lifecycle: null,
      pings: null,
      countsTokens: false,
    });
    expect(drawnBy(pool, NOTHING_DRAWN)).toEqual([]);
  });
});

describe('deployment.admission', () => {
  it('is a gate of rates, of requests in flight, and of what happens at zero', () => {
    const { pool, refusalCode, tokensFor } = compiled(
      'deployment: { admission: { rate: 600/min, tokenRate: 900000/min, inFlight: 25000, atZero: refuse-and-wake, code: 429 } }',
    );
    expect(pool.gate).toEqual({
      requestRate: { count: 600, periodUs: 60e6 },
      tokenRate: { count: 900_000, periodUs: 60e6 },
      inputTokenRate: null,
      uncachedTokenRate: null,
      outputTokenRate: null,
      adaptive: null,
      inFlight: 25_000,
      atZero: 'refuse-and-wake',
    });
    expect({ refusalCode, tokensFor }).toEqual({
      refusalCode: 429,
      tokensFor: [{ path: 'deployment.admission.tokenRate', kinds: ['input', 'output'] }],
    });
  });

  it('limits each kind of tokens, and asks for those alone', () => {
    const { pool, tokensFor } = compiled(
      'deployment: { admission: { inputTokenRate: 3600000/min, uncachedTokenRate: 900000/min, outputTokenRate: 36000/min } }',
    );
    expect(pool.gate).toMatchObject({
      requestRate: null,
      tokenRate: null,
      inputTokenRate: { count: 3_600_000, periodUs: 60e6 },
      uncachedTokenRate: { count: 900_000, periodUs: 60e6 },
      outputTokenRate: { count: 36_000, periodUs: 60e6 },
    });
    expect(tokensFor).toEqual([
      { path: 'deployment.admission.inputTokenRate', kinds: ['input'] },
      { path: 'deployment.admission.uncachedTokenRate', kinds: ['input'] },
      { path: 'deployment.admission.outputTokenRate', kinds: ['output'] },
    ]);
  });

  it('adaptive limits move by a factor; a growth of 1 is none', () => {
    const adaptive = (keys: string) =>
      compiled(`deployment: { admission: { inputTokenRate: 3600000/min, adaptive: ${keys} } }`).pool
        .gate?.adaptive;
    expect(adaptive('{ period: 1m, grow: 2, shrink: 0.5, most: 100 }')).toEqual({
      periodUs: 60e6,
      grow: 2,
      shrink: 0.5,
      most: 100,
      of: 'all',
    });
    expect(adaptive('{ grow: 1 }')).toBeNull();
    expect(wrong('{ admission: { rate: 1/s, adaptive: { grow: 2, of: tokens } } }')).toEqual([
      'deployment.admission.adaptive.period is missing: write 1m, say',
      'deployment.admission.adaptive.shrink is missing: write 0.5, say',
      'deployment.admission.adaptive.most is missing: write 100, say',
    ]);
    expect(
      wrong(
        '{ admission: { rate: 1/s, adaptive: { period: 1m, grow: 2, shrink: 0.5, most: 9, of: tokens } } }',
      ),
    ).toEqual([
      'deployment.admission.adaptive has no limit to move: give tokenRate, inputTokenRate, uncachedTokenRate, outputTokenRate',
    ]);
    expect(
      wrong(
        '{ admission: { rate: 1/s, adaptive: { period: 1m, grow: 0.5, shrink: 1, most: 9 } } }',
      ),
    ).toEqual([
      'deployment.admission.adaptive.grow must be a factor of at least 1, such as 2, is 0.5',
    ]);
  });

  // Cloud Run: 3.5 times the mean start, at least 10 s. 3.5 x 20 s = 70 s; 3.5 x 1 s = 3.5 s, so 10 s.
  it.each([
    ['20s', 70e6],
    ['1s', 10e6],
    [
      '[{ phase: pull, time: 19s }, { phase: load, time: { distribution: uniform, min: 0s, max: 2s } }]',
      70e6,
    ],
  ])('a deadline of so many mean starts: %s', (coldStart, us) => {
    const { pool } = compiled(
      `deployment: { coldStart: ${coldStart}, admission: { timeoutPerStart: { times: 3.5, least: 10s } } }`,
    );
    expect(pool.queueTimeoutUs).toBe(us);
  });

  it('the mean start counts shorter ways by their chance', () => {
    // 0.5 x 4 s + 0.5 x 0.2 x 10 s + 0.4 x 20 s = 11 s
    const { pool } = compiled(`deployment:
  coldStart: 20s
  startPaths: { snapshot: { chance: 50%, coldStart: 4s }, cached: { chance: 0.2, coldStart: 10s } }
  admission: { timeoutPerStart: { times: 2 } }`);
    expect(pool.queueTimeoutUs).toBe(22e6);
  });

  it('says what is wrong', () => {
    expect(
      wrong(
        '{ admission: { timeout: 4s, timeoutPerStart: { times: 2 }, tokenRate: 1000000007/d } }',
      ),
    ).toEqual([
      'deployment.admission.timeoutPerStart stands beside timeout: keep one of them',
      'deployment.admission.tokenRate is too many over too long: write it a second, is 1000000007/d',
    ]);
    expect(wrong('{ admission: { timeoutPerStart: { least: 10s }, code: 42 } }')).toEqual([
      'deployment.admission.timeoutPerStart.times is missing: how many times the mean start? write 3.5',
      'deployment.admission.code must be a status such as 429, or the name of an error, is 42',
    ]);
  });
});

describe('deployment.startPaths', () => {
  const LADDER = `deployment:
  coldStart: [{ phase: pull, time: 20s }, { phase: load, time: 10s }]
  startPaths:
    snapshot: { chance: 90%, coldStart: [{ phase: boot, time: 1s }, { phase: restore, time: 3s }] }
    cached: { chance: 0.6, coldStart: [{ phase: load, time: { distribution: uniform, min: 8s, max: 12s } }] }
    revived: { within: 5m, coldStart: [{ phase: restore, time: 2s }] }
`;

  it('are shortcuts over the union of all phases, what is revived first', () => {
    const { pool } = compiled(LADDER);
    const names = pool.startPhases.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['boot', 'load', 'pull', 'restore']);
    expect(names.indexOf('pull')).toBeLessThan(names.indexOf('load'));
    expect(names.indexOf('boot')).toBeLessThan(names.indexOf('restore'));
    const ways = pool.lifecycle!.shortcuts.map(({ name, chance, phases }) => [
      name,
      chance,
      Object.fromEntries(
        names.flatMap((phase, i) => (phases[i]!.meanUs > 0 ? [[phase, phases[i]!.meanUs]] : [])),
      ),
    ]);
    expect(ways).toEqual([
      ['revived', 1, { restore: 2e6 }],
      ['snapshot', 0.9, { boot: 1e6, restore: 3e6 }],
      ['cached', 0.6, { load: 10e6 }],
    ]);
    expect(pool.lifecycle!.reviveWithinUs).toBe(300e6);
    expect(drawnBy(pool, NOTHING_DRAWN)).toEqual(['starts']);
  });

  it('a chance is luck, a revival is none', () => {
    const only = (way: string) =>
      drawnBy(
        compiled(`deployment: { coldStart: 9s, startPaths: { ${way} } }`).pool,
        NOTHING_DRAWN,
      );
    expect(only('cached: { chance: 60%, coldStart: 1s }')).toEqual(['starts']);
    expect(only('revived: { within: 5m, coldStart: 1s }')).toEqual([]);
    expect(only('always: { chance: 100%, coldStart: 1s }')).toEqual([]);
  });

  it('says what is wrong', () => {
    expect(
      wrong(`{ coldStart: [{ phase: a, time: 1s }, { phase: b, time: 1s }], startPaths: {
        cached: { coldStart: 4s }, cold: { chance: 1, coldStart: 4s },
        one: { within: 4s, coldStart: 4s }, two: { within: 4s, coldStart: 4s } } }`),
    ).toEqual([
      'deployment.startPaths.cached.chance is missing: how often does a start take this way? write 60%',
      'deployment.startPaths.cold is what deployment.coldStart is called: name it otherwise',
      'deployment.startPaths.two.within is for one way only: another has it too',
    ]);
    const turned = '[{ phase: b, time: 1s }, { phase: a, time: 1s }]';
    expect(
      wrong(
        `{ coldStart: [{ phase: a, time: 1s }, { phase: b, time: 1s }], startPaths: { x: { chance: 1, coldStart: ${turned} } } }`,
      ),
    ).toEqual([expect.stringMatching(/startPaths.x has a twice, or in another order/)]);
  });
});

describe('deployment.weights', () => {
  function weighed(deployment: string): Compiled {
    const study = parseStudy({
      version: 1,
      workload: { replay: { file: 'x' } },
      deployment: JSON.parse(deployment),
    });
    if (isFindings(study)) throw new Error(study.map(({ message }) => message).join());
    const point = compilePoint(study, CATALOGUE, HARDWARE);
    if (!isCompiled(point)) throw new Error(point.map(({ message }) => message).join());
    return point;
  }

  it('are phases by bytes over bandwidths, ways by chance and a link that all share', () => {
    // 16 GB at 2 GB/s to the node (8 s), from there at 4 GB/s (4 s); a snapshot of 16 GB at 8 GB/s (2 s).
    const { pool, warnings } = weighed(
      '{"gpu":"l4","coldStart":[{"phase":"boot","time":"3s"}],"weights":{"size":"16GB","from":"registry","bandwidth":"2GB/s","cached":"60%","cachedBandwidth":"4GB/s","snapshot":{"chance":0.2,"bandwidth":"8GB/s"},"link":"10GB/s"}}',
    );
    expect(pool.startPhases.map(({ name, time }) => [name, time.meanUs])).toEqual([
      ['download', 8e6],
      ['boot', 3e6],
      ['load', 4e6],
      ['restore', 0],
    ]);
    const { shortcuts, link } = pool.lifecycle!;
    expect(
      shortcuts.map(({ name, chance, phases }) => [name, chance, phases.map((t) => t.meanUs)]),
    ).toEqual([
      ['snapshot', 0.2, [0, 3e6, 0, 2e6]],
      ['cached', 0.6, [0, 3e6, 4e6, 0]],
    ]);
    expect(link).toEqual({
      phase: 0,
      bytes: [0, 0, 16e9],
      ownBytesPerUs: 2000,
      allBytesPerUs: 10_000,
    });
    expect(warnings.join()).not.toContain('rests on');
  });

  it('without a cold start of its own a study has no other phase, and the figures are said', () => {
    const { pool, warnings } = weighed('{"model":"llama-3-8b","weights":{"from":"local-nvme"}}');
    expect(pool.startPhases.map(({ name }) => name)).toEqual(['load']);
    expect(pool.lifecycle).toBeNull();
    expect(warnings).toContainEqual(
      expect.stringMatching(/^rests on 1 unverified figure of the catalogue: storage.local-nvme/),
    );
  });

  it('needs a catalogue, and says so by what it does not find', () => {
    const study = parseStudy({
      version: 1,
      workload: { replay: { file: 'x' } },
      deployment: { model: 'mine', weights: { from: 'registri' } },
    });
    if (isFindings(study)) throw new Error('a study');
    const said = (hardware: typeof HARDWARE) => {
      const point = compilePoint(study, CATALOGUE, hardware);
      return isCompiled(point) ? [] : point.map(({ message }) => message);
    };
    expect(said(HARDWARE)).toContainEqual(expect.stringContaining('did you mean registry?'));
    expect(said(NO_HARDWARE)).toContainEqual(expect.stringContaining('mine is no model'));
  });
});

describe('what befalls replicas', () => {
  it('is in one lifecycle', () => {
    const { pool, rollouts } = compiled(`deployment:
  failures: { start: 2%, startTimeout: 10m, crashEvery: 720h }
  preemption: { every: 4h, notice: 30s, inSpells: true }
  maxAge: 24h
  rollouts: [36h, 2026-11-03T04:00]
  drain: { timeout: 30s, interrupted: fail }
weather: { meanLength: 20m, meanGap: 8h }
`);
    expect(pool.lifecycle).toEqual({
      shortcuts: [],
      reviveWithinUs: 0,
      link: null,
      startFailure: 0.02,
      startTimeoutUs: 600e6,
      weather: { meanGapUs: 28_800e6, meanSpellUs: 1_200e6 },
      capacityPhase: 0,
      preemption: { meanUs: 14_400e6, noticeUs: 30e6, inSpells: true },
      crashMeanUs: 2_592_000e6,
      maxAgeUs: 86_400e6,
      rolloutsUs: [],
      drainTimeoutUs: 30e6,
      interrupted: 'fail',
    });
    expect(pool.startPhases.map(({ name }) => name)).toEqual(['capacity', 'start']);
    expect(rollouts).toEqual([
      { us: 129_600e6, isDate: false },
      { us: Date.parse('2026-11-03T04:00Z') * 1e3, isDate: true },
    ]);
    expect(drawnBy(pool, NOTHING_DRAWN)).toEqual([
      'failed starts',
      'weather',
      'preemption',
      'crashes',
    ]);
  });

  it('given spells are no luck, and a phase named capacity is where they are waited for', () => {
    const { pool } = compiled(`weather: { spells: [{ from: 3h, to: 4h }] }
deployment: { coldStart: [{ phase: boot, time: 1s }, { phase: capacity, time: 2s }], preemption: { inSpells: true } }`);
    expect(pool.lifecycle).toMatchObject({
      weather: [{ fromUs: 10_800e6, toUs: 14_400e6 }],
      capacityPhase: 1,
      preemption: { meanUs: NEVER, noticeUs: 0, inSpells: true },
    });
    expect(drawnBy(pool, NOTHING_DRAWN)).toEqual([]);
  });

  it('a time to drain counts where a controller retires replicas', () => {
    const rule = '{ rule: controlled, tick: 1s, laws: { all: { target: 1 } } }';
    const drained = (scaling: string) =>
      compiled(`deployment: { drain: { timeout: 5s }, scaling: ${scaling} }`).pool.lifecycle;
    expect(drained(rule)?.drainTimeoutUs).toBe(5e6);
    expect(drained('{ rule: per-request }')).toBeNull();
  });

  it('says what is wrong', () => {
    expect(
      wrong(
        '{ failures: { start: 100%, startTimeout: 0s }, preemption: { notice: 1s }, maxAge: 0s, rollouts: [2026-02-31] }',
        'weather: { meanLength: 5m }',
      ),
    ).toEqual([
      'deployment.failures.start must be below 100%: no replica would ever be ready',
      'deployment.failures.startTimeout must be above 0s, is 0s',
      'deployment.preemption.every is missing: how long does a replica live on average? write 4h, or inSpells',
      'deployment.maxAge must be above 0s, is 0s',
      'deployment.rollouts.0 there is no 2026-02-31',
      'weather.meanGap is missing: how long is it between spells?',
    ]);
    expect(wrong('{ preemption: { inSpells: true } }')).toEqual([
      'deployment.preemption.inSpells needs weather: { meanLength: 20m, meanGap: 8h }, or its spells',
    ]);
    expect(wrong('{}', 'weather: { spells: [{ from: 3h, to: 2h }] }')).toEqual([
      'weather.spells are none: spell 1 must end after it has begun',
    ]);
  });
});

describe('deployment.scaling', () => {
  const RULE =
    '{ rule: controlled, tick: 2s, laws: { all: { window: 60s, target: concurrency } } }';

  it('is a control rule where the rule is controlled', () => {
    const { pool } = compiled(`deployment: { concurrency: 8, scaling: ${RULE} }`);
    expect(pool.control).toMatchObject({
      tickUs: 2e6,
      laws: [{ name: 'all', windowUs: 60e6, target: 8 }],
      retires: 'target',
    });
  });

  it('varies, each point with what the others have', () => {
    const { points, leftOut } = load(`${WORKLOAD}deployment: { scaling: ${RULE} }
vary:
  deployment.scaling.rule: [per-request, controlled]
  deployment.scaling.laws.all.target: [1, 4]
  deployment.scaling.tick: [2s, 7s]`);
    expect(
      points.map(({ compiled: { pool } }) => pool.control?.laws.at(0)?.target ?? null),
    ).toEqual([null, null, null, null, 1, 4]);
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('laws.all.window must be a whole number of ticks of 7s'),
      expect.stringContaining('laws.all.window must be a whole number of ticks of 7s'),
    ]);
  });

  it('fixed is a fleet of the floor, without a platform too', () => {
    const fixed = 'scaling: { rule: fixed }';
    expect(compiled(`deployment: { replicas: { min: 3 }, ${fixed} }`).pool.max).toBe(3);
    expect(wrong(`{ replicas: { min: 3, max: 4 }, ${fixed} }`)).toEqual([
      'deployment.replicas.max must be left out: the fleet is fixed at replicas.min (3)',
    ]);
  });

  it('says what is wrong', () => {
    expect(wrong('{ scaling: { tick: 2s } }')).toEqual([
      'deployment.scaling.rule is missing: write rule: controlled, or leave the block out',
    ]);
    expect(
      wrong('{ scaling: { rule: controlled, tick: 2s, laws: { a: {} }, panik: {} } }'),
    ).toEqual([
      'deployment.scaling.laws.a.target is missing',
      'deployment.scaling.panik is no key of deployment.scaling. Did you mean panic?',
    ]);
  });

  it('tokens are counted where a law reads them', () => {
    const { pool, tokensFor } = compiled(
      'deployment: { scaling: { rule: controlled, tick: 1s, laws: { load: { signal: tokens-in-flight, target: 4000 } } } }',
    );
    expect(pool.countsTokens).toBe(true);
    expect(tokensFor).toEqual([
      { path: 'deployment.scaling.laws.load', kinds: ['input', 'output'] },
    ]);
  });
});

describe('company on a replica', () => {
  it('slotSpeed takes the warning about slots away', () => {
    const { pool, warnings } = compiled(
      'deployment: { concurrency: 8, slotSpeed: { 8: 0.5, 1: 1, 4: 0.8 } }',
    );
    expect(pool.slotSpeed).toEqual([
      { requests: 1, speed: 1 },
      { requests: 4, speed: 0.8 },
      { requests: 8, speed: 0.5 },
    ]);
    expect(warnings.join()).not.toContain('as fast as one');
  });

  it("a study's speeds are not mixed with another's", () => {
    const { points } = load(
      `${WORKLOAD}deployment: { concurrency: 4, slotSpeed: { 1: 1, 2: 0.9 } }`,
      { vary: ['deployment.slotSpeed={1: 1, 4: 0.5},{1: 1}'] },
    );
    expect(points.map(({ compiled: { pool } }) => pool.slotSpeed!.length)).toEqual([2, 1]);
  });

  it('says what is wrong', () => {
    expect(wrong('{ concurrency: 4, slotSpeed: { 2: 1, 4: -0.8 } }')).toEqual([
      'deployment.slotSpeed is none: the speed of one request by itself is missing, such as 1: 1',
      'deployment.slotSpeed is none: the speed of 4 must be above 0 and at most 1000, is -0.8',
    ]);
  });
});
