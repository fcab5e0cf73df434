/**
 * Mooncake's traces: `timestamp` in milliseconds from the trace's own zero, tokens in and out, and the hashes of prompt
 * blocks of 512 tokens. No durations: a service by tokens gives them.
 * https://github.com/kvcache-ai/Mooncake/tree/main/FAST25-release
 */
import { LONGEST_US } from '../../base/units.ts';
import { type Facts, type Format, type Outcome, REQUEST, type Row } from './line-reader.ts';
import { anyRecordHas, JsonReader } from './records/json-reader.ts';

const PATHS = [['timestamp'], ['input_length'], ['output_length']] as const;
const [TIMESTAMP, INPUT, OUTPUT] = [0, 1, 2] as const;
const MILLISECONDS = 3;

export const mooncake: Format = {
  name: 'mooncake',
  title: 'Mooncake',
  looksLike: (lines, options) => anyRecordHas(lines, options, PATHS),
  open: () => new MooncakeReader(),
};

class MooncakeReader extends JsonReader {
  readonly stampedAt = 'start';
  readonly epoch = false;

  constructor() {
    super(PATHS);
  }

  protected take(row: Row): Outcome {
    row.stampUs = this.number(TIMESTAMP, MILLISECONDS);
    if (!(row.stampUs >= 0 && row.stampUs <= LONGEST_US)) {
      return `\`timestamp\` must be milliseconds from 0: ${this.text(TIMESTAMP)}`;
    }
    row.inputTokens = this.number(INPUT, 0);
    row.outputTokens = this.number(OUTPUT, 0);
    if (!(row.inputTokens >= 0 && row.outputTokens >= 0)) {
      return '`input_length` and `output_length` must be numbers of at least 0';
    }
    return REQUEST;
  }

  facts(): Facts {
    return { format: 'Mooncake', durations: null, warnings: [] };
  }
}
