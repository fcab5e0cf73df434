/**
 * What a vLLM server prints (vllm/logger.py, vllm/entrypoints/logger.py): `INFO 11-21 10:00:00 [logger.py:39] Received
 * request cmpl-1: prompt: '...', params: ..., prompt_token_ids: [1, 2], ...`, before 0.8 without the opening bracket, since
 * 0.10 behind `(APIServer pid=1)`. `Received request` (--enable-log-requests) is an arrival. Its end is `Finished request ID.`
 * before version 1 of the engine, since then `Generated response ID` (--enable-log-outputs) with the output's tokens; one
 * that was aborted or failed ended too, but how long it needs is not known. Everything else, uvicorn's access lines
 * (no stamp) and `Running: 1 reqs` included, is no request.
 *
 * Stamps have whole seconds, no zone, and no year unless the server's logging was configured so: then times count from the
 * first request, and a month that leaps back by more than half a year is the next one's.
 */
import { US_PER_DAY } from '../../base/units.ts';
import { digitsAt, epochDayUs, readClock, readDecimal, Stamp } from '../stamps.ts';
import {
  type Facts,
  type Format,
  type LineReader,
  NOTHING,
  type Outcome,
  REQUEST,
  type Row,
} from './line-reader.ts';

export const vllm: Format = {
  name: 'vllm',
  title: 'what a vLLM server prints',
  fixedFields: true,
  looksLike: (lines) => lines.some((line) => HEAD.test(plain(line, 0, line.length))),
  open: () => new VllmReader(),
};

/** A stamp, the place in vLLM's code, and what is said. */
const HEAD =
  /^(?:\S{1,80} +\| )?(?:\([A-Za-z_0-9 ]{1,40}=\d+\) )?(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) ((?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d(?:[.,]\d{1,6})?) \[?[\w./]{1,80}\.py:\d{1,6}\] /;
const RECEIVED = /^Received request (\S+?): /;
const ENDED = /^(Finished|Aborted) request (\S+?)\.?$/;
const FAILED = /^Request (\S+) (?:aborted|failed)/;
const GENERATED = /^Generated response (\S+?)(?: \(streaming (complete|delta)\))?: /;
/** A damaged line that was to be one. */
const NEARLY = /^.{0,160}\.py:\d{1,6}\] (?:Received request|Finished request|Generated response)/;
const COLORS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** So many requests are kept until they end; before more are, the oldest is given without a duration. */
const MOST_OPEN = 65_536;

interface OpenRequest {
  readonly stampUs: number;
  readonly inputTokens: number;
}

class VllmReader implements LineReader {
  readonly stampedAt = 'start';
  epoch = false;
  readonly #stamp = new Stamp();
  readonly #open = new Map<string, OpenRequest>();
  /** Stamps are given from here; that of the first request, or 1970. */
  #zeroUs = Number.NaN;
  #latestUs = Number.NaN;
  #year = 0;
  #leap = false;
  #ended = 0;
  #tokens = false;

  read(text: string, from: number, to: number, row: Row): Outcome {
    const line = plain(text, from, to);
    const head = HEAD.exec(line);
    if (head === null)
      return NEARLY.test(line) ? 'no `LEVEL month-day hh:mm:ss` before it' : NOTHING;
    const said = line.slice(head[0].length);
    const received = RECEIVED.exec(said);
    const end = received === null ? endOf(said) : null;
    if (received === null && end === null) {
      return /^(?:Received request|Generated response)/.test(said)
        ? 'no `ID: ` behind it'
        : NOTHING;
    }
    const stampUs = this.#readStamp(head[1]!);
    if (Number.isNaN(stampUs)) return `no time: ${head[1]}`;
    if (received !== null) return this.#begin(received[1]!, stampUs, said, row);
    return this.#end(end!, stampUs, row);
  }

  drain(row: Row): Outcome {
    return this.#giveOldest(this.#latestUs - this.#zeroUs, row);
  }

