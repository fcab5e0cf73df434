/**
 * LiteLLM: what its logging callbacks write (`StandardLoggingPayload`, seconds since 1970) and rows of its spend log (ISO).
 * `response_time` of a streamed answer is the time to the first token, so the service is `endTime` - `startTime`.
 * https://docs.litellm.ai/docs/proxy/logging_spec
 */

import { grouped } from '../../base/counts.ts';
import { type Facts, type Format, NOTHING, type Outcome, REQUEST, Row } from './line-reader.ts';
import { anyRecordHas, JsonReader } from './records/json-reader.ts';
import { TimeColumn } from './records/time-column.ts';

const PATHS = [
  ['startTime'],
  ['endTime'],
  ['status'],
  ['model_group'],
  ['model'],
  ['prompt_tokens'],
  ['completion_tokens'],
  ['error_information', 'error_code'],
  ['cache_hit'],
  ['call_type'],
  ['metadata', 'usage_object', 'prompt_tokens_details', 'cached_tokens'],
] as const;
const [START, END, STATUS, GROUP, MODEL, INPUT, OUTPUT, ERROR, CACHE, CACHED] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 10,
] as const;

export const litellm: Format = {
  name: 'litellm',
  title: 'LiteLLM',
  looksLike: (lines, options) =>
    [['call_type'], ['completionStartTime'], ['model_group']].some((mark) =>
      anyRecordHas(lines, options, [['startTime'], ['endTime'], ['model'], mark]),
    ),
  open: () => new LitellmReader(),
};

class LitellmReader extends JsonReader {
  readonly stampedAt = 'start';
  readonly epoch = true;
  readonly #start = new TimeColumn({ index: START, name: 'startTime', scale: null, factor: 1 });
  readonly #end = new TimeColumn({ index: END, name: 'endTime', scale: null, factor: 1 });
  readonly #ended = new Row();
  #cached = 0;
  #withoutEnd = 0;

  constructor() {
    super(PATHS);
  }

  protected take(row: Row): Outcome {
    if (!this.has(START) && !this.has(MODEL)) return NOTHING;
    if (!this.stamp(START, this.#start, row))
      return `\`startTime\` is no time: ${this.text(START)}`;
    const failed = this.has(STATUS) && this.text(STATUS) !== 'success';
    if (!this.stamp(END, this.#end, this.#ended)) {
      if (this.has(END)) return `\`endTime\` is no time: ${this.text(END)}`;
      this.#withoutEnd++;
    } else if (!failed) {
      row.serviceUs = this.#ended.stampUs - row.stampUs;
      if (row.serviceUs < 0) return `it ends before it starts: ${this.text(END)}`;
    }
    row.status = this.number(ERROR, 0);
    row.inputTokens = this.number(INPUT, 0);
    if (this.has(CACHED)) row.cachedTokens = this.number(CACHED, 0);
    row.outputTokens = this.number(OUTPUT, 0);
    if (row.inputTokens < 0 || row.outputTokens < 0) return 'fewer than 0 tokens';
    if (this.has(CACHE) && /^true$/i.test(this.text(CACHE))) this.#cached++;
    this.endpoint(this.textOrNull(GROUP) ?? this.textOrNull(MODEL), row);
    return REQUEST;
  }

  facts(): Facts {
    const warnings = this.#start.roundingWarnings();
    if (this.#cached > 0) {
      warnings.push(
        `answers from LiteLLM's cache are among the requests, as short as they were: ${grouped(this.#cached)}`,
      );
    }
    if (this.#withoutEnd > 0) {
      warnings.push(`requests without \`endTime\`: ${grouped(this.#withoutEnd)}`);
    }
    return { format: 'LiteLLM', durations: 'the log: `endTime` - `startTime`', warnings };
  }
}
