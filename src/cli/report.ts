import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../base/errors.ts';
import { fileError } from '../node/file-errors.ts';
import { pageParts } from '../node/page-bundle.ts';
import { reportOf } from '../node/report.ts';
import {
  isResults,
  NOTHING_BESIDE,
  openResults,
  type ReportSource,
} from '../node/report-source.ts';
import { sweepLargeStudy } from '../node/run.ts';
import { openStudy } from '../node/studies.ts';
import { STDIN } from '../node/trace-files.ts';
import { commandLine } from '../report/command-line.ts';
import { pageHtml } from '../report/page/page-html.ts';
import { createProgress } from './progress.ts';
import {
  ALL_CORES,
  collect,
  type Flags,
  inputOf,
  takesStudy,
  wholeNumber,
} from './study-options.ts';
import { note, noteLibrary, print, today } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront sweep chat.yaml --out results && coldfront report results
  coldfront report chat.yaml --out chat.html
  coldfront report access.log.gz --platform modal --gpu a10g --cold-start 30s \\
    --vary deployment.replicas.min=0..4 --slo 'latencyS.p99 <= 10'

The page is one file: it opens without a network and asks nobody for anything.`;

const PAGE = 'report.html';

export function reportCommand(): Command {
  const command = takesStudy(new Command('report'))
    .description('One HTML page that a planner can show: from results, or from a study or a trace.')
    .option(
      '--vary <path=values>',
      'a key and its values, as `sweep` has it; may be repeated',
      collect,
      [],
    )
    .option('--workers <count>', 'threads; the page never depends on it', wholeNumber(1), ALL_CORES)
    .option('--out <file>', `where the page goes (${PAGE} beside the results); - for stdout`)
    .addHelpText('after', EXAMPLES)
    .action(run);
  return command;
}

interface ReportFlags extends Flags {
  readonly workers: number;
  readonly out?: string;
}

async function run(files: readonly string[], flags: ReportFlags): Promise<void> {
  const { workers, json = false } = flags;
  if (flags.out !== undefined && !json) refuseOther(flags.out);
  const source = await sourceOf(files, flags);
  const own = {
    made: 'This page was made by',
    command: commandLine(['coldfront', ...process.argv.slice(2)]),
  };
  const before =
    source.about === null
      ? []
      : [{ made: 'Its results were made by', command: commandLine(source.about.command) }];
  const page = await reportOf(source, {
    today: today(),
    commands: [...before, own],
    workers,
  }).finally(source.close);
  for (const { why } of page.missing) note(why);
  if (json) {
    print(JSON.stringify(page, null, 2));
    return;
  }
  const html = pageHtml(page, pageParts());
  const out = flags.out ?? join(source.folder, PAGE);
  if (out === STDIN) {
    print(html);
    return;
  }
  try {
    writeFileSync(out, html);
  } catch (error) {
    throw fileError(error, out);
  }
  note(page.conclusion.headline);
  note(
    `Page: ${out} (${(html.length / 1e6).toFixed(1)} MB, ${page.focus.length} of ${page.grid.rows} configurations in full)`,
  );
}

/** @throws UserError for a file whose name promises what a page is not */
function refuseOther(out: string): void {
  if (out === STDIN || /\.html?$/i.test(out)) return;
  const message = `is no name for a page of HTML: end it in .html${/\.pdf$/i.test(out) ? ', open it and print it to a PDF' : ''}`;
  throw new UserError([{ at: `--out ${out}`, path: null, message }]);
}

/** @throws UserError where results come with flags: they are reported as they are */
async function sourceOf(files: readonly string[], flags: ReportFlags): Promise<ReportSource> {
  const [first = STDIN] = files;
  const results = files.find(isResults);
  if (results === undefined) return runFor(files, flags);
  const input = inputOf(files, flags);
  const { flags: keys = [], set = [], vary = [], slo = [] } = input.overrides;
  if (files.length > 1 || keys.length + set.length + vary.length + slo.length > 0) {
    const message =
      'are results: they are reported as they are, alone and without flags that change a study';
    throw new UserError([{ at: basename(first), path: null, message }]);
  }
  return openResults(results, flags.models);
}

async function runFor(files: readonly string[], flags: ReportFlags): Promise<ReportSource> {
  const study = await openStudy(inputOf(files, flags));
  noteLibrary(study);
  const progress = createProgress();
  try {
    const document = await sweepLargeStudy(study, {
      workers: flags.workers,
      onProgress: (state) => progress.show(state),
    });
    return { document, study, why: null, folder: '.', ...NOTHING_BESIDE };
  } finally {
    progress.stop();
  }
}
