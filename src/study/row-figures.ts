/**
 * What is compared of every row of a grid: a few figures, kept as columns, so that a hundred thousand rows cost some
 * megabytes. A `Result` has them all; screens, fronts and charts ask for no more.
 */
import type { Figure, Result, SweepDocument, Varied } from './document.ts';
import { Numbering } from './group.ts';
import type { Refused } from './optimize-document.ts';

/** A row by itself: every result is one. */
export interface RowFigures {
  readonly vary: Varied;
  readonly replications: number;
  readonly provedEqualTo: number | null;
  readonly requests: { readonly failedFraction: Figure };
  readonly coldStarts: { readonly fraction: Figure };
  readonly latencyS: Readonly<Record<'p50' | 'p95' | 'p99' | 'p999', Figure>>;
  readonly waitS: { readonly p99: Figure };
  readonly replicas: {
    readonly mean: Figure;
    readonly peak: number;
    readonly starts: number;
  };
  readonly replicaTimeS: { readonly total: number };
  readonly utilization: Figure;
  readonly cost: {
    readonly usdPerHour: Figure;
    readonly usdPerMonth: Figure;
    readonly usdPerThousandRequests: Figure;
  } | null;
  /** As a `Result` has it. */
  readonly usdPerMonthWholeWeeks?: number | undefined;
  readonly slo: {
    readonly met: boolean;
    readonly failed: readonly string[];
    readonly objectives: readonly { readonly objective: string }[];
  } | null;
  readonly warnings: readonly string[];
  readonly ci95: object | null;
  readonly ci95Why: string | null;
}

/** A sweep's document with the figures of its rows in place of their results: every document is one. */
export interface SweepSummary extends Omit<SweepDocument, 'results'> {
  readonly results: readonly RowFigures[];
  /** Only where the rows are those of a comparison or a search. */
  readonly found?: FoundRows;
}

/** What a comparison or a search knows of its rows and a sweep does not. */
export interface FoundRows {
  /** What each row is called; null: by what varies. */
  readonly names: readonly string[] | null;
  /** Rows that nobody asked for, never the answer: indexes. */
  readonly references: readonly number[];
  /** Those among them that meet all objectives for less than the answer. */
  readonly cheaperReferences: readonly number[];
  /** All that could be chosen from; the rows are those worth telling. */
  readonly configurations: number;
  /** In words: what makes the answer certain, or what is missing; null where it was not asked. */
  readonly certainty: string | null;
  /** Cheaper than the answer, and no rows: some were never run whole. */
  readonly refused: readonly Refused[];
}

/** A sweep whose results may lie on a disk, and are read one by one. */
export interface Swept extends SweepSummary {
  readonly resultAt: (index: number) => Result;
}

type NumberOf = (row: RowFigures) => Figure;

/** NaN stands for null: no figure is NaN. */
const NUMBERS = {
  usdPerHour: ({ cost }) => cost?.usdPerHour ?? null,
  usdPerMonth: ({ cost }) => cost?.usdPerMonth ?? null,
  usdPerMonthWholeWeeks: ({ usdPerMonthWholeWeeks }) => usdPerMonthWholeWeeks ?? null,
  usdPerThousandRequests: ({ cost }) => cost?.usdPerThousandRequests ?? null,
  p50: ({ latencyS }) => latencyS.p50,
  p95: ({ latencyS }) => latencyS.p95,
  p99: ({ latencyS }) => latencyS.p99,
  p999: ({ latencyS }) => latencyS.p999,
  waitP99: ({ waitS }) => waitS.p99,
  coldFraction: ({ coldStarts }) => coldStarts.fraction,
  failedFraction: ({ requests }) => requests.failedFraction,
  meanReplicas: ({ replicas }) => replicas.mean,
  peakReplicas: ({ replicas }) => replicas.peak,
  starts: ({ replicas }) => replicas.starts,
  replicaS: ({ replicaTimeS }) => replicaTimeS.total,
  utilization: ({ utilization }) => utilization,
  replications: ({ replications }) => replications,
} as const satisfies Record<string, NumberOf>;

type NumberName = keyof typeof NUMBERS;
const NAMES = Object.keys(NUMBERS) as readonly NumberName[];

/** What many rows have in common is kept once, and each row has its number. */
export class Shared<Value> {
  readonly #numbers = new Numbering<string>();
  readonly #values: Value[] = [];

  numberOf(value: Value): number {
    const number = this.#numbers.of(JSON.stringify(value));
    if (number === this.#values.length) this.#values.push(value);
    return number;
  }

  at(number: number): Value {
    return this.#values[number]!;
  }
}

interface Common extends Pick<RowFigures, 'slo' | 'warnings' | 'ci95Why'> {
  readonly hasCost: boolean;
  readonly hasIntervals: boolean;
}

const NOT_PROVED = -1;

export class RowTable {
  readonly rows: readonly RowFigures[];
  readonly #numbers: Readonly<Record<NumberName, Float64Array>>;
  readonly #provedEqualTo: Int32Array;
  readonly #common: Int32Array;
  readonly #shared = new Shared<Common>();
  readonly #varyOf: (index: number) => Varied;

