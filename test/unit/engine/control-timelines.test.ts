/**
 * One time line a rule, worked by hand from the documentation that scaling-blocks.yaml cites: at which second which signal
 * leads to which wish of the formula and which target. Within an instant: what the script does, replicas that become
 * ready, the tick.
 */
import { describe, expect, it } from 'vitest';
import type { ControlRule } from '../../../src/engine/control/control-rule.ts';
import { ruleOf } from '../../kit/scaling-rules.ts';
import {
  type Look,
  looksOf,
  type ScriptedOptions,
  ScriptedPool,
  type ScriptStep,
} from '../../kit/scripted-pool.ts';

const S = 1_000_000;

type Step = readonly [atS: number, inFlight: number];

const inFlight = (...steps: readonly Step[]): ScriptStep[] =>
  steps.map(([atS, count]) => ({ atUs: atS * S, inFlight: count }));

type Options = Omit<ScriptedOptions, 'loadUs' | 'untilUs'> & { loadS?: number; untilS: number };

const optionsOf = ({ loadS, untilS, ...rest }: Options): ScriptedOptions => ({
  ...rest,
  loadUs: (loadS ?? 0) * S,
  untilUs: untilS * S,
});

/** [second, signal, wish, target] of every look that changed the target. */
function movesOf(rule: ControlRule, script: readonly ScriptStep[], options: Options) {
  const looks = looksOf(rule, script, optionsOf(options));
  return looks.filter((look, i) => look.target !== (looks[i - 1]?.target ?? 0)).map(rowOf);
}

function rowOf({ atUs, signal, wish, target }: Look): readonly number[] {
  return [atUs / S, Number(signal.toFixed(4)), wish, target];
}

/** [second, hold] of every look that changed what idle windows may not take. */
function holdsOf(rule: ControlRule, script: readonly ScriptStep[], options: Options) {
  const looks = looksOf(rule, script, optionsOf(options));
  return looks
    .filter((look, i) => look.hold !== (looks[i - 1]?.hold ?? 0))
    .map(({ atUs, hold }) => [atUs / S, hold]);
}

describe('Knative: stable and panic windows', () => {
  const burst = inFlight([0.5, 35], [10, 0]);
  const options = { concurrency: 10, loadS: 5, untilS: 200 };

  it('wakes at the first request, panics, keeps its replicas through the panic, halves, and goes to zero', () => {
    expect(movesOf(ruleOf('knative-kpa', { concurrency: 10 }), burst, options)).toEqual([
      // The first of 35 requests decides at once: ceil(1 / (10 x 0.7)) = 1.
      [0.5, 1, 1, 1],
      // Means since the data began, at 0.5: 35 in flight, ceil(35 / 7) = 5; 5 / max(1, 0 ready) >= 2: panic.
      [2, 35, 5, 5],
      // Over the threshold last at 6, with one ready of five. Panic ends once 6 + 60 < now. Then 2 s of 35 in the last 60:
      // ceil(1.1667 / 7) = 1, but not below floor(5 / 2) = 2.
      [68, 1.1667, 1, 2],
      // Nothing in (10, 70]: 0, but not below floor(2 / 2) = 1.
      [70, 0, 0, 1],
      // floor(1 / 2) = 0, and 62 s without demand.
      [72, 0, 0, 0],
    ]);
  });

  it('A4 12: zero comes 60 s after the last request and its grace later', () => {
    const rule = ruleOf('knative-kpa', { concurrency: 10 }, { scaleToZero: { grace: '30s' } });
    const moves = movesOf(rule, burst, options);
    // Zero is first wished for at 72, and granted 30 s later.
    expect(moves.at(-1)).toEqual([102, 0, 0, 0]);
    const calmRule = ruleOf('knative-kpa', { concurrency: 10 });
    const calm = movesOf(calmRule, inFlight([0.5, 1], [4.5, 0]), options);
    // No panic: the tick at 6 is the last that finds demand; at 66 nothing in (6, 66], and 60 s have passed.
    expect(calm).toEqual([
      [0.5, 1, 1, 1],
      [66, 0, 0, 0],
    ]);
  });

  it('A4 5: a mean of 35 asks for 5; 4 wanted over the panic window by 2 ready are a panic', () => {
    const rule = ruleOf('knative-kpa', { concurrency: 10, floor: 2 });
    const script = inFlight([0, 10], [70, 28], [78, 0]);
    expect(movesOf(rule, script, { concurrency: 10, floor: 2, untilS: 200 })).toEqual([
      // ceil(10 / 7) = 2. It begins in panic, with two ready, until 64.
      [2, 10, 2, 2],
      // (68, 74]: (2 x 10 + 4 x 28) / 6 = 22, ceil(22 / 7) = 4, 4 / 2 >= 2. The stable mean is (56 x 10 + 4 x 28) / 60 = 11.2.
      [74, 11.2, 2, 4],
      // Calm since 74, so until 136; (76, 136] holds 2 s of 28.
      [136, 0.9333, 1, 2],
    ]);
    const steady = movesOf(rule, inFlight([0, 35]), { concurrency: 10, floor: 2, untilS: 90 });
    expect(steady).toEqual([[2, 35, 5, 5]]);
  });

  it('a scale-down delay keeps the largest decision of its window', () => {
    const rule = ruleOf('knative-kpa', { concurrency: 10 }, { stabilization: { down: '20s' } });
    // The last 5 was decided at 66, and one exactly 20 s old is outside at 86. With 5 ready till then floor(5 / 2) = 2 is
    // decided up to 86, with 2 ready 1 up to 106.
    expect(movesOf(rule, burst, options).slice(2)).toEqual([
      [86, 0, 0, 2],
      [106, 0, 0, 1],
      [126, 0, 0, 0],
    ]);
  });
});

