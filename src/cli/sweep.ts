import { Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../base/errors.ts';
import { type Journal, nameless } from '../node/journal.ts';
import { writePieces } from '../node/output.ts';
import { resultsOf, writeResultFiles } from '../node/result-files.ts';
import { openResultFolder, type ResultFolder } from '../node/results.ts';
import { sweepLargeStudy } from '../node/run.ts';
import { type OpenStudy, openStudy } from '../node/studies.ts';
import { encoded } from '../report/encoding.ts';
import { brokenLines } from '../report/fit-screen.ts';
import { pathMeant } from '../report/heat-map.ts';
import { ignoredLines } from '../report/ignored.ts';
import { counted } from '../report/numbers.ts';
import { priceLines } from '../report/prices.ts';
import { sweepJson } from '../report/sweep-json.ts';
import { sweepScreen } from '../report/sweep-screen.ts';
import { studyTraffic } from '../report/traffic.ts';
import { settingAt } from '../report/varied.ts';
import { brokenEverywhere } from '../study/latency-limits.ts';
import type { Swept } from '../study/row-figures.ts';
import { CHART_HELP, chartFiles, writeCharts } from './chart-files.ts';
import { durationUs } from './durations.ts';
import { EXIT, Interrupted } from './failure.ts';
import { interruptible } from './interruption.ts';
import { writeOrigin } from './out-folder.ts';
import { createProgress, type Progress } from './progress.ts';
import {
  ALL_CORES,
  collect,
  type Flags,
  inputOf,
  takesStudy,
  wholeNumber,
} from './study-options.ts';
import { note, noteLibrary, print, styleOfStdout, today } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront sweep chat.yaml --out results
  coldfront sweep chat.yaml --out results --resume
  coldfront sweep access.log.gz --platform modal --gpu a10g --cold-start 30s \\
    --vary deployment.replicas.min=0..4 --vary deployment.idleWindow=5s,60s,5m \\
    --slo 'latencyS.p99 <= 10'

A range stops at or below its end: 0..8, 0..100+10, 1s..10m*2. Commas split outside brackets.`;

export function sweepCommand(): Command {
  return takesStudy(new Command('sweep'))
    .description('Runs a grid of configurations over all cores: the cheapest that meets the SLO.')
    .option(
      '--vary <path=values>',
      'a key and its values: deployment.replicas.min=0..4; may be repeated',
      collect,
      [],
    )
    .option('--workers <count>', 'threads; results never depend on it', wholeNumber(1), ALL_CORES)
    .option('--out <folder>', 'keeps every result, each as soon as it is finished')
    .addOption(
      new Option('--resume', 'goes on with what --out has of an earlier run').conflicts(
        'overwrite',
      ),
    )
    .option('--overwrite', 'replaces what --out has of an earlier run')
    .option('--hours', 'adds what came and what it cost by the hour of the clock')
    .option('--timeline <interval>', 'adds means of the replicas over each interval', durationUs)
    .option(
      '--heat <x,y>',
      'the two keys of the map on the screen: replicas.min,idleWindow',
      twoKeys,
    )
    .option('--chart <file>', CHART_HELP, collect, [])
    .addHelpText('after', EXAMPLES)
    .action(run);
}

interface SweepFlags extends Flags {
  readonly workers: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly timeline?: number;
  readonly hours?: boolean;
  readonly chart: readonly string[];
  readonly heat?: readonly [string, string];
}

async function run(files: readonly string[], flags: SweepFlags): Promise<void> {
  const charts = chartFiles(flags.chart);
  const study = await openStudy(inputOf(files, flags));
  noteLibrary(study);
  const heat = flags.heat === undefined ? null : heatKeys(study, flags.heat);
  const folder = openFolder(study, flags);
  const journal = folder === null ? journalFor(study) : null;
  const outcomes = folder?.outcomes ?? journal;
  const progress = createProgress();
  const interruption = interruptible();
  try {
    const swept = await sweepLargeStudy(study, {
      workers: flags.workers,
      ...(outcomes && { outcomes }),
      timelineUs: flags.timeline ?? 0,
      hourly: flags.hours ?? false,
      signal: interruption.signal,
      onProgress: (state) => progress.show(state),
    });
    progress.stop();
    if (folder !== null) {
      noteUnused(folder);
      await writeResultFiles(folder.path, swept, interruption.signal);
    }
    await answer(study, swept, flags, heat);
    await writeCharts(charts, study, swept, flags.workers);
  } catch (error) {
    progress.stop();
    throw interruption.signal.aborted ? new Interrupted(farewell(progress, flags.out)) : error;
  } finally {
    interruption.end();
    folder?.close();
    journal?.close();
  }
}

/** The folder of --out with a copy of the study in it, whatever comes of the sweep. */
function openFolder(study: OpenStudy, flags: SweepFlags): ResultFolder | null {
  const { out, resume = false, overwrite = false } = flags;
  if (out === undefined) {
    if (!resume && !overwrite) return null;
    const message = 'means nothing without --out: name the folder of the results';
    throw new UserError([{ at: resume ? '--resume' : '--overwrite', path: null, message }]);
  }
  const folder = openResultFolder(out, { resume, overwrite });
  if (folder.damaged > 0) {
    const lines = counted(folder.damaged, 'torn or changed line');
    note(`${out}: ${lines} of results.jsonl dropped, to be run again`);
  }
  writeOrigin(folder, study);
  return folder;
}

/** Lines that are no outcome of this sweep stay where they are: another study may go on from them. */
function noteUnused({ path, unused }: ResultFolder): void {
  if (unused() === 0) return;
  const lines = counted(unused(), 'line');
  note(
    `${path}: ${lines} of results.jsonl left unused: of another study, traffic or version, or of other flags`,
  );
}

/** More results than these are kept on a disk, be it for the time of the sweep. */
const MOST_IN_MEMORY = 1_000;

function journalFor({ loaded }: OpenStudy): Journal | null {
  return loaded.points.length > MOST_IN_MEMORY ? nameless() : null;
}

/** @throws InvalidArgumentError where it is not two keys */
function twoKeys(text: string): readonly [string, string] {
  const [x = '', y = '', ...more] = text.split(',').map((key) => key.trim());
  if (x === '' || y === '' || more.length > 0) {
    throw new InvalidArgumentError('Two keys that vary are expected, a comma between them.');
  }
  return [x, y];
}

/** @throws UserError for a key that does not vary */
function heatKeys({ loaded: { varied } }: OpenStudy, keys: readonly [string, string]) {
  const [x, y] = keys.map((key) => pathMeant(varied, key));
  const message = `is no map of this grid: name two of ${varied.join(', ') || 'several keys that vary'}`;
  if (!x || !y || x === y) throw new UserError([{ at: `--heat ${keys}`, path: null, message }]);
  return [x, y] as const;
}

async function answer(
  study: OpenStudy,
  document: Swept,
  { json, out }: SweepFlags,
  heat: readonly [string, string] | null,
): Promise<void> {
  const { loaded, traces, catalogue } = study;
  const ignored = ignoredLines(loaded);
  if (json) {
    ignored.forEach(note);
    // Never in the document: it is the same on any day.
    priceLines(loaded, catalogue, today(), 'stale').forEach(note);
    await writePieces(encoded(sweepJson(document), resultsOf(document)), null, true);
  } else {
    print(
      sweepScreen(document, {
        style: styleOfStdout(),
        traffic: studyTraffic(loaded, traces),
        prices: [
          ...(document.cheapestWithinSlo === null
            ? brokenLines(brokenEverywhere(loaded, traces))
            : []),
          ...ignored,
          ...priceLines(loaded, catalogue, today()),
        ],
        valueAt: (index, path) => settingAt(loaded.points[index]!, loaded.study, path),
        folder: out ?? null,
        heat,
      }),
    );
  }
  const asked = document.results.some(({ slo }) => slo !== null);
  if (asked && document.cheapestWithinSlo === null) process.exitCode = EXIT.sloNotMet;
}

function farewell({ done }: Progress, out: string | undefined): string {
  const kept =
    out === undefined
      ? 'nothing was kept: --out DIR keeps results as they finish'
      : `they are in ${out}: the same command with --resume goes on from there`;
  return `interrupted after ${counted(done(), 'configuration')}; ${kept}`;
}
