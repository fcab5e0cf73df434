/** Fields that tell statuses, tokens and texts. */
import { digitsAt } from '../../stamps.ts';
import { field, isAbsent, isSeparator, type PatternField, type Take } from './pattern-fields.ts';

const SPACE = 32;
const COLON = 58;
const SLASH = 47;

/** Of a list the last, the one that was answered with. */
export function statusField(name: string, rank: number, list: boolean): PatternField {
  const take: Take = (text, from, to, { row }) => {
    let first = to;
    if (list) while (first > from && !isSeparator(text.charCodeAt(first - 1))) first--;
    else first = from;
    row.status = isAbsent(text, first, to) ? 0 : digitsAt(text, first, to - first);
    return row.status <= 999;
  };
  return field(name, { figure: 'status', rank, list, take });
}

/** A whole number of at least 0; `-` and nothing are none. */
export function tokensField(
  name: string,
  figure: 'inputTokens' | 'cachedTokens' | 'outputTokens',
): PatternField {
  const take: Take = (text, from, to, { row }) => {
    if (isAbsent(text, from, to)) return true;
    row[figure] = digitsAt(text, from, to - from);
    return row[figure] <= Number.MAX_SAFE_INTEGER;
  };
  return field(name, { figure, take });
}

export function textField(
  name: string,
  figure: 'method' | 'path' | 'host' | 'endpoint',
  rank = 0,
): PatternField {
  const take: Take = (text, from, to, { row, escapes }) => {
    const value = textOf(text, from, to, escapes);
    row[figure] = figure === 'host' && value !== null ? withoutPort(value) : value;
    return true;
  };
  return field(name, { figure, rank, take });
}

/** `GET /path?query HTTP/1.1`, as far as it is one. */
export function requestLineField(name: string): PatternField {
  const take: Take = (text, from, to, { row, escapes }) => {
    const methodEnd = blankAt(text, from, to);
    if (methodEnd === to) return true;
    row.method = textOf(text, from, methodEnd, escapes);
    row.path = textOf(text, methodEnd + 1, blankAt(text, methodEnd + 1, to), escapes);
    return true;
  };
  return field(name, { figure: 'requestLine', take });
}

/** Two fields with nothing between them, the second of which begins with a slash. */
export function slashJoined(before: PatternField, path: PatternField): PatternField {
  const take: Take = (text, from, to, found) => {
    let slash = from;
    while (slash < to && text.charCodeAt(slash) !== SLASH) slash++;
    const well = before.take?.(text, from, slash, found) ?? true;
    return well && (slash === to || (path.take?.(text, slash, to, found) ?? true));
  };
  return field(`${before.name}${path.name}`, { figure: 'path', take });
}

function blankAt(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) !== SPACE) at++;
  return at;
}

function withoutPort(host: string): string {
  let at = host.length;
  while (at > 0 && isDigit(host.charCodeAt(at - 1))) at--;
  return at > 1 && at < host.length && host.charCodeAt(at - 1) === COLON
    ? host.slice(0, at - 1)
    : host;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function textOf(text: string, from: number, to: number, escapes: boolean): string | null {
  if (isAbsent(text, from, to)) return null;
  const value = text.slice(from, to);
  return escapes && value.includes('\\') ? unescaped(value) : value;
}

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** `\x22` of nginx and Apache, `\"` of Apache and JSON, `\u001f` of JSON. */
function unescaped(value: string): string {
  return value.replace(
    /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|([\s\S]))/g,
    (_all, hex: string | undefined, unicode: string | undefined, other: string | undefined) => {
      const code = hex ?? unicode;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return CONTROLS[other ?? ''] ?? other ?? '';
    },
  );
}
