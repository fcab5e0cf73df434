/**
 * Azure's trace of function invocations of 2021: `app,func,end_timestamp,duration`, in seconds from the trace's own zero
 * (github.com/Azure/AzurePublicDataset, AzureFunctionsInvocationTrace2021). The stamp is the end of an invocation, start =
 * end - duration; rows stand in the order of their starts, so stamps go backwards. A function's name is its app's own.
 */
import { csv } from './csv.ts';
import type { Format } from './line-reader.ts';
import { completed, hasColumns, NO_COLUMNS, named, seconds } from './records/data-set.ts';

const COLUMNS = {
  ...NO_COLUMNS,
  end: seconds('end_timestamp'),
  service: seconds('duration'),
  endpoint: named('func'),
  // Tables have no second column of names.
  host: named('app'),
};

export const azureFunctions2021: Format = {
  name: 'azure-functions-2021',
  title: "Azure's function invocations of 2021",
  looksLike: (lines, { columns }) =>
    columns === null && hasColumns(lines, ['app', 'func', 'end_timestamp', 'duration']),
  open(lines, options) {
    if (options.columns !== null) return csv.open(lines, options);
    return completed(
      csv.open(lines, { ...options, columns: COLUMNS, texts: true }),
      (row) => {
        row.endpoint = `${row.host}/${row.endpoint}`;
        row.host = null;
      },
      (facts) => ({ ...facts, format: 'Azure Functions invocations of 2021' }),
    );
  },
};
