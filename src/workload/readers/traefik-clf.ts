/**
 * Traefik's common log format: `host - user [stamp] "request" status bytes "referer" "agent" count "router" "server" 12ms`.
 *
 * The stamp is when Traefik began with the request (its `StartUTC`), in whole seconds, and the duration is all that it took,
 * in whole milliseconds, cut off (pkg/middlewares/accesslog/logger_formatters.go of Traefik). The router is the endpoint;
 * a request that no router took has `-` there.
 */
import { type Format, REQUEST, Row } from './line-reader.ts';
import { type FormatLine, field } from './pattern/pattern-fields.ts';
import { openPattern } from './pattern/pattern-reader.ts';
import { requestLineField, statusField, textField } from './pattern/pattern-texts.ts';
import { durationField, logStampField } from './pattern/pattern-times.ts';

const LINE: FormatLine = {
  title: 'Traefik common log',
  server: 'Traefik',
  escapes: true,
  parts: [
    field('ClientHost'),
    ' - ',
    field('ClientUsername'),
    ' [',
    logStampField('StartUTC', 'start'),
    '] "',
    requestLineField('the request line'),
    '" ',
    statusField('OriginStatus', 0, false),
    ' ',
    field('OriginContentSize'),
    ' "',
    field('Referer'),
    '" "',
    field('User-Agent'),
    '" ',
    field('RequestCount'),
    ' "',
    textField('RouterName', 'endpoint'),
    '" "',
    field('ServiceURL'),
    '" ',
    durationField('Duration', 'requestTime', { scale: 3 }),
    'ms',
  ],
  timeAdvice: '',
  utc: false,
};

export const traefikClf: Format = {
  name: 'traefik-clf',
  title: "Traefik's common log",
  looksLike: (lines) => {
    const reader = openPattern(LINE, { columns: null, texts: false, spread: null });
    const row = new Row();
    return lines.some(
      (line) => line.endsWith('ms') && reader.read(line, 0, line.length, row) === REQUEST,
    );
  },
  open: (_lines, options) => openPattern(LINE, options),
};
