import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../base/errors.ts';
import { writeBytes, writePieces } from '../node/output.ts';
import { parquetOf } from '../node/parquet-table.ts';
import { resultsOf } from '../node/result-files.ts';
import { openSweepFile } from '../node/sweep-file.ts';
import { STDIN } from '../node/trace-files.ts';
import type { Table } from '../report/column.ts';
import { hoursTable, LINES, resultsTable, TIMELINE } from '../report/columns.ts';
import { csvOf } from '../report/csv.ts';
import { encoded } from '../report/encoding.ts';
import { rowsJson } from '../report/rows-json.ts';
import type { Swept } from '../study/row-figures.ts';

const EXAMPLES = `
Examples:
  coldfront export results --format parquet --out results.parquet
  coldfront export results --what lines --format csv
  coldfront export results --what timeline --format json --out timeline.json.gz

docs/columns.md says what every column is. A row's index is what the tables join on.`;

const FORMATS = ['csv', 'json', 'parquet'] as const;
const TABLES = ['results', 'timeline', 'hours', 'lines'] as const;

interface ExportFlags {
  readonly format: (typeof FORMATS)[number];
  readonly what: (typeof TABLES)[number];
  readonly out: string;
  readonly overwrite?: boolean;
}

export function exportCommand(): Command {
  return new Command('export')
    .description('Results as flat tables for other programs: CSV, JSON or Parquet.')
    .argument('<results>', 'a folder that --out wrote, or a results.json')
    .addOption(
      new Option('--format <format>', 'how the rows are written').choices(FORMATS).default('csv'),
    )
    .addOption(
      new Option(
        '--what <table>',
        'a row a configuration, or an interval, an hour, a line of the bill of each',
      )
        .choices(TABLES)
        .default('results'),
    )
    .option('--out <file>', 'packed if it ends in .gz or .zst; - for stdout', STDIN)
    .option('--overwrite', 'replaces the file if it is there')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(path: string, flags: ExportFlags): Promise<void> {
  const { swept, close } = openSweepFile(resultsAt(path));
  try {
    await exportTable(swept, flags);
  } finally {
    close();
  }
}

function resultsAt(path: string): string {
  if (!existsSync(path) || !statSync(path).isDirectory()) return path;
  const file = join(path, 'results.json');
  if (existsSync(file)) return file;
  const message = existsSync(join(path, 'results.jsonl'))
    ? 'has no results.json: its sweep did not end; the same command with --resume goes on with it'
    : 'holds no results: `coldfront sweep STUDY --out DIR` writes them';
  throw new UserError([{ at: path, path: null, message }]);
}

/** @throws UserError where the results have no such rows */
function exportTable(swept: Swept, flags: ExportFlags): Promise<void> {
  const { what } = flags;
  const first = swept.results.length > 0 ? swept.resultAt(0) : undefined;
  const missing = (flag: string) =>
    new UserError(`these results have no ${what}: run the sweep with ${flag}`);
  switch (what) {
    case 'results':
      return write(swept, resultsTable({ rows: swept.results, first }), flags);
    case 'timeline':
      if (first?.timeline === undefined) throw missing('--timeline 1m');
      return write(swept, TIMELINE, flags);
    case 'hours':
      if (first?.hours === undefined) throw missing('--hours');
      return write(swept, hoursTable(first), flags);
    case 'lines':
      return write(swept, LINES, flags);
  }
}

async function write<Row>(
  swept: Swept,
  { columns, rowsOf }: Table<Row>,
  { format, out, overwrite = false }: ExportFlags,
): Promise<void> {
  const path = out === STDIN ? null : out;
  const rows = rowsIn(swept, rowsOf);
  if (format === 'parquet') {
    return writeBytes(encoded(await parquetOf(columns), rows), path, overwrite);
  }
  const encoder = format === 'csv' ? csvOf(columns) : rowsJson(columns);
  return writePieces(encoded(encoder, rows), path, overwrite);
}

function* rowsIn<Row>(swept: Swept, rowsOf: Table<Row>['rowsOf']): Generator<Row, void> {
  for (const one of resultsOf(swept)) yield* rowsOf(one);
}
