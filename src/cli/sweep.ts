import { isAbsolute, join, relative } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../base/errors.ts';
import { openResultFolder, type ResultFolder } from '../node/results.ts';
import { sweepStudy } from '../node/run.ts';
import { type OpenStudy, openStudy } from '../node/studies.ts';
import { STDIN } from '../node/trace-files.ts';
import { resultsCsv } from '../report/csv.ts';
import { brokenLines } from '../report/fit-screen.ts';
import { ignoredLines } from '../report/ignored.ts';
import { counted } from '../report/numbers.ts';
import { priceLines } from '../report/prices.ts';
import { sweepScreen } from '../report/sweep-screen.ts';
import { studyTraffic } from '../report/traffic.ts';
import { settingAt } from '../report/varied.ts';
import type { SweepDocument, Varied } from '../study/document.ts';
import type { Json } from '../study/json.ts';
import { getAt, type KeyPath, setAt } from '../study/key-path.ts';
import { brokenEverywhere } from '../study/latency-limits.ts';
import { durationUs } from './durations.ts';
import { EXIT, Interrupted } from './failure.ts';
import { createProgress, type Progress } from './progress.ts';
import { ALL_CORES, type Flags, inputOf, takesStudy, wholeNumber } from './study-options.ts';
import { note, noteLibrary, print, printJson, styleOfStdout, today } from './terminal.ts';

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
      (value: string, before: readonly string[]) => [...before, value],
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
    .option('--timeline <interval>', 'adds means of the replicas over each interval', durationUs)
    .addHelpText('after', EXAMPLES)
    .action(run);
}

interface SweepFlags extends Flags {
  readonly workers: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly timeline?: number;
}

async function run(files: readonly string[], flags: SweepFlags): Promise<void> {
  const study = await openStudy(inputOf(files, flags));
  noteLibrary(study);
  const folder = openFolder(study, flags);
  const progress = createProgress();
  const interruption = interruptible();
  try {
    const document = await sweepStudy(study, {
      workers: flags.workers,
      folder,
      timelineUs: flags.timeline ?? 0,
      signal: interruption.signal,
      onProgress: (state) => progress.show(state),
    });
    progress.stop();
    if (folder !== null) writeDocuments(folder, document);
    answer(study, document, flags);
  } catch (error) {
    progress.stop();
    throw interruption.signal.aborted ? new Interrupted(farewell(progress, flags.out)) : error;
  } finally {
    interruption.end();
    folder?.close();
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
  folder.write('study.json', `${JSON.stringify(wholeStudy(study, out), null, 2)}\n`);
  return folder;
}

/** The study with its grid, a map of overrides for each row, and what runs today: it can be run again where it lies. */
function wholeStudy({ loaded, folder }: OpenStudy, out: string): Json {
  const { study, points, leftOut, current } = loaded;
  const rows = points.filter(({ index }) => index !== current).map(({ overrides }) => overrides);
  const vary = [...rows, ...leftOut.map((point) => point.vary)];
  const today = current === null ? undefined : points[current]!.overrides;
  return {
    ...(withTracesFrom(study, (file) => relative(out, join(folder, file))) as Varied),
    ...(vary.some((row) => Object.keys(row).length > 0) && { vary }),
    ...(today && { current: today }),
  };
}

function withTracesFrom(study: Json, moved: (file: string) => string): Json {
  const replay = getAt(study, ['workload', 'replay']);
  if (replay === undefined) return study;
  const places: KeyPath[] = Array.isArray(replay)
    ? replay.map((_, i) => ['workload', 'replay', i, 'file'])
    : [['workload', 'replay', 'file']];
  return places.reduce<Json>((map, path) => {
    const list = [getAt(study, path) ?? []].flat() as readonly string[];
    const all = list.map((file) => (file === STDIN || isAbsolute(file) ? file : moved(file)));
    return setAt(map, path, all.length === 1 ? all[0]! : all) ?? map;
  }, study);
}

function writeDocuments(folder: ResultFolder, document: SweepDocument): void {
  folder.write('results.json', `${JSON.stringify(document, null, 2)}\n`);
  folder.write('results.csv', resultsCsv(document.results));
}

function answer(study: OpenStudy, document: SweepDocument, { json, out }: SweepFlags): void {
  const { loaded, traces, catalogue } = study;
  const ignored = ignoredLines(loaded);
  if (json) {
    ignored.forEach(note);
    // Never in the document: it is the same on any day.
    priceLines(loaded, catalogue, today(), 'stale').forEach(note);
    printJson(document);
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
      }),
    );
  }
  const asked = document.results.some(({ slo }) => slo !== null);
  if (asked && document.cheapestWithinSlo === null) process.exitCode = EXIT.sloNotMet;
}

/** The first Ctrl-C ends the sweep between two results; a second one ends the process at once. */
function interruptible(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, stop);
  return {
    signal: controller.signal,
    end: () => {
      for (const name of signals) process.off(name, stop);
    },
  };
}

function farewell({ done }: Progress, out: string | undefined): string {
  const kept =
    out === undefined
      ? 'nothing was kept: --out DIR keeps results as they finish'
      : `they are in ${out}: the same command with --resume goes on from there`;
  return `interrupted after ${counted(done(), 'configuration')}; ${kept}`;
}