  facts(): Facts {
    const warnings = ['stamps have a resolution of 1 s'];
    if (!this.epoch) warnings.push('stamps have no year: times count from the first request');
    if (this.#ended === 0) {
      warnings.push(
        'the ends of requests are not in the log: vLLM writes them with `--enable-log-requests --enable-log-outputs`',
      );
    }
    if (this.#tokens)
      warnings.push('tokens are those that the log shows: `--max-log-len` cuts them');
    return {
      format: 'vLLM server log',
      durations: this.#ended > 0 ? 'the log: end - `Received request`' : null,
      warnings,
    };
  }

  #begin(id: string, stampUs: number, said: string, row: Row): Outcome {
    if (Number.isNaN(this.#zeroUs)) this.#zeroUs = this.epoch ? 0 : stampUs;
    const inputTokens = tokensIn(said, 'prompt_token_ids: ');
    if (!Number.isNaN(inputTokens)) this.#tokens = true;
    let outcome: Outcome = NOTHING;
    const before = this.#open.get(id);
    if (before !== undefined) {
      // The same name again: a server that was started anew.
      this.#open.delete(id);
      outcome = this.#give(before, stampUs - this.#zeroUs, row);
    } else if (this.#open.size >= MOST_OPEN) {
      outcome = this.#giveOldest(stampUs - this.#zeroUs, row);
    }
    this.#open.set(id, { stampUs: stampUs - this.#zeroUs, inputTokens });
    return outcome;
  }

  /** An end without a beginning is of a request that arrived before the log began. */
  #end({ id, well, outputTokens }: End, stampUs: number, row: Row): Outcome {
    const name = [id, `${id}-0`, id.slice(0, Math.max(0, id.lastIndexOf('-')))].find((key) =>
      this.#open.has(key),
    );
    if (name === undefined) return NOTHING;
    const request = this.#open.get(name)!;
    this.#open.delete(name);
    const nowUs = stampUs - this.#zeroUs;
    this.#give(request, nowUs, row);
    // Servers that share a log may write out of order: then it is not known how long it took.
    if (well && nowUs >= request.stampUs) {
      row.serviceUs = nowUs - request.stampUs;
      this.#ended++;
    }
    if (!Number.isNaN(outputTokens)) {
      row.outputTokens = outputTokens;
      this.#tokens = true;
    }
    return REQUEST;
  }

  #giveOldest(nowUs: number, row: Row): Outcome {
    for (const [id, request] of this.#open) {
      this.#open.delete(id);
      return this.#give(request, nowUs, row);
    }
    return NOTHING;
  }

  /** The line at hand is stamped `nowUs`, whenever the request arrived. */
  #give({ stampUs, inputTokens }: OpenRequest, nowUs: number, row: Row): Outcome {
    row.stampUs = nowUs;
    row.startUs = stampUs;
    row.inputTokens = inputTokens;
    return REQUEST;
  }

  /** Since 1970, or since the 1st of January of the log's first year; NaN if it is no time. */
  #readStamp(text: string): number {
    const dated = text.charCodeAt(4) === DASH;
    const at = dated ? 5 : 0;
    const month = digitsAt(text, at, 2);
    const day = digitsAt(text, at + 3, 2);
    let clockUs = readClock(text, at + 6);
    if (text.length > at + 14) {
      if (!readDecimal(text.slice(at + 15), 6 - (text.length - at - 15), this.#stamp))
        return Number.NaN;
      clockUs += this.#stamp.us;
    }
    if (Number.isNaN(this.#latestUs)) this.epoch = dated;
    else if (this.epoch !== dated) return Number.NaN;
    const us = dated
      ? epochDayUs(digitsAt(text, 0, 4), month, day) + clockUs
      : this.#inYear(month, day) + clockUs;
    if (!Number.isNaN(us)) this.#latestUs = us;
    return us;
  }

  /** Midnight, in the year that is nearest to the latest stamp; a 29th of February tells of a leap year. */
  #inYear(month: number, day: number): number {
    const leapDay = month === 2 && day === 29;
    if (leapDay) this.#leap = true;
    const inLeapYear = epochDayUs(LEAP_YEAR, month, day) - epochDayUs(LEAP_YEAR, 1, 1);
    const dayUs = inLeapYear - (this.#leap || month <= 2 ? 0 : US_PER_DAY);
    const lengthUs = (this.#leap ? 366 : 365) * US_PER_DAY;
    if (Number.isNaN(dayUs)) return dayUs;
    if (this.#latestUs - (this.#year + dayUs) > lengthUs / 2) {
      this.#year += lengthUs;
      this.#leap = leapDay;
    } else if (this.#year + dayUs - this.#latestUs > lengthUs / 2)
      return this.#year - lengthUs + dayUs;
    return this.#year + dayUs;
  }
}

const DASH = 45;
const LEAP_YEAR = 2024;

interface End {
  readonly id: string;
  /** Whether it ended as it was to. */
  readonly well: boolean;
  readonly outputTokens: number;
}

function endOf(said: string): End | null {
  const ended = ENDED.exec(said);
  if (ended !== null) {
    return { id: ended[2]!, well: ended[1] === 'Finished', outputTokens: Number.NaN };
  }
  const failed = FAILED.exec(said);
  if (failed !== null) return { id: failed[1]!, well: false, outputTokens: Number.NaN };
  const generated = GENERATED.exec(said);
  if (generated === null || generated[2] === 'delta') return null;
  const aborted = /finish_reason: (?:abort|error)/.test(said.slice(-40));
  return { id: generated[1]!, well: !aborted, outputTokens: tokensIn(said, 'output_token_ids: ') };
}

/** How many ids a list has, the last of that name: a prompt may hold anything. NaN if it is not shown. */
function tokensIn(said: string, name: string): number {
  const at = said.lastIndexOf(name);
  const open = at + name.length;
  if (at < 0 || said.charAt(open) !== '[') return Number.NaN;
  const close = said.indexOf(']', open);
  if (close < 0) return Number.NaN;
  if (close === open + 1) return 0;
  let count = 1;
  for (let i = open; i < close; i++) if (said.charCodeAt(i) === 44) count++;
  return count;
}

/** Without the colors of a terminal. */
function plain(text: string, from: number, to: number): string {
  const line = text.slice(from, to);
  return line.charCodeAt(0) === 27 || line.includes(ESCAPE) ? line.replace(COLORS, '') : line;
}

const ESCAPE = String.fromCharCode(27);
