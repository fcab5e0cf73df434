/**
 * BurstGPT (github.com/HPMLL/BurstGPT): `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type` of releases 1
 * and 2; release 3 has `Session ID,Elapsed time` behind the first. `Timestamp` is when a request was submitted, in seconds
 * from the midnight of the first day; 0 response tokens are a failure (both by its README). What `Elapsed time` is, no
 * README said when this was written; one announced "the end time of each request" as the column to come, so it is taken as
 * the seconds from submission to the end of the answer.
 */

import { grouped } from '../../base/counts.ts';
import { csv } from './csv.ts';
import type { Format } from './line-reader.ts';
import {
  completed,
  hasColumns,
  headerNames,
  NO_COLUMNS,
  named,
  seconds,
} from './records/data-set.ts';

const COLUMNS = {
  ...NO_COLUMNS,
  start: seconds('Timestamp'),
  inputTokens: named('Request tokens'),
  outputTokens: named('Response tokens'),
  endpoint: named('Model'),
};

export const burstGpt: Format = {
  name: 'burstgpt',
  title: 'BurstGPT, releases 1 to 3',
  looksLike: (lines, { columns }) =>
    columns === null &&
    hasColumns(lines, ['timestamp', 'model', 'request_tokens', 'response_tokens', 'log_type']),
  open(lines, options) {
    if (options.columns !== null) return csv.open(lines, options);
    const timed = headerNames(lines).includes('elapsed_time');
    const columns = timed ? { ...COLUMNS, service: seconds('Elapsed time') } : COLUMNS;
    let failed = 0;
    return completed(
      csv.open(lines, { ...options, columns }),
      (row) => {
        if (row.outputTokens !== 0) return;
        failed++;
        row.serviceUs = Number.NaN;
      },
      ({ warnings, ...facts }) => ({
        ...facts,
        format: `BurstGPT${timed ? ' 3' : ''}`,
        warnings: [
          ...warnings,
          ...(timed ? ['`Elapsed time` is taken as seconds from submission to the end'] : []),
          ...(failed > 0 ? [`requests with 0 response tokens failed: ${grouped(failed)}`] : []),
        ],
      }),
    );
  },
};
