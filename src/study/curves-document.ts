/**
 * What comparisons draw as curves: cost against load with its crossovers, what each input moves, and the cliff of the load
 * time. Plain data, ascending along each axis; a figure that is not known is null, and a `why` beside it says so.
 */
import type { Figure, Interval, Varied } from './document.ts';

/** An interval of something that was looked for within a range: an end beyond the range is null. */
export type OpenInterval = readonly [Figure, Figure];

/** What an interval holds: the luck that was drawn, or which traffic came (traffic-blocks.ts). */
export type IntervalKind = 'luck' | 'traffic';

/** `traffic`: so many times the requests of the study; `hoursPerDay`: the study's rate during so many hours of each day. */
export type LoadLever = 'traffic' | 'hoursPerDay';

/** One side of a crossover under one load. */
export interface LoadPoint {
  /** In the lever's unit. */
  readonly load: number;
  readonly requestsPerS: Figure;
  /** Which of the side's configurations is taken here: 0 is `vary`, then the alternatives. */
  readonly row: number;
  /** Always-on replicas of a side that is sized for each load; null for one that is as it is. */
  readonly replicas: number | null;
  readonly usdPerHour: Figure;
  readonly usdPerMonth: Figure;
  readonly usdPerThousandRequests: Figure;
  readonly ci95UsdPerHour: Interval | null;
  readonly utilization: Figure;
  /** Hours of a day that replicas work, all of them together. */
  readonly busyHoursPerDay: Figure;
  readonly p99S: Figure;
  /** Whether the objectives hold; null without any. */
  readonly met: boolean | null;
}

export interface CrossoverSide {
  /** What the caller calls it; null: its overrides are its name. */
  readonly name: string | null;
  readonly vary: Varied;
  /** At each load the cheapest of `vary` and these that meets the objectives is taken. */
  readonly alternatives: readonly Varied[];
  /** Whether it has, at each load, the least always-on replicas that will do. */
  readonly isSized: boolean;
  /** At each of the document's loads. */
  readonly points: readonly LoadPoint[];
}

/** Where the cheapest side changes. */
export interface Crossing {
  /** In the lever's unit. */
  readonly load: number;
  readonly interval: OpenInterval | null;
  readonly intervalKind: IntervalKind | null;
  /** Why there is no interval. */
  readonly intervalWhy: string | null;
  readonly requestsPerS: Figure;
  readonly requestsPerSInterval: OpenInterval | null;
  /** The cheapest sides by index, several where they cost the same: just below, just above. */
  readonly below: readonly number[];
  readonly above: readonly number[];
  /** Each side as it was run nearest to here. */
  readonly at: readonly LoadPoint[];
  /** The costs do not meet: one of them steps here, and the load is known only to the resolution. */
  readonly isStep: boolean;
}

/** Beside a side that is the cheapest everywhere: by how much of its cost another is dearer at the least. */
export interface Margin {
  readonly side: number;
  readonly least: number;
  readonly atLoad: number;
}

export interface CrossoverDocument {
  readonly schema: 'coldfront.crossover.v1';
  readonly lever: LoadLever;
  /** The range looked at. */
  readonly from: number;
  readonly to: number;
  /** A crossing is within this share of its load. */
  readonly resolution: number;
  readonly loads: readonly number[];
  readonly sides: readonly CrossoverSide[];
  readonly crossings: readonly Crossing[];
  /** The side that is the cheapest at every load; null where one crosses another, and where all cost the same. */
  readonly cheapest: number | null;
  /** Of the others then, the nearest first. */
  readonly margins: readonly Margin[];
}

/** A crossover that cannot be looked for says why. */
export interface NoCurve {
  readonly why: string;
}

export type SensitivityInput = 'price' | 'loadTime' | 'traffic' | 'burstiness' | 'service';

