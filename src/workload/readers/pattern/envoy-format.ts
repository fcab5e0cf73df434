/**
 * Envoy's format strings of command operators, by "access log usage" in Envoy's documentation.
 *
 * `%START_TIME%` is when the request came, in UTC, and `%DURATION%` the milliseconds from there to the last byte out: slow
 * clients are in it. `x-envoy-upstream-service-time` ends with the headers of the answer, in which the router sets it: of a
 * streamed answer it is the time to the first token, so it is taken only where `columns:` asks for it. Nothing is escaped.
 * A response code of 0 means that no answer was begun.
 */
import { type FormatLine, field, type Part } from './pattern-fields.ts';
import { statusField, textField } from './pattern-texts.ts';
import { durationField, isoField } from './pattern-times.ts';
import { strftimeParts } from './strftime.ts';

const OPERATOR = /%([A-Z][A-Z0-9_]*)(?:\(([^()]*)\))?(?::\d+)?%/g;

/** Whether it is Envoy's, and not another server's. */
export function isEnvoyFormat(text: string): boolean {
  return /%(?:[A-Z]+_[A-Z0-9_]+|DURATION|PROTOCOL|REQ|RESP)(?:\([^()]*\))?(?::\d+)?%/.test(text);
}

/** @throws UserError if its time is in no format that can be read */
export function envoyFormat(text: string, title = 'Envoy format string'): FormatLine {
  const format = text.trim().replace(/(?:\\n|\n)+$/, '');
  const parts: Part[] = [];
  let at = 0;
  for (const match of format.matchAll(OPERATOR)) {
    const [name, operator = '', parameter = ''] = match;
    parts.push(format.slice(at, match.index), ...operatorParts(name, operator, parameter));
    at = match.index + name.length;
  }
  parts.push(format.slice(at));
  return {
    title,
    server: 'Envoy',
    escapes: false,
    parts,
    timeAdvice: 'add %START_TIME%, and %DURATION% for durations',
    utc: true,
  };
}

function operatorParts(name: string, operator: string, parameter: string): Part[] {
  switch (operator) {
    case 'START_TIME':
      return parameter === ''
        ? [isoField(name, 'start', 0)]
        : strftimeParts(name, parameter, 'start');
    case 'DURATION':
      return [durationField(name, 'requestTime', { scale: 3 })];
    case 'RESPONSE_CODE':
      return [statusField(name, 0, false)];
    case 'UPSTREAM_CLUSTER':
    case 'UPSTREAM_CLUSTER_RAW':
      return [textField(name, 'endpoint')];
    case 'REQ':
      return [requestHeader(name, parameter.toUpperCase())];
    default:
      return [field(name)];
  }
}

function requestHeader(name: string, header: string): Part {
  if (header === ':METHOD') return textField(name, 'method');
  if (header === ':AUTHORITY' || header === 'HOST') return textField(name, 'host');
  // `X?Y` is Y where there is no X.
  if (/(?:^|\?):PATH$/.test(header)) return textField(name, 'path');
  return field(name, { list: header === 'X-FORWARDED-FOR' });
}