describe('Horizontal pod autoscaler', () => {
  const script = inFlight([0, 1], [10, 10], [100, 1]);
  const options = { floor: 1, loadS: 20, untilS: 600 };

  it('doubles, or goes to 4, every 15 s; waits 300 s on the way down', () => {
    expect(movesOf(ruleOf('kubernetes-hpa', { floor: 1 }), script, options)).toEqual([
      [15, 10, 10, 4],
      [30, 10, 10, 8],
      [45, 10, 10, 10],
      // The last wish of 10 is of the sync at 90, which is 300 s old, and outside, at 390.
      [390, 1, 1, 1],
    ]);
  });

  it('A4 6: value 20 against 5 makes 12 of 3; an average value 20 / 5 makes 4; a ratio of 1.09 nothing', () => {
    const wishOf = (law: Record<string, unknown>, requests: number) => {
      const rule = ruleOf('kubernetes-hpa', { floor: 3 }, { laws: { queue: law } });
      const pool = new ScriptedPool(rule, { floor: 3, untilUs: 0 });
      return pool.run(inFlight([1, requests]), 15 * S).at(-1)!.wish;
    };
    // ceil(3 x 20 / 5)
    expect(wishOf({ metricType: 'value', target: 5 }, 20)).toBe(12);
    // ceil(20 / 5)
    expect(wishOf({ metricType: 'average-value', target: 5 }, 20)).toBe(4);
    // 327 / (100 x 3) = 1.09 is within 10 %.
    expect(wishOf({ metricType: 'average-value', target: 100 }, 327)).toBe(3);
    // 1.1 is within as well, 1.11 is not: ceil(333 / 100).
    expect(wishOf({ metricType: 'average-value', target: 100 }, 330)).toBe(3);
    expect(wishOf({ metricType: 'average-value', target: 100 }, 333)).toBe(4);
  });

  it('A4 6: up from 2 to 6 with the behavior block, +100 % or +4, to max(2n, 4) = 4 without', () => {
    const atFirst = (id: string, floor: number) =>
      movesOf(ruleOf(id, { floor }), inFlight([1, 100]), { floor, untilS: 15 }).at(-1)![3];
    expect(atFirst('kubernetes-hpa-behavior', 2)).toBe(6);
    expect(atFirst('kubernetes-hpa', 2)).toBe(4);
    // From 1 replica 4, not 5.
    expect(atFirst('kubernetes-hpa', 1)).toBe(4);
  });

  it('after a short peak goes on towards the largest wish without a behavior block, and not with one', () => {
    const peak = inFlight([10, 12], [20, 3]);
    const to = { floor: 1, untilS: 60 };
    // 12 wished at 15, 3 at 30 and 45; 12 stays the largest.
    const targets = (id: string) =>
      movesOf(ruleOf(id, { floor: 1 }), peak, to).map((move) => [move[0], move[3]]);
    expect(targets('kubernetes-hpa')).toEqual([
      [15, 4],
      [30, 8],
      [45, 12],
    ]);
    // 1 + 4 = 5
    expect(targets('kubernetes-hpa-behavior')).toEqual([[15, 5]]);
  });
});

