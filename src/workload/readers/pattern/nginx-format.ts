/**
 * nginx's `log_format name [escape=default|json|none] 'part' "part" ...;` as it stands in nginx.conf, or the format alone.
 *
 * A line is written when its request ends: `$time_local`, `$time_iso8601` and `$msec` are ends, `$request_time` is the time
 * from the client's first byte to the last one sent to it, slow clients included (ngx_http_log_module).
 * `$upstream_response_time` ends with the last byte of the upstream's answer; it has several values, with commas between
 * servers that were tried and colons between groups of an internal redirect (ngx_http_upstream_module). What is not there is
 * `-`, or nothing with `escape=json` and `escape=none`; with `none` nothing is escaped.
 */
import { UserError } from '../../../base/errors.ts';
import { type ConfigWord, configWords, END } from './config-words.ts';
import { type FormatLine, field, type Part, type PatternField } from './pattern-fields.ts';
import { requestLineField, statusField, textField } from './pattern-texts.ts';
import { durationField, epochField, isoField, logStampField } from './pattern-times.ts';

const TIME_ADVICE = 'add $msec or $time_iso8601, and $request_time for durations';

/** Whether it is the whole directive. */
export function isNginxDirective(text: string): boolean {
  return /^(?:\s|#.*\n)*log_format\s/.test(text);
}

/** Whether it has variables of nginx. */
export function isNginxFormat(text: string): boolean {
  return /\$(?:[a-z_]|\{[a-z_])/i.test(text);
}

/** @throws UserError if it is no `log_format`, or several */
export function nginxFormat(text: string): FormatLine {
  const directive = isNginxDirective(text);
  const quoted = text.trimStart().startsWith("'");
  if (!directive && !quoted) return formatLine(null, 'default', text.trim());
  const all = configWords(text);
  if (all.slice(1).some(isDirective)) {
    throw new UserError(
      '`format:` holds several `log_format`: give the one that the log is written in',
    );
  }
  let escaping = 'default';
  const end = all.findIndex((word) => word.text === END && !word.quoted);
  const words = end < 0 ? all : all.slice(0, end);
  const [name = null] = directive ? words.slice(1) : [];
  const strings = words.slice(directive ? 2 : 0);
  const option = strings[0]?.quoted === false ? /^escape=(.*)$/.exec(strings[0].text) : null;
  if (option !== null) {
    escaping = option[1]!;
    strings.shift();
  }
  if (!['default', 'json', 'none'].includes(escaping)) {
    throw new UserError(`\`escape=${escaping}\` is none of default, json and none`);
  }
  if (strings.length === 0) throw new UserError('`log_format` has a name but no format behind it');
  return formatLine(name?.text ?? null, escaping, strings.map(textOf).join(''));
}

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function textOf({ text }: ConfigWord): string {
  return text.replace(/\\([ntr])/g, (_all, letter: string) => CONTROLS[letter]!);
}

function isDirective({ text, quoted }: ConfigWord): boolean {
  return text === 'log_format' && !quoted;
}

function formatLine(name: string | null, escaping: string, format: string): FormatLine {
  const parts: Part[] = [];
  let at = 0;
  for (const match of format.matchAll(/\$(?:(\w+)|\{(\w+)\})/g)) {
    const name = match[1] ?? match[2]!;
    parts.push(format.slice(at, match.index), ...variables(name, format.at(match.index - 1)));
    at = match.index + match[0].length;
  }
  parts.push(format.slice(at));
  return {
    title: name === null ? 'nginx log_format' : `nginx log_format ${name}`,
    server: 'nginx',
    escapes: escaping !== 'none',
    parts,
    timeAdvice: TIME_ADVICE,
    utc: false,
  };
}

/** A request line without quotes around it is its three words: it holds blanks. */
function variables(name: string, before: string | undefined): Part[] {
  if (name !== 'request' || before === '"') return [variable(name)];
  const words = ['request_method', 'request_uri', 'server_protocol'];
  return words.flatMap((word, i) => [...(i > 0 ? [' '] : []), variable(word)]);
}

function variable(variableName: string): PatternField {
  const name = `$${variableName}`;
  switch (variableName) {
    case 'msec':
      return epochField(name, 'end', 6, 0);
    case 'time_iso8601':
      return isoField(name, 'end', 25);
    case 'time_local':
      return logStampField(name, 'end');
    case 'request_time':
      return durationField(name, 'requestTime', { scale: 6 });
    case 'upstream_response_time':
      return durationField(name, 'upstreamTime', { scale: 6, list: true });
    case 'status':
      return statusField(name, 0, false);
    case 'upstream_status':
      return statusField(name, 1, true);
    case 'request':
      return requestLineField(name);
    case 'request_method':
      return textField(name, 'method');
    case 'request_uri':
      return textField(name, 'path', 0);
    case 'uri':
    case 'document_uri':
      return textField(name, 'path', 1);
    case 'is_args':
    case 'args':
    case 'query_string':
      return field(name, { figure: 'query' });
    case 'host':
      return textField(name, 'host', 0);
    case 'http_host':
      return textField(name, 'host', 1);
    case 'server_name':
      return textField(name, 'host', 2);
    // The service that Kubernetes' ingress controller passed the request to.
    case 'proxy_upstream_name':
      return textField(name, 'endpoint');
    default:
      return field(name, { list: /^upstream_|_x_forwarded_for$|^http_via$/.test(variableName) });
  }
}
