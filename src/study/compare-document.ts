/**
 * What `compare --json` prints: configurations on the same traffic and under the same luck, the conclusion first. Keys may be
 * added, none renamed; units are in the names.
 */
import type {
  CliffDocument,
  CrossoverDocument,
  NoCurve,
  SensitivityDocument,
} from './curves-document.ts';
import type { Confirmation, Figure, Interval, LeftOut, Result, Varied } from './document.ts';
import type { Json } from './json.ts';

/** What a row is there for. The perfect scaler is no configuration: it stands in `perfectScaler`. */
export type ReferenceKind =
  | 'today'
  | 'min 0'
  | 'platform defaults'
  | 'all warm'
  | 'all dedicated'
  | 'hybrid';

/** Who pays for idleness: replicas by use, a fleet around the clock, a baseline with overflow, or tokens by the piece. */
export type DeploymentKind = 'serverless' | 'dedicated' | 'hybrid' | 'api';

/** Why a row looks better, or surer, than it is; `limit`: worse. */
export interface Caveat {
  readonly code: 'slots' | 'speed' | 'limit' | 'bill' | 'grade' | 'api' | 'price';
  readonly text: string;
}

/** A row less the base row: below 0 is cheaper, faster, rarer. */
export interface Difference {
  readonly value: Figure;
  /** Over replications, paired; null where no luck is drawn, or there is one replication. */
  readonly ci95: Interval | null;
  /** Over blocks of the trace, paired; null where nothing is replayed, and for quantiles. */
  readonly ci95Traffic: Interval | null;
  /** Whether fewer than ten blocks saw what the figure counts. */
  readonly lowConfidence: boolean;
}

/** By the path of the figure: `cost.usdPerHour`, `latencyS.p99`, `slo.objectives.0.share`. */
export type Differences = Readonly<Record<string, Difference>>;

export interface CompareRow {
  /** Its place in `rows`. */
  readonly index: number;
  /** In words, where `vary` would not do: `all dedicated: 4 replicas`; null: named by what varies. */
  readonly label: string | null;
  readonly vary: Varied;
  /** By their ids; null where there is none, or where pools have their own. */
  readonly platform: string | null;
  readonly gpu: string | null;
  /** Empty: a row that was asked for and nothing else. */
  readonly references: readonly ReferenceKind[];
  /** Whether it may be recommended: rows of the study, and today's. */
  readonly candidate: boolean;
  readonly kind: DeploymentKind;
  readonly result: Result;
  /** Against the base row; null at the base row itself. */
  readonly differences: Differences | null;
  readonly caveats: readonly Caveat[];
}

/** A reference row that could not be made. */
export interface ReferenceLeftOut {
  readonly reference: ReferenceKind | 'perfect scaler';
  readonly reason: string;
}

/** One key of today's configuration and what it should be. */
export interface Change {
  readonly path: string;
  readonly from: Json;
  readonly to: Json;
}

/** A candidate that costs less than the recommended one, and why it is not it. */
export interface Refusal {
  readonly index: number;
  /** In words: `latencyS.p99 <= 5: 7.20 s, 2.20 s too slow`. */
  readonly why: readonly string[];
}

export type Verdict = 'change' | 'keep' | 'choose' | 'none' | 'unasked';

export interface Conclusion {
  /**
   * change: today's -> recommended; keep: today's is it; choose: nothing runs today; none: no candidate meets the objectives;
   * unasked: there are no objectives.
   */
  readonly verdict: Verdict;
  readonly recommended: number | null;
  /** Key by key, today's -> recommended; empty unless the verdict is change. */
  readonly changes: readonly Change[];
  /** Recommended less today's; null without either. */
  readonly differences: Differences | null;
  readonly refused: readonly Refusal[];
  /** Reference rows that meet all objectives for less than the recommended one: worth a look. */
  readonly cheaperReferences: readonly number[];
  /** On fresh luck, in the order of trial; null where there are no objectives or nothing is drawn. */
  readonly confirmations: readonly Confirmation[] | null;
}

/** The best row of a kind of deployment. */
export interface KindRow {
  readonly kind: DeploymentKind;
  readonly index: number;
  /** Its cost less that of the cheapest kind, an hour; null at that one. */
  readonly difference: Difference | null;
}

/** Serverless, dedicated or hybrid: the cheapest row of each kind that meets the objectives, cheapest first. */
export interface KindVerdict {
  readonly rows: readonly KindRow[];
  /** Whether the interval of the second's difference lies above 0; null where there is none. */
  readonly sure: boolean | null;
}

/** A perfect scaler, which knows the future: what it would cost at least. */
export interface PerfectScaler {
  /** Work alone, and work that nobody waits for; null says why below. */
  readonly workUsdPerHour: Figure;
  readonly nobodyWaitsUsdPerHour: Figure;
  readonly why: string | null;
}

/** One disputed figure of the winner's platform, taken at another value that sources give. */
export interface Disputed {
  readonly path: string;
  readonly value: Json;
  /** The candidate that would be recommended then; null: none. */
  readonly recommended: number | null;
  readonly holds: boolean;
  /** Of the recommended row under this value. */
  readonly usdPerHour: Figure;
}

export interface Gate {
  /** `cost.usdPerMonth <= 2500` */
  readonly gate: string;
  readonly value: Figure;
  readonly holds: boolean;
}

/** What continuous integration looks at: the proposal's row, else today's, else the recommended. */
export interface GateVerdict {
  readonly index: number | null;
  /** All objectives and gates hold. */
  readonly passes: boolean;
  readonly gates: readonly Gate[];
}

export interface CompareDocument {
  readonly schema: 'coldfront.compare.v1';
  readonly name: string;
  readonly conclusion: Conclusion;
  /** Which row the differences are against: today's, else the recommended, else the cheapest. */
  readonly base: number;
  /** Those that were asked for in their order, then the reference rows. */
  readonly rows: readonly CompareRow[];
  /** Rows that cannot be: a platform lacks what they name. */
  readonly leftOut: readonly LeftOut[];
  readonly referencesLeftOut: readonly ReferenceLeftOut[];
  readonly kinds: KindVerdict;
  readonly perfectScaler: PerfectScaler | null;
  /** null: not asked, or nothing of the winner's platform is disputed. */
  readonly disputed: readonly Disputed[] | null;
  readonly gate: GateVerdict;
  readonly notes: readonly string[];
  readonly crossover?: CrossoverDocument | NoCurve;
  readonly sensitivity?: SensitivityDocument | NoCurve;
  readonly cliff?: CliffDocument | NoCurve;
  readonly schedule?: ScheduleProposal | { readonly why: string };
}

export interface ScheduleRow {
  /** In words: `constant minimum 3`, `hours at the 95th percentile of need`. */
  readonly label: string;
  readonly min: Json;
  readonly result: Result;
}

/** Keep-warm hours by weekday, and the constant minimum that meets the same objectives. */
export interface ScheduleProposal {
  /** What the hours were read from: every day alike, workdays and weekends, or each weekday. */
  readonly grain: 'day' | 'workday' | 'weekday';
  readonly days: number;
  readonly timeZone: string;
  /** The share of each hour's time for which the count is enough without waiting. */
  readonly percentile: number;
  readonly proposed: ScheduleRow;
  /** null: no constant minimum meets the objectives. */
  readonly constant: ScheduleRow | null;
  /** Proposed less constant. */
  readonly difference: Difference | null;
  /** A block of `deployment:` to paste. */
  readonly yaml: string;
  readonly notes: readonly string[];
}