describe('KEDA: its own poll between 0 and 1, above it the autoscaler that it makes', () => {
  it('A4 12: wakes at a poll, and goes to zero 300 s after the last active poll', () => {
    const script = inFlight([10, 3], [100, 0]);
    expect(movesOf(ruleOf('keda'), script, { loadS: 20, untilS: 600 })).toEqual([
      // The poll at 30 wakes to 1, and the sync of that instant sees 3 requests for 1 replica.
      [30, 3, 3, 3],
      // Polls at 30, 60 and 90 were active; 390 - 90 = 300. Till then the 3 of the sync at 90 is the largest.
      [390, 0, 0, 0],
    ]);
  });

  it('jumps from zero to the minimum where the idle count is 0', () => {
    const rule = ruleOf('keda', {}, { scaleToZero: { least: 2 } });
    const moves = movesOf(rule, inFlight([31, 1], [200, 0]), { untilS: 600 });
    // Active polls from 60 to 180.
    expect(moves).toEqual([
      [60, 1, 1, 2],
      [480, 0, 0, 0],
    ]);
  });
});

describe('A windowed target that steps down by half after a delay', () => {
  const rule = ruleOf('baseten', { max: 8 });

  it('A4 1: 8 replicas leave over 225 replica-minutes, $24.37 at $0.10833', () => {
    const moves = movesOf(rule, inFlight([0, 5], [600, 0]), { max: 8, untilS: 6000 });
    expect(moves).toEqual([
      // ceil(5 / 0.7) = 8
      [10, 5, 8, 8],
      // Lower since 610, where (550, 610] means 4.17: half after 900 s, and the delay begins anew.
      [1510, 0, 0, 4],
      [2410, 0, 0, 2],
      [3310, 0, 0, 1],
      [4210, 0, 0, 0],
    ]);
    // From 610 on: 8 x 15 + 4 x 15 + 2 x 15 + 1 x 15.
    const replicaMinutes = [8, 4, 2, 1].reduce((sum, count) => sum + count * 15, 0);
    const ends = moves.slice(1).map(([atS]) => atS!);
    const spans = ends.map((atS, i) => (atS - (ends[i - 1] ?? 610)) / 60);
    expect(spans.reduce((sum, span, i) => sum + span * [8, 4, 2, 1][i]!, 0)).toBe(225);
    expect(replicaMinutes * 0.10833).toBeCloseTo(24.37, 2);
    expect(15 * 0.10833).toBeCloseTo(1.62495, 5);
  });

  it('A4 2: ceil(25 / (10 x 0.7)) = 4, ceil(200 / (256 x 0.8)) = 1, ceil(200 / (256 x 0.5)) = 2', () => {
    const wishOf = (target: number, utilization: string, requests: number) => {
      const other = ruleOf('baseten', {}, { laws: { concurrency: { target, utilization } } });
      return looksOf(other, inFlight([0, requests]), { untilUs: 60 * S }).at(-1)!.wish;
    };
    expect(wishOf(10, '70%', 25)).toBe(4);
    expect(wishOf(256, '80%', 200)).toBe(1);
    expect(wishOf(256, '50%', 200)).toBe(2);
  });

  it('traffic that returns resets the delay', () => {
    const script = inFlight([0, 5], [600, 0], [1200, 5], [1260, 0]);
    // 8 wished again at 1260, lower since 1270.
    expect(movesOf(rule, script, { max: 8, untilS: 2200 })[1]).toEqual([2170, 0, 0, 4]);
  });
});

describe('A one-second loop and an immediate look at every arrival', () => {
  const rule = ruleOf('beam', { max: 5 }, { laws: { tasks: { target: 30 } } });

  it('A4 11: 61 tasks at 30 each, at most 5: 3; none: 0, while replicas wait for their keep-warm locks', () => {
    const pool = new ScriptedPool(rule, { max: 5, concurrency: 30, untilUs: 0 });
    const looks = pool.run(inFlight([0.5, 61], [7.2, 0]), 20 * S);
    const moves = looks.filter((look, i) => look.target !== (looks[i - 1]?.target ?? 0));
    expect(moves.map(rowOf)).toEqual([
      [0.5, 1, 1, 1],
      [0.5, 31, 2, 2],
      [0.5, 61, 3, 3],
      [8, 0, 0, 0],
    ]);
    expect(moves.at(-1)!.hold).toBe(0);
    expect(pool.ready).toBe(3);
  });
});

