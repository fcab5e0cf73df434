/** The formats that are read. A new one is a file beside this and an entry here. */
import { UserError } from '../../base/errors.ts';
import { accessLog } from './access-log.ts';
import { csv } from './csv.ts';
import { type Format, NOTHING, REQUEST, Row, UNFINISHED } from './line-reader.ts';

const FORMATS: readonly Format[] = [accessLog, csv];

export const AUTO = 'auto';

/** What `format:` may be. */
export const FORMAT_NAMES: readonly string[] = [AUTO, ...FORMATS.map(({ name }) => name)];

/** By how many lines `auto` decides. */
export const SAMPLE_LINES = 1000;

export interface Choice {
  readonly format: Format;
  readonly why: string;
}

/**
 * The format asked for, or the one that most of the first lines fit.
 * @throws UserError if there is no such format, or none that fits
 */
export function chooseFormat(asked: string, lines: readonly string[]): Choice {
  if (asked !== AUTO) {
    const format = FORMATS.find(({ name }) => name === asked);
    if (format === undefined) {
      throw new UserError(`\`${asked}\` is no format: write one of ${FORMAT_NAMES.join(', ')}`);
    }
    return { format, why: 'as asked' };
  }
  let best: (Choice & { readonly fits: number }) | null = null;
  for (const format of FORMATS) {
    if (!format.looksLike(lines)) continue;
    const { fits, of } = fitting(format, lines);
    if (best !== null && fits <= best.fits) continue;
    best = { format, why: `detected: ${counted(fits)} of ${counted(of)} lines fit`, fits };
  }
  if (best !== null) return best;
  const first = lines.find((line) => line.trim() !== '') ?? '';
  throw new UserError(
    `is in no format that is read: it begins with \`${readable(first)}\`; ${
      /^[^,]*;/.test(first) ? 'separate columns by commas, not semicolons; ' : ''
    }a CSV needs a header with a column arrival_s or timestamp, an access log \`host ident user [stamp] "request" status bytes\``,
  );
}

function fitting(format: Format, lines: readonly string[]): { fits: number; of: number } {
  const reader = format.open(lines);
  const row = new Row();
  let fits = 0;
  let of = 0;
  let open = '';
  for (const line of lines) {
    const outcome = reader.read(open + line, row);
    open = outcome === UNFINISHED ? `${open}${line}\n` : '';
    if (outcome === REQUEST) fits++;
    if (outcome !== NOTHING && outcome !== UNFINISHED) of++;
  }
  return { fits, of };
}

/** Text of a log as a message may show it: no control characters, not long. */
export function readable(text: string): string {
  const plain = text.slice(0, 400).replace(/\p{C}/gu, '\uFFFD');
  return plain.length > 120 ? `${plain.slice(0, 117)}...` : plain;
}

export function counted(n: number): string {
  return n.toLocaleString('en-US');
}
