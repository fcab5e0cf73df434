/**
 * Apache's `LogFormat "..." nickname` and `CustomLog file "..."` as they stand in httpd.conf, or the format alone, by
 * mod_log_config's manual.
 *
 * `%t` and `%{format}t` are when the request was received; with `end:` before the format, when the line was written. `%D` is
 * the time taken in microseconds, `%{ms}T` and `%{us}T` say their unit, `%T` is in whole seconds; all end with the answer.
 * Quotes and backslashes in fields are escaped with backslashes. What is not there is `-`.
 */
import { UserError } from '../../../base/errors.ts';
import { configWords } from './config-words.ts';
import { type FormatLine, field, type Mark, type Part } from './pattern-fields.ts';
import { requestLineField, statusField, textField } from './pattern-texts.ts';
import { durationField, epochField, fractionField, logStampField } from './pattern-times.ts';
import { strftimeParts } from './strftime.ts';

const TIME_ADVICE = 'add %{usec}t or %t, and %D for durations';

/** As Apache's own configuration and Debian's have them. */
const NICKNAMES: Readonly<Record<string, string>> = {
  common: '%h %l %u %t "%r" %>s %b',
  combined: '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
  vhost_combined: '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"',
};

/** Modifiers and a parameter may stand before the letter in any order. */
const FIELD = /%((?:[!<>,\d]|\{[^}]*\})*)(\^\w\w|[A-Za-z%])/g;

/** Whether it is a directive of httpd.conf, or several. */
export function isApacheDirective(text: string): boolean {
  return /^(?:\s|#.*\n)*(?:LogFormat|CustomLog)\s/i.test(text);
}

/** Whether it has directives of a format of Apache. */
export function isApacheFormat(text: string): boolean {
  return /%[!<>,\d]*(?:\{[^}]*\}|\^)?[A-Za-z]/.test(text);
}

/** @throws UserError if it is no `LogFormat`, or several */
export function apacheFormat(text: string): FormatLine {
  const config = text.replace(/\\\r?\n/g, ' ').trim();
  if (!isApacheDirective(config)) {
    const bare =
      /^"(?:[^"\\]|\\.)*"$/s.test(config) && config.includes('\\"') ? config.slice(1, -1) : config;
    return formatLine(null, bare.replaceAll('\\"', '"'));
  }
  const formats = new Map<string, string>(Object.entries(NICKNAMES));
  const given: { readonly nickname: string | null; readonly format: string }[] = [];
  const logs: string[] = [];
  for (const line of config.split('\n')) {
    const words = configWords(line);
    const [directive = '', first = '', second = null] = words.map((word) => word.text);
    if (/^LogFormat$/i.test(directive)) {
      given.push({ nickname: second, format: first });
      if (second !== null) formats.set(second, first);
    } else if (/^CustomLog$/i.test(directive)) logs.push(second ?? 'common');
  }
  if (logs.length > 1 || (logs.length === 0 && given.length > 1)) {
    throw new UserError('`format:` holds several: give the `LogFormat` that the log is written in');
  }
  const [log] = logs;
  if (log === undefined) {
    const { nickname, format } = given[0] ?? { nickname: null, format: '' };
    const known = nickname === null && !format.includes('%') ? formats.get(format) : undefined;
    return formatLine(known === undefined ? nickname : format, known ?? format);
  }
  if (log.includes('%')) return formatLine(null, log);
  const format = formats.get(log);
  if (format === undefined) {
    throw new UserError(
      `\`CustomLog\` names the format ${log}: give its \`LogFormat\` line, or both`,
    );
  }
  return formatLine(log, format);
}

function formatLine(nickname: string | null, format: string): FormatLine {
  const parts: Part[] = [];
  let at = 0;
  for (const match of format.matchAll(FIELD)) {
    const [name, modifiers = '', letter = ''] = match;
    parts.push(unescaped(format.slice(at, match.index)));
    parts.push(...directive(name, modifiers, letter));
    at = match.index + name.length;
  }
  parts.push(unescaped(format.slice(at)));
  return {
    title: nickname === null ? 'Apache LogFormat' : `Apache LogFormat ${nickname}`,
    server: 'Apache',
    escapes: true,
    parts,
    timeAdvice: TIME_ADVICE,
    utc: false,
  };
}

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

function unescaped(literal: string): string {
  return literal.replace(/\\([ntr\\])/g, (_all, letter: string) => CONTROLS[letter]!);
}

function directive(name: string, modifiers: string, letter: string): Part[] {
  const parameter = /\{([^}]*)\}/.exec(modifiers)?.[1] ?? '';
  switch (letter) {
    case '%':
      return ['%'];
    case 't':
      return timeParts(name, parameter);
    case 'D':
      return [durationField(name, 'requestTime', { scale: 0, rank: 0 })];
    case 'T': {
      const scale = { us: 0, ms: 3, s: 6, '': 6 }[parameter];
      if (scale === undefined)
        throw new UserError(`\`${name}\` has none of the units s, ms and us`);
      const wholeSeconds = scale === 6;
      return [durationField(name, 'requestTime', { scale, rank: 1 + scale, wholeSeconds })];
    }
    case 's':
      return [statusField(name, modifiers.includes('>') ? 0 : 1, false)];
    case 'r':
      return [requestLineField(name)];
    case 'm':
      return [textField(name, 'method')];
    case 'U':
      return [textField(name, 'path')];
    case 'q':
      return [field(name, { figure: 'query' })];
    case 'V':
      return [textField(name, 'host', 0)];
    case 'v':
      return [textField(name, 'host', 2)];
    case 'i':
      if (/^host$/i.test(parameter)) return [textField(name, 'host', 1)];
      return [field(name, { list: /^(?:x-forwarded-for|via)$/i.test(parameter) })];
    default:
      return [field(name)];
  }
}

function timeParts(name: string, parameter: string): Part[] {
  const mark: Mark = parameter.startsWith('end:') ? 'end' : 'start';
  const format = parameter.replace(/^(?:begin|end):/, '');
  switch (format) {
    case '':
      return ['[', logStampField(name, mark), ']'];
    // As many digits as there are from 2001 to 2286.
    case 'sec':
      return [epochField(name, mark, 6, 10)];
    case 'msec':
      return [epochField(name, mark, 3, 13)];
    case 'usec':
      return [epochField(name, mark, 0, 16)];
    case 'msec_frac':
      return [fractionField(name, mark, 3)];
    case 'usec_frac':
      return [fractionField(name, mark, 6)];
    default:
      return strftimeParts(name, format, mark);
  }
}
