/** The fields of a record, once it is known which is which, as a request. */

import { grouped } from '../../../base/counts.ts';
import { assert } from '../../../base/errors.ts';
import { LONGEST_US, US_PER_S } from '../../../base/units.ts';
import { readDecimal, readSpan, Stamp } from '../../stamps.ts';
import { type Outcome, REQUEST, type Row } from '../line-reader.ts';
import type { Cells } from './cells.ts';
import { type Field, type Layout, scaleStamp, tellsArrivals } from './field-layout.ts';
import { TimeColumn } from './time-column.ts';

/** A duration in a column without a unit is in seconds. */
const SECONDS = 6;
const BLANK = 32;
/** What tables write where they have nothing. */
const ABSENT = /^(?:|-|NaN|nan|null|NULL|None|N\/A)$/;

/** What Anthropic's API calls tokens that its own `input_tokens` leave out, and others those that theirs include. */
const APART = /cache_?read_?input_?tokens$/i;

const WENT_WELL = /^(?:success(?:ful)?|succeeded|ok|completed?|done|true)$/i;
const FAILED = /^(?:fail(?:ed|ure)?|error|false|time(?:d_?)?out|cancell?ed|aborted|rejected)$/i;

export class FieldReader {
  readonly stampedAt: 'start' | 'end';
  #layout: Layout;
  readonly #time: TimeColumn;
  #timeField: Field;
  /** The start, where there is an end besides but no duration. */
  readonly #end: TimeColumn | null;
  readonly #texts: boolean;
  readonly #number = new Stamp();
  #rounded = 0;
  #withoutUnit = false;
  #withoutTokens = 0;

  /** @param layout `tellsArrivals` of it holds */
  constructor(layout: Layout, texts: boolean) {
    assert(tellsArrivals(layout), 'a layout without arrivals');
    const { start, end, service } = layout;
    this.#layout = layout;
    this.#timeField = (start ?? end)!;
    this.#time = new TimeColumn(this.#timeField);
    this.#end = start !== null && end !== null && service === null ? new TimeColumn(end) : null;
    this.stampedAt = start === null ? 'end' : 'start';
    this.#texts = texts;
  }

