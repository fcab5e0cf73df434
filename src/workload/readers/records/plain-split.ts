/** Fields between separators, for logs and tables in which nothing or only some fields are quoted. */
import type { Cells } from './cells.ts';
import { closingQuote } from './log-fields.ts';

const SPACE = 32;
const QUOTE = 34;

/** At each separator. */
export function splitPlain(
  cells: Cells,
  text: string,
  from: number,
  to: number,
  separator: number,
): void {
  cells.clear(text);
  let start = from;
  for (let i = from; i < to; i++) {
    if (text.charCodeAt(i) !== separator) continue;
    cells.add(start, i);
    start = i + 1;
  }
  cells.add(start, to);
}

/**
 * At blanks outside quotes, which are no part of a field; backslashes escape within them.
 * @returns whether each quote closes
 */
export function splitQuotedFields(cells: Cells, text: string, from: number, to: number): boolean {
  cells.clear(text);
  for (let at = from; at <= to; ) {
    if (at < to && text.charCodeAt(at) === QUOTE) {
      const close = closingQuote(text, at, to);
      if (close < 0) return false;
      cells.add(at + 1, close);
      at = close + 1;
      if (at < to && text.charCodeAt(at) !== SPACE) return false;
      at++;
    } else {
      let end = at;
      while (end < to && text.charCodeAt(end) !== SPACE) end++;
      cells.add(at, end);
      at = end + 1;
    }
  }
  return true;
}
