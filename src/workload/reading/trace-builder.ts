/** Rows in, trace out: takes those that are wanted, works out arrivals, counts, sorts by arrival. */

import { grouped } from '../../base/counts.ts';
import { UserError } from '../../base/errors.ts';
import { type LocalClock, localClock } from '../../base/local-clock.ts';
import { streamOf } from '../../base/random.ts';
import { LONGEST_US, US_PER_H, US_PER_MS, US_PER_S } from '../../base/units.ts';
import {
  GrowingColumn,
  integerColumn,
  integers,
  realColumn,
  reals,
  sortedOrder,
} from '../columns.ts';
import { compileEndpointRule } from '../endpoint-rule.ts';
import type { ReadOptions } from '../read-options.ts';
import { type LineReader, type Row, utf8Of, WHOLE_SECONDS } from '../readers/line-reader.ts';
import type { Trace, TraceReport } from '../trace.ts';
import { compileWhere } from '../where.ts';

/** From here on a request was refused or it failed: how long it took says nothing of how long it needs. */
const FIRST_FAILED_STATUS = 400;
/** What is beyond it is no status of HTTP, so that the line has none. */
const LAST_STATUS = 999;
/** 142 years: a sum of two such times is still exact. */
const LATEST_US = Number.MAX_SAFE_INTEGER / 2;
/** More distinct names are one: a field of request ids must not fill the memory. */
const MOST_ENDPOINTS = 2 ** 16;
const OTHER_ENDPOINTS = '(other)';
/** Of a line that names none, in a log whose other lines do. */
const UNNAMED = '(none)';

export class TraceBuilder {
  /** Requests taken. */
  count = 0;
  readonly #options: ReadOptions;
  readonly #shared: boolean;
  readonly #takes: ((row: Row) => boolean) | null;
  readonly #clock: LocalClock | null;
  readonly #endpointOf: ((row: Row) => string | null) | null;
  readonly #arrival = new GrowingColumn(reals);
  readonly #service = new OptionalColumn(reals, Number.NaN);
  readonly #input = new OptionalColumn(reals, 0);
  readonly #cached = new OptionalColumn(reals, 0);
  readonly #output = new OptionalColumn(reals, 0);
  readonly #status = new OptionalColumn(integers, 0);
  readonly #endpoint = new OptionalColumn(integers, 0);
  readonly #endpoints = new Map<string, number>();
  #beyondMost = 0;
  #leftOut = 0;
  #known = 0;
  #zoneMin = Number.NaN;
  #withoutZone = 0;
  #latestUs = Number.NEGATIVE_INFINITY;
  #reordered = 0;
  #resolutionUs = US_PER_S;

  constructor(options: ReadOptions, shared: boolean) {
    this.#options = options;
    this.#shared = shared;
    this.#takes = compileWhere(options.where);
    this.#clock = options.timeZone === null ? null : localClock(options.timeZone);
    this.#endpointOf = options.endpoint === null ? null : compileEndpointRule(options.endpoint);
  }

  /** Requests seen, those that `where` left out too. */
  get read(): number {
    return this.count + this.#leftOut;
  }

  /** Requests in the order of another file do not count as out of order. */
  nextFile(): void {
    this.#latestUs = Number.NEGATIVE_INFINITY;
  }

