import { Command, InvalidArgumentError } from 'commander';
import { type Mistake, UserError } from '../base/errors.ts';
import { type LibraryOptions, loadLibrary } from '../node/models.ts';
import { writePieces } from '../node/output.ts';
import { readWhole } from '../node/trace-files.ts';
import { noneOf } from '../platform/catalogue.ts';
import { type Gpu, REFERENCE_GPU, relativeSpeedOf } from '../platform/gpus.ts';
import type { Library } from '../platform/library.ts';
import { priceFileText } from '../platform/price-file.ts';
import {
  COLUMN_KEYS,
  choosePrices,
  type PriceColumns,
  readPriceTable,
} from '../platform/price-list.ts';
import { gpuScreen, gpusScreen } from '../report/gpus-screen.ts';
import { chosenLines, priceTableLines } from '../report/price-list-screen.ts';
import { takesModels, wholeNumber } from './study-options.ts';
import { note, noteLibrary, print, printJson, styleOfStderr, styleOfStdout } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront gpus
  coldfront gpus h100
  coldfront gpus import lambda-2026-11-20.csv --extends dedicated --id lambda --source 'SkyPilot catalog, lambda' --list-version v7 --out own/platforms/lambda.yaml`;

interface GpusFlags extends LibraryOptions {
  readonly json?: boolean;
}

export function gpusCommand(): Command {
  return takesModels(new Command('gpus'))
    .description('Lists the GPUs, or every figure of one with its source, date and grade.')
    .argument('[gpu]', 'a GPU')
    .option('--json', 'one JSON document on stdout and nothing else')
    .addHelpText('after', EXAMPLES)
    .addCommand(importCommand())
    .action(run);
}

async function run(id: string | undefined, { json, models }: GpusFlags): Promise<void> {
  const library = await loadLibrary({ models });
  noteLibrary({ library });
  const { gpus } = library;
  const gpu = id === undefined ? undefined : gpus.get(id);
  if (id !== undefined && gpu === undefined) {
    throw new UserError(noneOf('GPU', id, gpus.keys()));
  }
  if (json) printJson(documentOf(gpu === undefined ? [...gpus.values()] : [gpu], library));
  else if (gpu === undefined) print(gpusScreen(gpus, styleOfStdout()));
  else print(gpuScreen(gpu, gpus, styleOfStdout()));
}

function documentOf(shown: readonly Gpu[], { gpus }: Library) {
  const reference = gpus.get(REFERENCE_GPU);
  return {
    schema: 'coldfront.gpus.v1',
    relativeTo: reference === undefined ? null : REFERENCE_GPU,
    gpus: shown.map((gpu) => ({
      ...gpu,
      inferredSpeed: reference === undefined ? null : relativeSpeedOf(gpu, reference),
    })),
  };
}

interface ImportFlags extends GpusFlags {
  readonly extends?: string;
  readonly id?: string;
  readonly name?: string;
  readonly source?: string;
  readonly listVersion?: string;
  readonly date?: string;
  readonly columns?: PriceColumns;
  readonly region?: string;
  readonly count?: number;
  readonly out?: string;
  readonly overwrite?: boolean;
}

function importCommand(): Command {
  return takesModels(new Command('import'))
    .description(
      'Makes a platform file out of a table of prices: CSV as gpuhunt or SkyPilot have it, or any.',
    )
    .argument('<file>', 'the table; - is stdin')
    .option('--extends <platform>', 'the platform whose rules hold for what these prices are for')
    .option('--id <id>', 'of the new platform')
    .option('--name <name>', 'of the new platform; its id if left out')
    .option('--source <text>', 'where the table is from')
    .option('--list-version <version>', 'of the table; told by a file name with one (v7, 20261120)')
    .option('--date <day>', 'when its prices held; told by a file name with one (2026-11-20)')
    .option(
      '--columns <pairs>',
      `which column is what, of ${COLUMN_KEYS.join(', ')}: gpu=GPU,price=usd_per_hour`,
      columnsOf,
    )
    .option(
      '--region <region>',
      'takes prices of this region; left out, of the one that asks least',
    )
    .option(
      '--count <count>',
      'takes prices for so many GPUs; left out, for the fewest that are sold',
      wholeNumber(1),
    )
    .option('--out <file>', 'where to write; stdout if left out')
    .option('--overwrite', 'replaces the file of --out')
    .action(runImport);
}

async function runImport(file: string, flags: ImportFlags): Promise<void> {
  const library = await loadLibrary({ models: flags.models });
  noteLibrary({ library });
  const origin = originOf(file, flags, library);
  const table = readPriceTable(await readWhole(file), file, library.gpus, flags.columns ?? null);
  const chosen = choosePrices(table.offers, {
    region: flags.region ?? null,
    gpus: flags.count ?? null,
  });
  if (chosen.prices.length === 0) {
    const regions = [...new Set(table.offers.map(({ region }) => region))];
    const message = `has no price for that: regions ${regions.slice(0, 20).join(', ')}; leave out --region or --count`;
    throw new UserError([{ at: file, path: null, message }]);
  }
  const style = styleOfStderr();
  const lines = [...priceTableLines(table, chosen, style), ...chosenLines(chosen, style)];
  for (const line of lines) note(line);
  const text = priceFileText(origin, chosen.prices);
  await writePieces([text], flags.out ?? null, flags.overwrite === true);
}

const DAY = /(20\d\d)-?([01]\d)-?([0-3]\d)/;
const VERSION = /(?<![A-Za-z0-9])(v\d+(?:\.\d+)*|20\d{6}(?:-\d+)?)(?![A-Za-z0-9])/;

/** What nobody can know for the user is asked for, all at once. */
function originOf(file: string, flags: ImportFlags, { platforms }: Library) {
  const mistakes: Mistake[] = [];
  const asked = (flag: string, value: string | undefined, why: string): string => {
    if (value === undefined || value.trim() === '') {
      mistakes.push({ at: flag, path: null, message: `is missing: ${why}` });
    }
    return value ?? '';
  };
  const [, year, month, day] = DAY.exec(file) ?? [];
  const known = [...platforms.keys()];
  const origin = {
    extends: asked(
      '--extends',
      flags.extends,
      `the platform whose rules hold, one of ${known.join(', ')}`,
    ),
    id: asked('--id', flags.id, 'what studies will call these prices: --id lambda, say'),
    name: flags.name ?? flags.id ?? '',
    source: asked('--source', flags.source, 'who published the table, and where'),
    version: asked(
      '--list-version',
      flags.listVersion ?? VERSION.exec(file)?.[1],
      'of the table; no file name tells it',
    ),
    date: asked(
      '--date',
      flags.date ?? (year === undefined ? undefined : `${year}-${month}-${day}`),
      'when its prices held: --date 2026-11-20; no file name tells it',
    ),
  };
  if (flags.extends !== undefined && !platforms.has(flags.extends)) {
    const message = noneOf('platform', flags.extends, known);
    mistakes.push({ at: '--extends', path: null, message });
  }
  if (flags.id !== undefined && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(flags.id)) {
    const message = `must be lower case words joined by -, is ${flags.id}`;
    mistakes.push({ at: '--id', path: null, message });
  }
  if (flags.date !== undefined && !/^\d{4}(-\d\d){0,2}$/.test(flags.date)) {
    const message = `must be a day, a month or a year such as 2026-11-20, is ${flags.date}`;
    mistakes.push({ at: '--date', path: null, message });
  }
  if (mistakes.length > 0) throw new UserError(mistakes);
  return origin;
}

function columnsOf(text: string): PriceColumns {
  const pairs = text.split(',').map((pair) => pair.split('='));
  const keys: readonly string[] = COLUMN_KEYS;
  for (const [key = '', ...rest] of pairs) {
    if (keys.includes(key) && rest.length === 1 && rest[0] !== '') continue;
    throw new InvalidArgumentError(
      `Pairs such as gpu=GPU,price=usd_per_hour are expected; there are ${keys.join(', ')}.`,
    );
  }
  const named = Object.fromEntries(pairs) as Record<string, string>;
  const { gpu, price } = named;
  if (gpu === undefined || price === undefined) {
    throw new InvalidArgumentError('gpu=... and price=... are needed.');
  }
  return { ...named, gpu, price };
}
