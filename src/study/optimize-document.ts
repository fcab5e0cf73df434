/** The JSON of `coldfront optimize`: these keys, in this order, are a contract. Keys may be added, none renamed. */
import type { Confirmation, Figure, Result, Varied } from './document.ts';
import type { GridEnd } from './grid-ends.ts';

/** How it is known that a configuration will not do. */
export type RefusedHow =
  /** Run whole. */
  | 'run'
  /** Its beginning has broken an objective already, whatever comes after. */
  | 'beginning'
  /** Met the objectives, and gave way on fresh luck. */
  | 'confirmation'
  /** No run: one that keeps no less warm breaks it. */
  | 'order';

/** A configuration that is or may be cheaper than the answer, and will not do: one or two for each way to differ from it. */
export interface Refused {
  readonly vary: Varied;
  /** null where it was not run whole, or has no price. */
  readonly usdPerHour: Figure;
  /** null where it was not run whole. */
  readonly p99S: Figure;
  readonly meanReplicas: Figure;
  /** The objectives that it breaks, as they are written; those that are known. */
  readonly breaks: readonly string[];
  readonly how: RefusedHow;
}

/** Work in full-run equivalents: a beginning of a tenth counts a tenth. */
export interface OptimizeWork {
  readonly search: number;
  readonly confirmation: number;
  readonly headroom: number;
}

/** How far one thing may grow before an objective breaks. */
export interface HeadroomAxis {
  readonly lever: 'traffic' | 'load' | 'service';
  /**
   * Every objective holds at it, and at each smaller factor that was tried; null where there is nothing to scale: `why`.
   * At 10 the search for more ends.
   */
  readonly factor: Figure;
  /** The least factor at which one broke, within 1 % of `factor`; null where none did: `factor` is then a lower bound. */
  readonly breaksAt: Figure;
  /** What breaks there. */
  readonly breaks: readonly string[];
  /** Seconds of a mean start or service at `factor`; null for traffic. */
  readonly meanS: Figure;
  readonly why: string | null;
}

export interface Headroom {
  readonly vary: Varied;
  readonly axes: readonly HeadroomAxis[];
}

export interface OptimizeDocument {
  readonly schema: 'coldfront.optimize.v1';
  readonly name: string;
  /** The cheapest that meets every objective, as far as is known; null where none does. */
  readonly best: Result | null;
  /** The next cheapest of those that were run whole and meet every objective. */
  readonly runnersUp: readonly Result[];
  readonly refused: readonly Refused[];
  /** Where nothing meets the objectives: what comes nearest. */
  readonly nearest: Result | null;
  /** What runs today, if the study says so. */
  readonly current: Result | null;
  /** Search and confirmation, in full-run equivalents. */
  readonly runs: number;
  readonly work: OptimizeWork;
  /** All that could be chosen from; a sweep would run them all. */
  readonly configurations: number;
  /** Whether nothing can meet the objectives and be more than 1 % cheaper, and the answer holds on fresh luck. */
  readonly certain: boolean;
  /** In words: what makes it certain, or what is missing. */
  readonly why: string;
  /** In the order of trial; null where nothing is drawn. */
  readonly confirmations: readonly Confirmation[] | null;
  /** Of the answer, the first runner-up and those within 1 % of the answer's cost; empty where it was not asked for. */
  readonly headroom: readonly Headroom[];
  /** The place in `runnersUp` of the cheapest within 1 % that holds for clearly more than the answer; null: none, or not asked. */
  readonly roomier: number | null;
  /** Keys whose value in the answer is the smallest or largest that was tried. */
  readonly ends: readonly GridEnd[];
}
