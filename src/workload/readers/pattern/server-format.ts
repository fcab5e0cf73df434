/** The line of a server's configuration that says how it logs, as a format. */

import type { Format } from '../line-reader.ts';
import { apacheFormat, isApacheDirective, isApacheFormat } from './apache-format.ts';
import { envoyFormat, isEnvoyFormat } from './envoy-format.ts';
import { isNginxDirective, isNginxFormat, nginxFormat } from './nginx-format.ts';
import type { FormatLine } from './pattern-fields.ts';
import { openPattern } from './pattern-reader.ts';

/**
 * @param text nginx's `log_format ...;`, Apache's `LogFormat ...` or `CustomLog ...`, or a format by itself: of nginx, Apache
 *   or Envoy
 * @returns null if it is none of these
 * @throws UserError if it is one that cannot be read
 */
export function serverFormat(text: string): Format | null {
  const line = formatLineOf(text);
  if (line === null) return null;
  const { title } = line;
  return {
    name: title,
    title,
    looksLike: () => false,
    open: (_lines, options) => openPattern(line, options),
  };
}

function formatLineOf(text: string): FormatLine | null {
  if (isNginxDirective(text)) return nginxFormat(text);
  if (isApacheDirective(text)) return apacheFormat(text);
  if (isEnvoyFormat(text)) return envoyFormat(text);
  if (isNginxFormat(text)) return nginxFormat(text);
  return isApacheFormat(text) ? apacheFormat(text) : null;
}
