/**
 * Which input moves the answer most: prices, load time, traffic, burstiness and service time, each a step down and a step up
 * with all else as it is, on the same luck. One at a time: what two do together is not in it.
 */
import type { Compiled } from './compile.ts';
import type {
  NoCurve,
  SensitivityBar,
  SensitivityDocument,
  SensitivityEnd,
  SensitivityInput,
} from './curves-document.ts';
import type { Figure, Interval, Varied } from './document.ts';
import { poolsOf } from './fleet-section.ts';
import { isMap, type Json } from './json.ts';
import { getAt } from './key-path.ts';
import type { Laboratory, Trial } from './laboratory.ts';
import { type Lifted, liftedRows, turned } from './levers.ts';
import { withOverrides } from './load.ts';
import { intervalKindOf, observing, whyNoInterval } from './observed.ts';
import { differenceOf } from './paired.ts';
import { metAt, usdPerHourAt } from './price-lever.ts';
import type { Outcome } from './task.ts';

export interface SensitivityOptions {
  /** Inputs are moved down and up by this share. Default 25 %. */
  readonly step?: number;
}

const STEP = 0.25;
const COST = 'cost.usdPerHour';
const P99 = 'latencyS.p99';
const MOVED = ['loadTime', 'traffic', 'burstiness', 'service'] as const;
type Moved = (typeof MOVED)[number];

/** What a row costs, and whether it will do, with an input moved. */
interface Row {
  readonly usdPerHour: Figure;
  readonly met: boolean | null;
}

/**
 * @param rows overrides of the configurations that may be recommended
 * @param recommended the one that is, by its place among them
 */
export async function sensitivity(
  laboratory: Laboratory,
  rows: readonly Varied[],
  recommended: number,
  { step = STEP }: SensitivityOptions = {},
): Promise<SensitivityDocument | NoCurve> {
  const how = observing(laboratory.loaded);
  const found = liftedRows(laboratory, rows);
  if (typeof found === 'string') return { why: found };
  const lifted = found;
  const trialOf = (row: number, overrides: Varied): Trial => ({
    overrides,
    ...(row === recommended && { how }),
  });
  const base = await laboratory.run(rows.map((overrides, row) => trialOf(row, overrides)));
  const before = base[recommended]!;
  const { result } = before;
  if (result.cost === null) return { why: 'the recommended configuration has no price' };
  const factors = [1 - step, 1 + step] as const;
  const priced = platformsOf(lifted).map((platform): SensitivityBar => {
    const ends = factors.map((factor) => priceEnd(platform, factor));
    return barOf('price', platform, null, ends);
  });
  const moved: SensitivityBar[] = [];
  for (const input of MOVED) moved.push(await movedBar(input));
  const bars = [...priced, ...moved].sort(
    (a, b) => (b.swingUsdPerHour ?? -1) - (a.swingUsdPerHour ?? -1),
  );
  return {
    schema: 'coldfront.sensitivity.v1',
    step,
    rows: rows.map((vary) => ({ vary })),
    recommended,
    usdPerHour: result.cost.usdPerHour,
    p99S: result.latencyS.p99,
    intervalKind: intervalKindOf(result),
    intervalWhy: whyNoInterval(result, laboratory.loaded),
    bars,
  };

  function barOf(
    input: SensitivityInput,
    platform: string | null,
    why: string | null,
    [down = null, up = null]: readonly (SensitivityEnd | null)[],
  ): SensitivityBar {
    const ends = [down, up].filter((end) => end !== null);
    const changes = ends.flatMap(({ changeUsdPerHour }) => changeUsdPerHour ?? []);
    return {
      input,
      platform,
      why,
      down,
      up,
      swingUsdPerHour: changes.length === 0 ? null : Math.max(...changes.map(Math.abs)),
      turns: ends.some((end) => end.recommended !== recommended),
    };
  }

  /** The cheapest that meets the objectives, the recommended one among equals. */
  function recommendedOf(of: readonly Row[]): number | null {
    let best: number | null = null;
    for (const row of [recommended, ...of.keys()]) {
      const { usdPerHour, met } = of[row]!;
      if (usdPerHour === null || met === false) continue;
      if (best === null || usdPerHour < of[best]!.usdPerHour!) best = row;
    }
    return best;
  }

  function priceEnd(platform: string | null, factor: number): SensitivityEnd {
    const usdOf = (row: number) =>
      usdPerHourAt(base[row]!.result, ownPlatform(lifted[row]!.compiled), platform, factor);
    const of = base.map(({ result: own }, row): Row => {
      const usdPerHour = usdOf(row);
      const whole = own.cost?.usdPerHour ?? null;
      const times = usdPerHour === null || !whole ? 1 : usdPerHour / whole;
      return { usdPerHour, met: metAt(own, laboratory.loaded.objectives, times) };
    });
    const usdPerHour = of[recommended]!.usdPerHour;
    const whole = result.cost!.usdPerHour;
    const change = usdPerHour === null || whole === null ? null : usdPerHour - whole;
    const own = result.ci95Traffic?.[COST] ?? result.ci95?.[COST] ?? null;
    return {
      factor,
      usdPerHour,
      changeUsdPerHour: change,
      changeFraction: fractionOf(change, whole),
      // In proportion to the cost, and so is what is not known of it.
      ci95ChangeUsdPerHour: own && change !== null && whole ? ordered(own, change / whole) : null,
      p99S: result.latencyS.p99,
      changeP99S: result.latencyS.p99 === null ? null : 0,
      ci95ChangeP99S: null,
      met: of[recommended]!.met,
      ...recommendation(of),
    };
  }

  function recommendation(of: readonly Row[]) {
    const row = recommendedOf(of);
    return {
      recommended: row,
      recommendedUsdPerHour: row === null ? null : of[row]!.usdPerHour,
    };
  }

  async function movedBar(input: Moved): Promise<SensitivityBar> {
    const why = whyNot(input, lifted[recommended]!, laboratory, factors);
    if (why !== null) return barOf(input, null, why, []);
    const trials = factors.flatMap((factor) =>
      lifted.map((one, row) => {
        const overrides = movedTo(input, one, factor);
        // What one row has not, a load time where replicas are kept, say, moves nothing of it.
        return trialOf(row, typeof overrides === 'string' ? one.overrides : overrides);
      }),
    );
    const outcomes = await laboratory.run(trials);
    const ends = factors.map((factor, i) =>
      movedEnd(factor, outcomes.slice(i * rows.length, (i + 1) * rows.length)),
    );
    return barOf(input, null, null, ends);
  }

  function movedEnd(factor: number, outcomes: readonly Outcome[]): SensitivityEnd {
    const after = outcomes[recommended]!;
    const usd = differenceOf(before, after, COST);
    const p99 = differenceOf(before, after, P99);
    const of = outcomes.map(
      (outcome): Row => ({
        usdPerHour: outcome.result.cost?.usdPerHour ?? null,
        met: outcome.result.slo?.met ?? null,
      }),
    );
    return {
      factor,
      usdPerHour: of[recommended]!.usdPerHour,
      changeUsdPerHour: usd.value,
      changeFraction: fractionOf(usd.value, result.cost!.usdPerHour),
      ci95ChangeUsdPerHour: usd.ci95Traffic ?? usd.ci95,
      p99S: after.result.latencyS.p99,
      changeP99S: p99.value,
      ci95ChangeP99S: p99.ci95,
      met: of[recommended]!.met,
      ...recommendation(of),
    };
  }
}