describe('RunPod', () => {
  it('A4 3: 7 queued and 3 running at 4 each are 3 workers', () => {
    const rule = ruleOf('runpod-request-count', {}, { laws: { requests: { target: 4 } } });
    const script = inFlight([0.3, 10], [9.5, 2]);
    expect(movesOf(rule, script, { loadS: 4, untilS: 20 })).toEqual([
      [1, 10, 3, 3],
      [10, 2, 1, 1],
    ]);
    expect(holdsOf(rule, script, { loadS: 4, untilS: 20 })).toEqual([
      [1, 3],
      [10, 1],
    ]);
  });

  it('queue delay: one more for each that waits longer than the value and that no start covers', () => {
    const script = inFlight([0.5, 3], [6, 5]);
    expect(movesOf(ruleOf('runpod-queue-delay'), script, { loadS: 6, untilS: 16 })).toEqual([
      // At 4 the wait is 3.5 s; at 5 three have waited 4.5 s, the first at zero among them.
      [5, 4.5 * S, 3, 3],
      // At 10 the two of second 6 have waited exactly 4 s. At 11 three are ready, and two have waited 5 s.
      [11, 5 * S, 5, 5],
    ]);
    expect(holdsOf(ruleOf('runpod-queue-delay'), script, { loadS: 6, untilS: 16 })).toEqual([]);
  });
});

describe('Cloud Run: means of a minute, and a start on demand for a request that waits', () => {
  const rule = ruleOf('cloud-run', { concurrency: 80 });
  const script = inFlight([1, 100], [30, 0]);
  const options = { concurrency: 80, loadS: 7, untilS: 120 };

  it('starts at once for what waits, then by the largest mean', () => {
    expect(movesOf(rule, script, options)).toEqual([
      // One start covers 80 that wait.
      [1, 1, 1, 1],
      [1, 81, 2, 2],
      // Two busy since 8: at 20 their mean 24 / 20 = 1.2 is 2 x 0.6; at 25 ceil(34 / 25 / 0.6) = 3.
      [25, 1.36, 3, 3],
    ]);
  });

  it('idle windows may take what the means do not ask for', () => {
    // Busy time 2 x 22 s. At 5 nobody is ready. At 40 ceil(44 / 40 / 0.6) = 2, at 75 15 s of two are left in the minute:
    // ceil(0.5 / 0.6) = 1, at 90 none.
    expect(holdsOf(rule, script, options)).toEqual([
      [10, 1],
      [15, 2],
      [25, 3],
      [40, 2],
      [75, 1],
      [90, 0],
    ]);
  });
});