  /** @returns whether the layout has the same columns, wherever they stand: of a further file */
  moveTo(layout: Layout): boolean {
    for (const figure of Object.keys(layout) as (keyof Layout)[]) {
      if (layout[figure]?.name !== this.#layout[figure]?.name) return false;
    }
    this.#layout = layout;
    this.#timeField = (layout.start ?? layout.end)!;
    return true;
  }

  read(cells: Cells, row: Row): Outcome {
    const { service, inputTokens, cachedTokens, outputTokens, endpoint, status } = this.#layout;
    const time = this.#timeField;
    if (!this.#readTime(cells, time, this.#time)) {
      return `\`${time.name}\` is no time: ${cells.textOf(time.index)}`;
    }
    const { stamp } = this.#time;
    row.stampUs = stamp.us;
    row.zoneMin = stamp.zoneMin;
    if (!this.#time.epoch && this.stampedAt === 'start' && row.stampUs < 0) {
      return `the arrival ${cells.textOf(time.index)} is before 0`;
    }
    if (service !== null) {
      const reason = this.#readService(cells, service, row);
      if (reason !== null) return reason;
    } else if (this.#end !== null) {
      const end = this.#layout.end!;
      if (this.#readTime(cells, end, this.#end)) row.serviceUs = this.#end.stamp.us - row.stampUs;
      else if (!ABSENT.test(cells.textOf(end.index))) {
        return `\`${end.name}\` is no time: ${cells.textOf(end.index)}`;
      }
      if (row.serviceUs < 0) return `it ends before it starts: ${cells.textOf(end.index)}`;
    }
    if (inputTokens !== null) {
      row.inputTokens = this.#tokens(cells, inputTokens);
      if (!(row.inputTokens >= 0)) return notTokens(cells, inputTokens);
    }
    if (cachedTokens !== null) {
      row.cachedTokens = this.#tokens(cells, cachedTokens);
      if (!(row.cachedTokens >= 0)) return notTokens(cells, cachedTokens);
    }
    if (outputTokens !== null) {
      row.outputTokens = this.#tokens(cells, outputTokens);
      if (!(row.outputTokens >= 0)) return notTokens(cells, outputTokens);
    }
    if (status !== null) row.status = this.#status(cells, status);
    if (endpoint !== null) row.endpoint = endpointOf(cells.textOf(endpoint.index));
    if (this.#texts) this.#readTexts(cells, row);
    return REQUEST;
  }

  /** Whether times count from 1970. */
  get epoch(): boolean {
    return this.#time.epoch;
  }

  /** In words; null without durations. */
  get durations(): string | null {
    const { service, start, end } = this.#layout;
    if (service !== null) return `the column \`${service.name}\``;
    return this.#end === null ? null : `\`${end!.name}\` - \`${start!.name}\``;
  }

  warnings(): string[] {
    const { service, cachedTokens } = this.#layout;
    const warnings = this.#time.warnings();
    if (cachedTokens !== null && APART.test(cachedTokens.name)) {
      warnings.push(
        `\`${cachedTokens.name}\` is taken as part of the input tokens; Anthropic's API counts it beside them: then add them up first`,
      );
    }
    if (service !== null && service.scale === null && this.#withoutUnit) {
      warnings.push(`\`${service.name}\` names no unit: taken as seconds`);
    }
    if (this.#rounded > 0) {
      const times = grouped(this.#rounded);
      warnings.push(`durations finer than a microsecond were rounded to it: ${times}`);
    }
    if (this.#withoutTokens > 0) {
      const times = grouped(this.#withoutTokens);
      warnings.push(`numbers of tokens that are not there are taken as 0: ${times}`);
    }
    return warnings;
  }

  #readTime({ text, from, to }: Cells, { index }: Field, column: TimeColumn): boolean {
    let first = from[index]!;
    let end = to[index]!;
    while (first < end && text.charCodeAt(first) <= BLANK) first++;
    while (end > first && text.charCodeAt(end - 1) <= BLANK) end--;
    return column.read(text, first, end);
  }

  #readService(cells: Cells, service: Field, row: Row): string | null {
    const { index, factor } = service;
    const plain = this.#readNumber(cells, index, service.scale ?? SECONDS);
    const well = plain || this.#readWithUnit(cells, index);
    if (plain) this.#withoutUnit = true;
    if (plain && factor !== 1) {
      scaleStamp(this.#number, cells.textOf(index), service, service.scale ?? SECONDS);
    }
    row.serviceUs = well ? this.#number.us : Number.NaN;
    if (row.serviceUs >= 0 && row.serviceUs <= LONGEST_US) {
      if (this.#number.rounded) this.#rounded++;
      return null;
    }
    const text = cells.textOf(index);
    // Nothing is said of how long it took: a request that was refused or failed.
    if (!well && ABSENT.test(text)) return null;
    const us = Number(text) * 10 ** (service.scale ?? SECONDS) * factor;
    return us > LONGEST_US
      ? `\`${service.name}\` is too large: ${text}, the limit is 10 years (${(LONGEST_US / US_PER_S).toLocaleString('en-US')} s)`
      : `\`${service.name}\` must be a number of at least 0: ${text}`;
  }

  #readTexts(cells: Cells, row: Row): void {
    const { method, path, host } = this.#layout;
    if (method !== null) row.method = cells.textOf(method.index);
    if (path !== null) row.path = cells.textOf(path.index);
    if (host !== null) row.host = cells.textOf(host.index);
  }

  /** 0 where there is none, as where a request failed, and counted. */
  #tokens(cells: Cells, field: Field): number {
    const tokens = this.#whole(cells, field);
    if (!Number.isNaN(tokens) || !ABSENT.test(cells.textOf(field.index))) return tokens;
    this.#withoutTokens++;
    return 0;
  }

  /** Of HTTP; 200 or 500 for words that say that it went well or not; 0 for what says neither. */
  #status(cells: Cells, status: Field): number {
    const whole = this.#whole(cells, status);
    if (!Number.isNaN(whole)) return whole;
    const text = cells.textOf(status.index);
    if (WENT_WELL.test(text)) return 200;
    if (FAILED.test(text)) return 500;
    return Number(/^[1-5]\d\d\b/.exec(text)?.[0] ?? 0);
  }

  /** NaN unless the field is a whole number. */
  #whole(cells: Cells, { index }: Field): number {
    const well = this.#readNumber(cells, index, 0);
    return well && !this.#number.rounded ? this.#number.us : Number.NaN;
  }

  /** `18ms`, whatever unit its name says. */
  #readWithUnit(cells: Cells, index: number): boolean {
    const span = cells.textOf(index);
    const last = span.charCodeAt(span.length - 1) | 32;
    return last >= 97 && last <= 122 && readSpan(span, this.#number);
  }

  #readNumber({ text, from, to }: Cells, index: number, scale: number): boolean {
    let first = from[index]!;
    let end = to[index]!;
    while (first < end && text.charCodeAt(first) <= BLANK) first++;
    while (end > first && text.charCodeAt(end - 1) <= BLANK) end--;
    return readDecimal(text, scale, this.#number, first, end);
  }
}

function endpointOf(text: string): string | null {
  return ABSENT.test(text) ? null : text;
}

function notTokens(cells: Cells, { name, index }: Field): string {
  return `\`${name}\` must be a whole number of at least 0: ${cells.textOf(index)}`;
}