  constructor(count: number, varyOf: (index: number) => Varied) {
    const columns = NAMES.map((name) => [name, new Float64Array(count)] as const);
    this.#numbers = Object.fromEntries(columns) as Record<NumberName, Float64Array>;
    this.#provedEqualTo = new Int32Array(count);
    this.#common = new Int32Array(count);
    this.#varyOf = varyOf;
    this.rows = Array.from({ length: count }, (_, index) => new Row(this, index));
  }

  take(index: number, row: RowFigures): void {
    for (const name of NAMES) this.#numbers[name][index] = NUMBERS[name](row) ?? Number.NaN;
    this.#provedEqualTo[index] = row.provedEqualTo ?? NOT_PROVED;
    const { slo, warnings, ci95, ci95Why, cost } = row;
    this.#common[index] = this.#shared.numberOf({
      slo: slo && {
        met: slo.met,
        failed: slo.failed,
        objectives: slo.objectives.map(({ objective }) => ({ objective })),
      },
      warnings,
      ci95Why,
      hasCost: cost !== null,
      hasIntervals: ci95 !== null,
    });
  }

  /** A row as another, but for what it has of its own. */
  copy(
    from: number,
    to: number,
    own: Pick<RowFigures, 'warnings'> & { readonly provedEqualTo: number },
  ): void {
    for (const name of NAMES) this.#numbers[name][to] = this.#numbers[name][from]!;
    this.#provedEqualTo[to] = own.provedEqualTo;
    this.#common[to] = this.#shared.numberOf({ ...this.common(from), warnings: own.warnings });
  }

  number(name: NumberName, index: number): Figure {
    const value = this.#numbers[name][index]!;
    return Number.isNaN(value) ? null : value;
  }

  common(index: number): Common {
    return this.#shared.at(this.#common[index]!);
  }

  provedEqualTo(index: number): number | null {
    const other = this.#provedEqualTo[index]!;
    return other === NOT_PROVED ? null : other;
  }

  vary(index: number): Varied {
    return this.#varyOf(index);
  }
}

/** A place in the table. */
class Row implements RowFigures {
  readonly #table: RowTable;
  readonly #index: number;

  constructor(table: RowTable, index: number) {
    this.#table = table;
    this.#index = index;
  }

  #figure(name: NumberName): Figure {
    return this.#table.number(name, this.#index);
  }

  #number(name: NumberName): number {
    return this.#figure(name) ?? 0;
  }

  get vary(): Varied {
    return this.#table.vary(this.#index);
  }

  get replications(): number {
    return this.#number('replications');
  }

  get provedEqualTo(): number | null {
    return this.#table.provedEqualTo(this.#index);
  }

  get requests(): RowFigures['requests'] {
    return { failedFraction: this.#figure('failedFraction') };
  }

  get coldStarts(): RowFigures['coldStarts'] {
    return { fraction: this.#figure('coldFraction') };
  }

  get latencyS(): RowFigures['latencyS'] {
    return {
      p50: this.#figure('p50'),
      p95: this.#figure('p95'),
      p99: this.#figure('p99'),
      p999: this.#figure('p999'),
    };
  }

  get waitS(): RowFigures['waitS'] {
    return { p99: this.#figure('waitP99') };
  }

  get replicas(): RowFigures['replicas'] {
    return {
      mean: this.#figure('meanReplicas'),
      peak: this.#number('peakReplicas'),
      starts: this.#number('starts'),
    };
  }

  get replicaTimeS(): RowFigures['replicaTimeS'] {
    return { total: this.#number('replicaS') };
  }

  get utilization(): Figure {
    return this.#figure('utilization');
  }

  get cost(): RowFigures['cost'] {
    if (!this.#table.common(this.#index).hasCost) return null;
    return {
      usdPerHour: this.#figure('usdPerHour'),
      usdPerMonth: this.#figure('usdPerMonth'),
      usdPerThousandRequests: this.#figure('usdPerThousandRequests'),
    };
  }

  get usdPerMonthWholeWeeks(): number | undefined {
    return this.#figure('usdPerMonthWholeWeeks') ?? undefined;
  }

  get slo(): RowFigures['slo'] {
    return this.#table.common(this.#index).slo;
  }

  get warnings(): readonly string[] {
    return this.#table.common(this.#index).warnings;
  }

  get ci95(): object | null {
    return this.#table.common(this.#index).hasIntervals ? {} : null;
  }

  get ci95Why(): string | null {
    return this.#table.common(this.#index).ci95Why;
  }
}