describe('SageMaker: target tracking by alarms', () => {
  /** Requests that end as they come, evenly. */
  const requests = (fromS: number, toS: number, perS: number): ScriptStep[] =>
    Array.from({ length: (toS - fromS) * perS }, (_, i) => {
      const atUs = fromS * S + ((i + 1) * S) / perS;
      return [
        { atUs, inFlight: 1 },
        { atUs, inFlight: 0 },
      ];
    }).flat();

  it('out after 3 minutes above the target, in after 15 below nine tenths', () => {
    const script = [...requests(0, 600, 4), ...requests(600, 1800, 0.5)];
    const rule = ruleOf('sagemaker', { floor: 1 });
    expect(movesOf(rule, script, { floor: 1, loadS: 120, untilS: 1800 })).toEqual([
      [60, 4, 1, 1],
      // 4/s over one replica against 1/s, for the third time: ceil(1 x 4 / 1).
      [180, 4, 4, 4],
      // 0.5/s over 4 is 0.125 < 0.9 from the period that ends at 660 on, the fifteenth time at 1500: straight to ceil(0.5).
      [1500, 0.125, 1, 1],
    ]);
  });

  it('a cooldown after a move up holds back the way down', () => {
    const script = [...requests(0, 240, 4), ...requests(240, 900, 0.5)];
    const alarm = { down: { datapoints: 2, of: 2 } };
    const rule = ruleOf('sagemaker', { floor: 1 }, { laws: { tracking: { alarm } } });
    // Low for the second time at 360, but 180 + 300 = 480.
    expect(movesOf(rule, script, { floor: 1, untilS: 900 }).slice(1)).toEqual([
      [180, 4, 4, 4],
      [480, 0.125, 1, 1],
    ]);
  });

  it('a step within the cooldown of another adds nothing to it; after it, it does', () => {
    const laws = { tracking: { enabled: false } };
    const rule = ruleOf('sagemaker-zero', { max: 9 }, { laws, scaleToZero: { allowed: true } });
    // Refused at 10 and all along: a step to 1 at 60, ready at 90. The alarm is on at 120 to 300 too: 0 + 1 until 360.
    const always = Array.from({ length: 40 }, (_, i) => ({ atUs: (10 + 10 * i) * S, refused: 1 }));
    expect(movesOf(rule, always, { max: 9, loadS: 30, untilS: 400 })).toEqual([
      [60, 6, 1, 1],
      [360, 6, 2, 2],
    ]);
  });

  it.each([242, 302, 500])('one copy for the refusals until it is ready, after %i s', (loadS) => {
    // A request every 5 s: refused until the copy is there, the last of them in the period in which it becomes ready.
    const rule = ruleOf('sagemaker-zero', {}, { laws: { tracking: { enabled: false } } });
    const refused = Array.from({ length: Math.ceil((loadS + 60) / 5) }, (_, i) => 5 * i + 5);
    const script = refused
      .filter((atS) => atS < 60 + loadS)
      .map((atS) => ({ atUs: atS * S, refused: 1 }));
    expect(movesOf(rule, script, { loadS, untilS: 1500 })).toEqual([[60, 12, 1, 1]]);
  });

  it('back from zero by a step when refusals raise an alarm', () => {
    const refusals = [70, 71, 150, 200].map((atS) => ({ atUs: atS * S, refused: 1 }));
    const script = [...refusals, ...inFlight([410, 1], [500, 0])];
    expect(movesOf(ruleOf('sagemaker-zero'), script, { loadS: 285, untilS: 2000 })).toEqual([
      // Two refusals in the minute that ends at 120; those of the next minutes find none ready and ask for one as well.
      [120, 2, 1, 1],
      // Ready at 405. Low at 410, then 9 periods with one request for one replica; 90 low ones from 510 to 1400.
      [1400, 0, 0, 0],
    ]);
  });
});

describe('Fireworks: an up window of 30 s, a down window of 10 min, zero after an hour', () => {
  it('A4 12: wakes by a refused request and sleeps 3600 s after the last', () => {
    const rule = ruleOf('fireworks', { concurrency: 10, max: 4 });
    const script = [{ atUs: 3 * S, refused: 1 }, ...inFlight([130, 30], [400, 0])];
    const options = { concurrency: 10, max: 4, loadS: 120, untilS: 5000 };
    expect(movesOf(rule, script, options)).toEqual([
      [3, 0, 0, 1],
      // ceil(30 / 8) = 4 wished from 130 on: for 30 s at 160.
      [160, 30, 4, 4],
      // 0 is wished from 400 on: for 10 min at 1000. Zero is not allowed yet: 1.
      [1000, 0, 0, 1],
      // 400 is the last look that finds demand.
      [4000, 0, 0, 0],
    ]);
  });
});

describe('Together: stabilize, limit the rate, then the bounds', () => {
  // On the loop's tick 4 are wished from 600 on, and for 5 min at 900; a second later the tick of 660 is the first to see it.
  it.each([
    [600, 900],
    [601, 960],
  ])(
    'A4 10: from 8 to 4, first after 5 min, then one a minute: load that falls at %i s',
    (fallsS, firstS) => {
      const rule = ruleOf('together', { floor: 1, max: 8 });
      const script = inFlight([0, 64], [fallsS, 30]);
      expect(movesOf(rule, script, { floor: 1, max: 8, untilS: 1500 })).toEqual([
        // 64 each against 8: 8 wished; at most +100 % or +4, the smaller.
        [60, 64, 8, 2],
        [120, 32, 8, 4],
        [180, 16, 8, 8],
        // ceil(8 x 3.75 / 8) = 4. -25 % or -1, the smaller: -1.
        [firstS, 3.75, 4, 7],
        [firstS + 60, 4.2857, 4, 6],
        [firstS + 120, 5, 4, 5],
        [firstS + 180, 6, 4, 4],
      ]);
    },
  );

  it('the edge of the window is a key: exclusive lets the wish go that is 5 min old', () => {
    const exclusive = { stabilization: { edge: 'exclusive' } };
    const rule = ruleOf('together', { floor: 1, max: 8 }, exclusive);
    const script = inFlight([0, 64], [600, 30]);
    // The 8 of 540 is 300 s old at 840.
    expect(movesOf(rule, script, { floor: 1, max: 8, untilS: 850 }).at(-1)).toEqual([
      840, 3.75, 4, 7,
    ]);
  });

  it('never wakes', () => {
    const rule = ruleOf('together', { floor: 0, max: 0 });
    const script = [{ atUs: S, refused: 5 }];
    expect(movesOf(rule, script, { max: 0, untilS: 600 })).toEqual([]);
  });
});