function ordered([low, high]: Interval, times: number): Interval {
  return times < 0 ? [high * times, low * times] : [low * times, high * times];
}

function fractionOf(change: Figure, whole: Figure): Figure {
  return change === null || whole === null || whole === 0 ? null : change / whole;
}

/** Each once; null is for prices of the study's own. */
function platformsOf(lifted: readonly Lifted[]): readonly (string | null)[] {
  const all = lifted.flatMap(({ compiled }) => poolsOf(compiled).map(ownPlatform));
  return [...new Set(all)];
}

function ownPlatform({ platform }: Compiled): string | null {
  return platform?.id ?? null;
}

/** @returns overrides, or in words why there is nothing to move */
function movedTo(input: Moved, lifted: Lifted, factor: number): Varied | string {
  switch (input) {
    case 'loadTime':
      return turned(lifted, 'load', factor);
    case 'burstiness':
      return burstier(lifted, factor);
    default:
      return turned(lifted, input, factor);
  }
}

const BURST_SCALE = 'workload.synthesize.burstScale';

function burstier({ study, overrides }: Lifted, factor: number): Varied | string {
  const map = withOverrides(study, overrides) as Json;
  const made = getAt(map, ['workload', 'synthesize']);
  if (made === undefined || !isMap(made)) {
    return 'a log has its own bursts, and nothing scales them and keeps its rate and course; coldfront synthesize --like makes traffic that can be asked';
  }
  const { burstScale = 1 } = made;
  return { ...overrides, [BURST_SCALE]: Number(burstScale) * factor };
}

/** What stands in the way of either end for the recommended row. */
function whyNot(
  input: Moved,
  lifted: Lifted,
  laboratory: Laboratory,
  factors: readonly number[],
): string | null {
  for (const factor of factors) {
    const overrides = movedTo(input, lifted, factor);
    if (typeof overrides === 'string') return overrides;
    const compiled = laboratory.compile(overrides);
    if (typeof compiled === 'string') return compiled.replace(`${BURST_SCALE} `, '');
  }
  return null;
}