  /** @returns the reason if the row is no request that can be */
  add(row: Row, { epoch }: Pick<LineReader, 'epoch'>, stampedAt: 'start' | 'end'): string | null {
    const { serviceUs } = row;
    const timed = !Number.isNaN(serviceUs);
    if (timed && !(serviceUs >= 0 && serviceUs <= LONGEST_US)) {
      return `a duration of ${serviceUs / US_PER_S} s: it must be 0 s .. 10 years`;
    }
    if (row.cachedTokens > (row.inputTokens || 0)) {
      return `more cached tokens (${row.cachedTokens}) than input tokens (${row.inputTokens || 0})`;
    }
    if (Number.isNaN(row.zoneMin)) {
      if (epoch) this.#withoutZone++;
      if (epoch && this.#clock !== null) toUtc(row, this.#clock);
    } else if (Number.isNaN(this.#zoneMin)) this.#zoneMin = row.zoneMin;
    if (this.#endpointOf !== null) row.endpoint = this.#endpointOf(row);
    if (this.#takes !== null && !this.#takes(row)) {
      this.#leftOut++;
      return null;
    }
    const { stampUs } = row;
    let arrivalUs = this.#options.stampedAt === null ? row.startUs : Number.NaN;
    if (Number.isNaN(arrivalUs)) {
      arrivalUs = stampedAt === 'end' && timed ? stampUs - serviceUs : stampUs;
    }
    if (!(Math.abs(stampUs) <= LATEST_US && Math.abs(arrivalUs) <= LATEST_US)) {
      return 'its time is too far from 1970 to be told to the microsecond';
    }
    if (stampUs < this.#latestUs) this.#reordered++;
    else this.#latestUs = stampUs;
    while (
      this.#resolutionUs > 1 &&
      stampUs / this.#resolutionUs !== Math.floor(stampUs / this.#resolutionUs)
    ) {
      this.#resolutionUs /= US_PER_MS;
    }
    const at = this.count++;
    this.#arrival.push(arrivalUs);
    const status = row.status >= 0 && row.status <= LAST_STATUS ? row.status : 0;
    if (timed && status < FIRST_FAILED_STATUS) {
      this.#known++;
      this.#service.set(at, serviceUs);
    }
    if (!Number.isNaN(row.inputTokens)) this.#input.set(at, row.inputTokens);
    if (!Number.isNaN(row.cachedTokens)) this.#cached.set(at, row.cachedTokens);
    if (!Number.isNaN(row.outputTokens)) this.#output.set(at, row.outputTokens);
    if (!Number.isNaN(row.status)) this.#status.set(at, status);
    if (row.endpoint || this.#endpoints.size > 0) {
      this.#endpoint.set(at, this.#endpointIndex(row.endpoint || UNNAMED));
    }
    return null;
  }

  #endpointIndex(name: string): number {
    const index = this.#endpoints.get(name);
    if (index !== undefined) return index;
    // Requests before the first that names an endpoint are of the one without a name.
    if (this.#endpoints.size === 0 && this.count > 1) this.#endpoints.set(UNNAMED, 0);
    if (this.#endpoints.size < MOST_ENDPOINTS || name === OTHER_ENDPOINTS) {
      this.#endpoints.set(name, this.#endpoints.size);
      return this.#endpoints.size - 1;
    }
    this.#beyondMost++;
    return this.#endpointIndex(OTHER_ENDPOINTS);
  }

  /** @throws UserError if no request was taken */
  build(
    reader: Pick<LineReader, 'epoch' | 'facts' | 'intervalUs'>,
    report: Pick<TraceReport, 'name' | 'why' | 'lines' | 'others' | 'skipped' | 'stampedAt'>,
  ): Trace {
    const { count } = this;
    const shared = this.#shared;
    const facts = reader.facts();
    const { epoch } = reader;
    if (count === 0) throw nothingTaken(report.name, this.#leftOut);
    let arrivalUs = this.#arrival.moveTo(realColumn(count, shared), null);
    const spread = reader.intervalUs === undefined ? this.#spread(arrivalUs) : [];
    const order = sortedOrder(arrivalUs, count);
    if (order !== null) {
      const inFileOrder = arrivalUs;
      arrivalUs = realColumn(count, shared);
      for (let i = 0; i < count; i++) arrivalUs[i] = inFileOrder[order[i]!]!;
    }
    const firstAtUs = epoch ? arrivalUs[0]! : null;
    const beforeZeroUs = Math.max(0, -arrivalUs[0]!);
    const zeroUs = firstAtUs ?? -beforeZeroUs;
    if (zeroUs !== 0) for (let i = 0; i < count; i++) arrivalUs[i]! -= zeroUs;
    const real = () => realColumn(count, shared);
    const integer = () => integerColumn(count, shared);
    return {
      count,
      arrivalUs,
      serviceUs: this.#service.take(count, real, order),
      inputTokens: this.#input.take(count, real, order),
      cachedTokens: this.#cached.take(count, real, order),
      outputTokens: this.#output.take(count, real, order),
      endpoint: this.#endpoint.take(count, integer, order),
      endpointNames: [...this.#endpoints.keys()].map(utf8Of),
      status: this.#status.take(count, integer, order),
      firstAtUs,
      zoneOffsetMin: Number.isNaN(this.#zoneMin) ? null : this.#zoneMin,
      period: { fromUs: arrivalUs[0]!, toUs: arrivalUs[count - 1]! },
      report: {
        ...report,
        format: facts.format,
        requests: count,
        // A table of counts goes through all intervals with each row.
        reordered: reader.intervalUs === undefined ? this.#reordered : 0,
        leftOut: this.#leftOut,
        missing: this.#known === 0 ? 0 : count - this.#known,
        resolutionUs: reader.intervalUs ?? this.#resolutionUs,
        shaping: spread,
        durations: this.#known === 0 ? null : facts.durations,
        warnings: [
          ...facts.warnings.filter(
            (said) => spread.length === 0 || !said.startsWith(WHOLE_SECONDS),
          ),
          ...this.#zoneWarnings(),
          ...this.#endpointWarnings(),
          ...aroundZero(firstAtUs, beforeZeroUs, arrivalUs),
        ],
      },
    };
  }

  /** Moves each arrival by a draw within the resolution of the stamps, in the order of the file. */
  #spread(arrivalUs: Float64Array): string[] {
    const { spreadSeed } = this.#options;
    const resolutionUs = this.#resolutionUs;
    if (spreadSeed === null || resolutionUs === 1) return [];
    const uniforms = streamOf(spreadSeed, 0, 'spread');
    for (let i = 0; i < arrivalUs.length; i++) {
      arrivalUs[i]! += Math.floor(uniforms.next() * resolutionUs);
    }
    const step = resolutionUs === US_PER_S ? 'second' : 'millisecond';
    return [`spread: each stamp moved at random within its ${step}, seed ${spreadSeed}`];
  }

  #zoneWarnings(): string[] {
    if (this.#withoutZone === 0) return [];
    const clock = this.#clock;
    if (clock === null) {
      return ['stamps without a time zone are taken as UTC: `timeZone: Europe/Berlin`, say'];
    }
    return clock.notes();
  }

  #endpointWarnings(): string[] {
    if (this.#beyondMost === 0) return [];
    const most = grouped(MOST_ENDPOINTS);
    return [
      `more than ${most} endpoints: those of ${grouped(this.#beyondMost)} requests are taken together as ${OTHER_ENDPOINTS}`,
    ];
  }
}

/** A column that is there if any row has it; rows without are `missing`. */
class OptionalColumn<Of extends Float64Array | Int32Array> {
  readonly #make: (rows: number) => Of;
  readonly #missing: number;
  #column: GrowingColumn<Of> | null = null;
  #length = 0;

  constructor(make: (rows: number) => Of, missing: number) {
    this.#make = make;
    this.#missing = missing;
  }

  set(row: number, value: number): void {
    this.#column ??= new GrowingColumn(this.#make);
    this.#fill(this.#column, row);
    this.#column.push(value);
    this.#length++;
  }

  take(count: number, make: () => Of, order: Uint32Array | null): Of | null {
    if (this.#column === null) return null;
    this.#fill(this.#column, count);
    return this.#column.moveTo(make(), order);
  }

  #fill(column: GrowingColumn<Of>, upTo: number): void {
    for (; this.#length < upTo; this.#length++) column.push(this.#missing);
  }
}

/** The stamp, and with it the start, from local time. */
function toUtc(row: Row, clock: LocalClock): void {
  const us = clock.toUtcUs(row.stampUs);
  row.startUs += us - row.stampUs;
  row.stampUs = us;
}

/** A clock that began long before the trace is no zero: whoever keeps replicas warm from time 0 pays for the gap. */
function aroundZero(
  firstAtUs: number | null,
  beforeZeroUs: number,
  arrivalUs: Float64Array,
): string[] {
  if (firstAtUs !== null) return [];
  if (beforeZeroUs > 0) {
    const seconds = beforeZeroUs / US_PER_S;
    return [`the first request arrived ${seconds} s before time 0: all were moved by that`];
  }
  const spanUs = arrivalUs.at(-1)! - arrivalUs[0]!;
  if (arrivalUs[0]! <= Math.max(US_PER_H, spanUs)) return [];
  const seconds = grouped(Math.floor(arrivalUs[0]! / US_PER_S));
  return [
    `the first request arrives ${seconds} s after time 0: are these times of some other clock?`,
  ];
}

function nothingTaken(name: string, leftOut: number): UserError {
  const message = `holds no request that \`where\` takes: all ${grouped(leftOut)} were left out`;
  return new UserError([{ at: name, path: null, message }]);
}
