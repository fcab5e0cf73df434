/**
 * What a page is made of: plain data, as compact as a grid of 100,000 rows asks for. Columns of key figures for every row,
 * whole results for the few that matter. The page and single pictures are drawn from this and nothing else.
 */
import type { Advice, CurvesS, Figure, Result, TimelineS } from '../../study/document.ts';
import type { Further } from './further.ts';
import type { HoursOfDay } from './hours-of-day.ts';

export interface PageDocument {
  readonly schema: 'coldfront.report.v1';
  readonly name: string;
  readonly conclusion: Conclusion;
  readonly grid: Grid;
  /** Indexes of the grid. */
  readonly marks: Marks;
  /** Dollars an hour, or mean replicas where nothing has a price. */
  readonly costBy: 'usdPerHour' | 'mean';
  /** The objective on p99 latency, if there is one, in seconds. */
  readonly p99LimitS: number | null;
  readonly focus: readonly FocusRow[];
  /** What time 0 is by the log's own clock, in milliseconds as if it were UTC; null for relative times. */
  readonly clockAtMs: number | null;
  /** Whose clock that is. */
  readonly timeZone: string | null;
  /** Panels that are not there, each with the reason. */
  readonly missing: readonly { readonly panel: string; readonly why: string }[];
  readonly further: Further;
  readonly warnings: readonly string[];
  readonly leftOut: readonly { readonly row: string; readonly reason: string }[];
  readonly basis: Basis;
}

export interface Conclusion {
  readonly tone: 'good' | 'bad' | 'plain';
  readonly headline: string;
  readonly sentences: readonly string[];
  /** The answer first, then what stands next to it. */
  readonly rows: readonly {
    readonly label: string;
    readonly index: number;
    /** Against the answer: `+10 %`. */
    readonly change: string | null;
    readonly breaks: readonly string[];
  }[];
  /** Cheaper than the answer, and refused without being a row of the grid. */
  readonly refused: readonly {
    readonly row: string;
    readonly usdPerHour: Figure;
    readonly change: string | null;
    readonly breaks: readonly string[];
  }[];
  /** Key by key from what runs today to the answer; only where they differ. */
  readonly changes: readonly { readonly key: string; readonly from: string; readonly to: string }[];
}

export interface Grid {
  readonly rows: number;
  /** What each row is called; null: by its values on the axes. */
  readonly names: readonly string[] | null;
  /** Whether the rows are the few that a search found worth telling. */
  readonly isSearched: boolean;
  readonly axes: readonly Axis[];
  /** By the id of a key figure, a value a row. */
  readonly figures: Readonly<Record<string, readonly Figure[]>>;
  /** 1 met, 0 broken; null without objectives. */
  readonly met: readonly (0 | 1)[] | null;
  /** Row to the row that was run in its stead. */
  readonly proved: Readonly<Record<number, number>>;
  readonly objectives: readonly string[];
}

export interface Axis {
  readonly path: string;
  readonly word: string;
  /** As one reads them, in ascending order where they are quantities, else as the grid has them. */
  readonly values: readonly string[];
  /** A row's value among them; -1 at a reference row, which stands on no axis. */
  readonly at: readonly number[];
}

export interface Marks {
  readonly best: number | null;
  readonly current: number | null;
  readonly front: readonly number[];
}

/** A configuration of which all is known. */
export interface FocusRow {
  readonly index: number;
  readonly settings: readonly (readonly [key: string, value: string])[];
  readonly result: Omit<
    Result,
    'timeline' | 'curves' | 'hours' | 'advice' | 'warnings' | 'engine' | 'vary'
  >;
  readonly advice: readonly Advice[];
  readonly timeline: TimelineS | null;
  readonly curves: CurvesS | null;
  readonly byHour: HoursOfDay | null;
  readonly money: readonly MoneyPart[];
}

export interface MoneyPart {
  readonly kind: 'busy' | 'kept' | 'idle' | 'starting' | 'draining' | 'other';
  readonly label: string;
  /** Of the whole run. */
  readonly usd: number;
}

/** What a reader checks before believing the rest. */
export interface Basis {
  readonly madeOn: string;
  readonly versions: readonly string[];
  /** As one types them. */
  readonly commands: readonly { readonly made: string; readonly command: string }[];
  readonly seed: string;
  readonly replications: number;
  readonly intervals: string | null;
  readonly traffic: readonly string[];
  readonly prices: readonly string[];
  readonly sources: readonly Source[];
  /** The study as a file; null where it is not known. */
  readonly study: string | null;
}

export interface Source {
  readonly owner: string;
  readonly path: string;
  readonly value: string;
  readonly source: string;
  readonly date: string;
  readonly grade: string;
  readonly note: string | null;
  readonly isStale: boolean;
}