/** The recommended configuration, and the recommendation, with one input moved. */
export interface SensitivityEnd {
  /** What the input is multiplied by. */
  readonly factor: number;
  readonly usdPerHour: Figure;
  /** Against the study as it is: the difference, as a share of it, and the paired interval of the difference. */
  readonly changeUsdPerHour: Figure;
  readonly changeFraction: Figure;
  readonly ci95ChangeUsdPerHour: Interval | null;
  readonly p99S: Figure;
  readonly changeP99S: Figure;
  readonly ci95ChangeP99S: Interval | null;
  /** Whether the recommended row still meets the objectives; null without any. */
  readonly met: boolean | null;
  /** The row that would be recommended now; null where none meets the objectives. */
  readonly recommended: number | null;
  readonly recommendedUsdPerHour: Figure;
}

export interface SensitivityBar {
  readonly input: SensitivityInput;
  /** Of a price: whose; null for all others. */
  readonly platform: string | null;
  /** Why it was left out; then both ends are null. */
  readonly why: string | null;
  readonly down: SensitivityEnd | null;
  readonly up: SensitivityEnd | null;
  /** The larger of the two changes of cost, by size. */
  readonly swingUsdPerHour: Figure;
  /** Whether another row is recommended at either end. */
  readonly turns: boolean;
}

export interface SensitivityDocument {
  readonly schema: 'coldfront.sensitivity.v1';
  /** Inputs are moved to 1 - step and 1 + step. */
  readonly step: number;
  readonly rows: readonly { readonly vary: Varied }[];
  readonly recommended: number;
  readonly usdPerHour: Figure;
  readonly p99S: Figure;
  /** What the intervals hold; null with the reason where there are none. */
  readonly intervalKind: IntervalKind | null;
  readonly intervalWhy: string | null;
  /** The one that moves the cost most first; those left out last. */
  readonly bars: readonly SensitivityBar[];
}

/** One row at one load time. */
export interface CliffPoint {
  readonly usdPerHour: Figure;
  readonly usdPerMonth: Figure;
  readonly p99S: Figure;
  readonly coldFraction: Figure;
  readonly met: boolean | null;
  /** Objectives that are broken. */
  readonly failed: readonly string[];
}

/** A load time at which a row's objectives begin to break, or hold again. */
export interface CliffBreak {
  readonly row: number;
  readonly loadS: number;
  /** From where on they may break to where they surely do. */
  readonly interval: OpenInterval | null;
  readonly intervalWhy: string | null;
  /** True: they hold below and break above. */
  readonly breaksAbove: boolean;
  readonly objectives: readonly string[];
}

/** The cheapest row that meets the objectives, over a range of load times. */
export interface CliffStretch {
  readonly fromS: number;
  readonly toS: number;
  /** null: none meets them. */
  readonly row: number | null;
}

export interface CliffDocument {
  readonly schema: 'coldfront.cliff.v1';
  /** The phase that is varied; null for all of the load time. */
  readonly phase: string | null;
  /** The mean of what is varied as the study has it. */
  readonly loadS: number;
  readonly resolution: number;
  readonly rows: readonly { readonly vary: Varied }[];
  /** The row that today's load time recommends, and whose breaks are looked for. */
  readonly recommended: number;
  readonly points: readonly {
    readonly loadS: number;
    readonly recommended: CliffPoint;
    /** The cheapest that meets the objectives; null where none does. */
    readonly cheapest: (CliffPoint & { readonly row: number }) | null;
  }[];
  readonly breaks: readonly CliffBreak[];
  /** Empty where there are no objectives. */
  readonly stretches: readonly CliffStretch[];
  /** What a second less is worth with the recommended row as it is. */
  readonly secondSaved: {
    readonly fromS: number;
    readonly toS: number;
    readonly usdPerMonth: Figure;
    readonly ci95UsdPerMonth: Interval | null;
    readonly p99S: Figure;
  } | null;
  /** What shorter load times are worth where a cheaper row may then be taken, the nearest first. */
  readonly cheaperRows: readonly {
    readonly loadS: number;
    readonly row: number;
    readonly usdPerMonth: Figure;
    readonly savedUsdPerMonth: Figure;
    readonly savedUsdPerMonthPerSecond: Figure;
  }[];
  readonly intervalKind: IntervalKind | null;
  readonly intervalWhy: string | null;
}
