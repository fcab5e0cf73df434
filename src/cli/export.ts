import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../base/errors.ts';
import { writeBytes, writePieces } from '../node/output.ts';
import { parquetOf } from '../node/parquet-table.ts';
import { RESULTS, withoutResults } from '../node/report-source.ts';
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
  coldfront export results --out results.parquet
  coldfront export results --what lines --format csv
  coldfront export results --what timeline --format json --out timeline.json.gz

docs/columns.md says what every column is. A row's index is what the tables join on.`;

const FORMATS = ['csv', 'json', 'parquet'] as const;
const TABLES = ['results', 'timeline', 'hours', 'lines'] as const;

type Format = (typeof FORMATS)[number];

interface ExportFlags {
  readonly format?: Format;
  readonly what: (typeof TABLES)[number];
  readonly out: string;
  readonly overwrite?: boolean;
}

type WrittenAs = ExportFlags & { readonly format: Format };

export function exportCommand(): Command {
  return new Command('export')
    .description('Results as flat tables for other programs: CSV, JSON or Parquet.')
    .argument('<results>', 'a folder that --out wrote, or a results.json')
    .addOption(
      new Option(
        '--format <format>',
        "how the rows are written; left out, as the end of --out's name says, else csv",
      ).choices(FORMATS),
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
  const format = formatOf(flags);
  const { swept, close } = openSweepFile(resultsAt(path));
  try {
    await exportTable(swept, { ...flags, format });
  } finally {
    close();
  }
}

/** @throws UserError where the file's name says otherwise, and for bytes that a terminal cannot show */
function formatOf({ format, out }: ExportFlags): Format {
  const bare = out.toLowerCase().replace(/\.(gz|zst)$/, '');
  const named = FORMATS.find((one) => bare.endsWith(`.${one}`));
  const wrong = (at: string, message: string) => new UserError([{ at, path: null, message }]);
  if (format !== undefined && named !== undefined && format !== named) {
    const message = `contradicts --out ${out}: leave --format out, or name a file that ends in .${format}`;
    throw wrong(`--format ${format}`, message);
  }
  const chosen = format ?? named ?? 'csv';
  if (chosen !== 'parquet') return chosen;
  if (out === STDIN && process.stdout.isTTY) {
    throw wrong('--format parquet', 'is binary, no text for a terminal: add --out FILE, or a pipe');
  }
  if (named !== undefined && !out.toLowerCase().endsWith('.parquet')) {
    throw wrong(`--out ${out}`, 'packs what is packed: Parquet is, so end the name in .parquet');
  }
  return chosen;
}

function resultsAt(path: string): string {
  if (!existsSync(path) || !statSync(path).isDirectory()) return path;
  const file = join(path, RESULTS);
  if (existsSync(file)) return file;
  throw withoutResults(path);
}

/** @throws UserError where the results have no such rows */
function exportTable(swept: Swept, flags: WrittenAs): Promise<void> {
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
  { format, out, overwrite = false }: WrittenAs,
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
