/** Envoy's default access log, and Istio's, by their format strings. */

import type { Format, LineReader } from './line-reader.ts';
import { REQUEST, Row } from './line-reader.ts';
import { envoyFormat } from './pattern/envoy-format.ts';
import type { FormatLine } from './pattern/pattern-fields.ts';
import { openPattern } from './pattern/pattern-reader.ts';

const HEAD =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% ';
const TAIL =
  '%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"';
const ISTIO =
  '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" ';
const ISTIO_TAIL =
  ' %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%';

const DEFAULTS: readonly FormatLine[] = [
  envoyFormat(`${HEAD}${TAIL}`, 'Envoy default log'),
  envoyFormat(`${HEAD}${ISTIO}${TAIL}${ISTIO_TAIL}`, 'Istio default log'),
];

const SHOWN = 100;

export const envoy: Format = {
  name: 'envoy',
  title: "Envoy's or Istio's default access log",
  looksLike: (lines) => {
    const options = { columns: null, texts: false, spread: null };
    return DEFAULTS.some((line) => fits(openPattern(line, options), lines) > 0);
  },
  open: (lines, options) => {
    const readers = DEFAULTS.map((line) => openPattern(line, options));
    const [first, second] = readers.map((reader) => fits(reader, lines));
    return openPattern(DEFAULTS[second! > first! ? 1 : 0]!, options);
  },
};

/** Of the first lines. */
function fits(reader: LineReader, lines: readonly string[]): number {
  const row = new Row();
  let fit = 0;
  for (const line of lines.slice(0, SHOWN)) {
    if (line.startsWith('[') && reader.read(line, 0, line.length, row) === REQUEST) fit++;
  }
  return fit;
}
