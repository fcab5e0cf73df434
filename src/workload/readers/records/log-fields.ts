/** What the lines of access logs are made of: fields between blanks, quoted texts, request lines. */

import { grouped } from '../../../base/counts.ts';
import type { Row } from '../line-reader.ts';

const SPACE = 32;
const QUOTE = 34;
const DASH = 45;
const BACKSLASH = 92;

/** Where the quoted text that opens at `open` closes, before `to`; -1 if it does not. Backslashes escape, as Apache has it; nginx writes `\x22`. */
export function closingQuote(text: string, open: number, to: number): number {
  for (let at = open + 1; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

/** Where the field ends that begins at `from`: at a blank, or at the end. */
export function fieldEnd(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) === SPACE) return at;
  return to;
}

/** Of nginx: no server was asked, or none answered. */
export function standInWarning(lines: number): string {
  return `$request_time is taken where $upstream_response_time has no time, lines: ${grouped(lines)}`;
}

/** NaN if the field is neither digits nor `-`, which is 0. */
export function wholeOrDash(text: string, from: number, to: number): number {
  if (to - from === 1 && text.charCodeAt(from) === DASH) return 0;
  if (to <= from) return Number.NaN;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** `GET /path?query HTTP/1.1` from `from` on, as far as it is one: method and path of the row. */
export function readRequestLine(text: string, from: number, to: number, row: Row): void {
  const methodEnd = fieldEnd(text, from, to);
  const end = closingQuote(text, from - 1, to);
  if (end < 0 || methodEnd >= end) return;
  const pathEnd = Math.min(end, fieldEnd(text, methodEnd + 1, to));
  row.method = text.slice(from, methodEnd);
  row.path = text.slice(methodEnd + 1, pathEnd);
}
