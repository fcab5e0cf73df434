/** The formats that are read. A new one is a file beside this and an entry here, a special one before a general one. */

import { grouped } from '../../base/counts.ts';
import { UserError } from '../../base/errors.ts';
import { accessLog } from './access-log.ts';
import { awsAlb } from './aws-alb.ts';
import { azureFunctions2019 } from './azure-functions-2019.ts';
import { azureFunctions2021 } from './azure-functions-2021.ts';
import { azureLlm } from './azure-llm.ts';
import { burstGpt } from './burstgpt.ts';
import { caddy } from './caddy.ts';
import { cloudflare } from './cloudflare.ts';
import { cloudFront } from './cloudfront.ts';
import { csv, tsv } from './csv.ts';
import { envoy } from './envoy.ts';
import { envoyJson } from './envoy-json.ts';
import { googleCloud } from './google-cloud.ts';
import { haproxy } from './haproxy.ts';
import { ingressNginx } from './ingress-nginx.ts';
import { jsonl } from './jsonl.ts';
import {
  type Format,
  MORE,
  NOTHING,
  type Outcome,
  REQUEST,
  type ReaderOptions,
  Row,
  UNFINISHED,
} from './line-reader.ts';
import { litellm } from './litellm.ts';
import { logfmt } from './logfmt.ts';
import { mooncake } from './mooncake.ts';
import { nginxJson } from './nginx-json.ts';
import { serverFormat } from './pattern/server-format.ts';
import { pino } from './pino.ts';
import { readable } from './records/readable.ts';
import { traefikClf } from './traefik-clf.ts';
import { traefikJson } from './traefik-json.ts';
import { vllm } from './vllm.ts';
import { w3c } from './w3c.ts';

export const FORMATS: readonly Format[] = [
  envoy,
  traefikClf,
  ingressNginx,
  accessLog,
  haproxy,
  awsAlb,
  cloudFront,
  w3c,
  vllm,
  azureLlm,
  azureFunctions2021,
  azureFunctions2019,
  burstGpt,
  caddy,
  traefikJson,
  envoyJson,
  cloudflare,
  googleCloud,
  litellm,
  mooncake,
  pino,
  nginxJson,
  csv,
  tsv,
  jsonl,
  logfmt,
];

const AUTO = 'auto';

/** What `format:` may be, besides a server's own format line. */
export const FORMAT_NAMES: readonly string[] = [AUTO, ...FORMATS.map(({ name }) => name)];

/** By how many lines `auto` decides. */
export const SAMPLE_LINES = 1000;
/** Where several formats are possible, one that fewer of the lines fit is not chosen without being asked for. */
const LEAST_SHARE = 0.5;
/** How much larger a share of the lines must fit a general format before it is chosen in place of a special one. */
const CLEARLY = 0.1;

export interface Choice {
  readonly format: Format;
  readonly why: string;
}

/**
 * The format asked for, or the one that most of the first lines fit.
 * @throws UserError if there is no such format, or none that surely fits
 */
export function chooseFormat(
  asked: string,
  lines: readonly string[],
  options: ReaderOptions,
): Choice {
  if (asked !== AUTO) {
    const format = FORMATS.find(({ name }) => name === asked);
    if (format === undefined) {
      const ofServer = serverFormat(asked);
      if (ofServer !== null) return { format: ofServer, why: "the server's own format line" };
      throw new UserError(
        `\`${readable(asked)}\` is no format: write one of ${FORMAT_NAMES.join(', ')}, or the server's own \`log_format\` or \`LogFormat\` line`,
      );
    }
    if (format.fixedFields && options.columns !== null) throw noColumns(format);
    return { format, why: 'as asked' };
  }
  let best: { readonly format: Format; readonly fits: number; readonly of: number } | null = null;
  let bestShare = 0;
  let mistake: unknown = null;
  const candidates = FORMATS.filter((format) => format.looksLike(lines, options));
  const fixed = candidates.find(({ fixedFields }) => fixedFields);
  if (fixed !== undefined && options.columns !== null) throw noColumns(fixed);
  for (const format of candidates) {
    try {
      // A draw for a guess would be missing when the same lines are read.
      const { fits, of } = fitting(format, lines, { ...options, spread: null });
      const share = of === 0 ? 0 : fits / of;
      if (best !== null && share <= bestShare + CLEARLY) continue;
      best = { format, fits, of };
      bestShare = share;
    } catch (error) {
      // Columns that are not there, or no arrivals: of another format they may be.
      mistake ??= error;
    }
  }
  if (best === null) throw mistake ?? unknownFormat(lines);
  const { format, fits, of } = best;
  if (candidates.length > 1 && fits < LEAST_SHARE * of) {
    const names = candidates.map(({ name, title }) => `\`format: ${name}\` (${title})`);
    throw new UserError(
      `could be of several formats, and of none surely: only ${grouped(fits)} of ${grouped(of)} lines fit one; say ${names.join(' or ')}`,
    );
  }
  const why =
    of === 0 ? 'by the look of its lines' : `${grouped(fits)} of ${grouped(of)} lines fit`;
  return { format, why: `detected: ${why}` };
}

function fitting(
  format: Format,
  lines: readonly string[],
  options: ReaderOptions,
): { fits: number; of: number } {
  const reader = format.open(lines, options);
  const row = new Row();
  let fits = 0;
  let of = 0;
  let open = '';
  for (const line of lines) {
    const record = open + line;
    let outcome: Outcome;
    do outcome = reader.read(record, 0, record.length, row);
    while (outcome === MORE);
    open = outcome === UNFINISHED ? `${record}\n` : '';
    if (outcome === REQUEST) fits++;
    if (outcome !== NOTHING && outcome !== UNFINISHED) of++;
  }
  return { fits, of };
}

function noColumns({ title }: Format): UserError {
  return new UserError(
    `is ${title}, whose fields have their places: leave \`columns:\` out, or give the server's own \`log_format\` or \`LogFormat\` line as \`format:\``,
  );
}

function unknownFormat(lines: readonly string[]): UserError {
  const first = lines.find((line) => line.trim() !== '') ?? '';
  return new UserError(
    `is in no format that is known: it begins with \`${readable(first)}\`; give the server's own \`log_format\` or \`LogFormat\` line as \`format:\`, or name the columns of a table: \`columns: { start: NAME, service: NAME }\`; or it is one of ${FORMATS.map(({ name }) => name).join(', ')}`,
  );
}