describe('Decisions on events alone', () => {
  it('Modal: a buffer of idle ones while there is work', () => {
    const rule = ruleOf('modal', {}, { buffer: { replicas: 2 } });
    const script = inFlight([1, 1], [2, 2], [5, 1], [6, 0]);
    expect(movesOf(rule, script, { untilS: 10 })).toEqual([
      [1, 1, 1, 3],
      [2, 2, 2, 4],
      [5, 1, 1, 3],
      [6, 0, 0, 0],
    ]);
    expect(holdsOf(rule, script, { untilS: 10 })).toEqual([
      [1, 3],
      [2, 4],
      [5, 3],
      [6, 0],
    ]);
  });

  it('fal: the larger of a count and a share, from time 0 on', () => {
    const rule = ruleOf('fal', {}, { buffer: { replicas: 2, share: '50%' } });
    expect(movesOf(rule, inFlight([1, 6]), { untilS: 10 })).toEqual([
      [0, 0, 0, 2],
      [1, 1, 1, 3],
      [1, 2, 2, 4],
      [1, 3, 3, 5],
      [1, 4, 4, 6],
      // ceil(0.5 x 5) = 3
      [1, 5, 5, 8],
      [1, 6, 6, 9],
    ]);
  });

  it('Replicate: as many as are in flight', () => {
    expect(movesOf(ruleOf('replicate'), inFlight([1, 2], [3, 0]), { untilS: 10 })).toEqual([
      [1, 1, 1, 1],
      [1, 2, 2, 2],
      [3, 1, 1, 1],
      [3, 0, 0, 0],
    ]);
  });
});

describe('The other laws and signals', () => {
  const rule = (laws: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    ruleOf('baseten', {}, { laws: { concurrency: { enabled: false }, ...laws }, ...more });

  it('fixed: so many', () => {
    const fixed = rule({ fixed: { law: 'fixed', target: 3 } });
    expect(movesOf(fixed, [], { untilS: 60 })).toEqual([[10, 3, 3, 3]]);
  });

  it('of several laws the largest wish wins, and its signal is shown', () => {
    const several = rule({
      requests: { signal: 'in-flight', target: 4 },
      tokens: { signal: 'tokens-in-flight', target: 150 },
    });
    // 5 requests of 100 tokens: ceil(5 / 4) = 2, ceil(500 / 150) = 4.
    expect(movesOf(several, inFlight([1, 5]), { untilS: 10 })).toEqual([[10, 500, 4, 4]]);
  });

  it('a rate is over the window, a mean weighs every microsecond', () => {
    const rates = rule({ rate: { signal: 'request-rate', window: '20s', target: '0.1/s' } });
    // 4 within the first 10 s, 4 within 20 s, none of them within (20, 40].
    expect(
      looksOf(rates, inFlight([1, 4], [2, 0]), { untilUs: 40 * S }).map(({ signal }) => signal),
    ).toEqual([0.4, 0.2, 0.2, 0].map((perS, i) => (i === 2 ? 0 : perS)));
    const means = rule({ waiting: { signal: 'waiting', window: '20s', target: 1 } });
    const looks = looksOf(means, inFlight([9.999999, 3]), { max: 0, untilUs: 20 * S });
    expect(looks.map(({ signal }) => signal)).toEqual([3e-7, 3 * (0.5 + 0.5e-7)]);
  });

  it('latency is a value: times as many ready replicas as it is times its target', () => {
    const latency = rule({
      latency: { law: 'ratio', signal: 'latency', quantile: '50%', window: '60s', target: '1ms' },
    });
    const pool = new ScriptedPool(latency, { floor: 2, untilUs: 0 });
    // The scripted pool shows half of the oldest wait and a millisecond: 1 ms + 8 s over 2, of 2 ready.
    const looks = pool.run(inFlight([1, 4], [2, 3]), 10 * S);
    expect(rowOf(looks.at(-1)!).slice(0, 3)).toEqual([10, 4_500_500, 9001]);
  });
});
