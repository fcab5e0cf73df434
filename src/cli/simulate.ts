import { Command, InvalidArgumentError } from 'commander';
import { observedEndUs, simulateStudy } from '../node/run.ts';
import { writeSimulation } from '../node/simulation-files.ts';
import { type OpenStudy, openStudy } from '../node/studies.ts';
import { coarser } from '../report/coarser.ts';
import { brokenLines } from '../report/fit-screen.ts';
import { ignoredLines } from '../report/ignored.ts';
import { priceLines } from '../report/prices.ts';
import { PICTURE_INTERVALS, simulateScreen } from '../report/simulate-screen.ts';
import { studyTraffic } from '../report/traffic.ts';
import { settingsOf } from '../report/varied.ts';
import { studyBounds } from '../study/bounds/study-bounds.ts';
import type { Result } from '../study/document.ts';
import { brokenEverywhere } from '../study/latency-limits.ts';
import { parsePrecision } from '../study/precision.ts';
import { durationUs } from './durations.ts';
import { EXIT } from './failure.ts';
import { writeOrigin } from './out-folder.ts';
import { type Flags, inputOf, takesStudy, wholeNumber } from './study-options.ts';
import { note, noteLibrary, print, printJson, styleOfStdout, today } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront simulate chat.yaml
  coldfront simulate chat.yaml --set deployment.replicas.min=2 --timeline 5m --json
  coldfront simulate chat.yaml --timeline 5m --out results
  coldfront simulate access.log.gz --platform modal --gpu a10g --cold-start 30s --min 1`;

export function simulateCommand(): Command {
  return takesStudy(new Command('simulate'))
    .description('Runs one configuration: latency, cold starts and cost, in one screen.')
    .option(
      '--timeline <interval>',
      'with --json or --out: adds means of the replicas over each interval',
      durationUs,
    )
    .option(
      '--precision <share>',
      'replications until every interval is as narrow: 2% of its figure either side',
      precisionOf,
    )
    .option('--hours', 'with --json or --out: adds what came and what it cost by the hour')
    .option('--workers <count>', 'threads, for studies of many replications', wholeNumber(1), 1)
    .option('--bounds', 'what any scaling would cost at least, however many requests there are')
    .option('--no-bounds', 'leaves that out: it takes about five runs')
    .option('--out <folder>', 'writes the result as JSON, CSV and Parquet')
    .option('--overwrite', 'replaces what --out has of an earlier run')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const SERIES_A_PICTURE = 20;

function precisionOf(text: string): number {
  const precision = parsePrecision(text);
  if (precision === null) throw new InvalidArgumentError('must be a share such as 2% or 0.02');
  return precision;
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  const study = await openStudy(inputOf(files, flags, { asItStands: true }));
  noteLibrary(study);
  const asked = flags['timeline'] as number | undefined;
  // A multiple of what is looked at for the warm-up.
  const pictureUs =
    SERIES_A_PICTURE * Math.ceil(observedEndUs(study) / PICTURE_INTERVALS / SERIES_A_PICTURE);
  const plain = await simulateStudy(study, {
    timelineUs: asked ?? (flags.json ? 0 : pictureUs),
    workers: flags['workers'] as number,
    hourly: flags['hours'] === true,
    precision: (flags['precision'] as number | undefined) ?? null,
  });
  const { loaded, traces, catalogue } = study;
  const result = withBounds(plain, study, flags['bounds'] as boolean | undefined);
  const ignored = ignoredLines(loaded);
  if (flags['out'] !== undefined) await keep(result, study, flags);
  if (flags.json) {
    ignored.forEach(note);
    // Never in the document: it is the same on any day.
    priceLines(loaded, catalogue, today(), 'stale').forEach(note);
    printJson(result);
  } else {
    print(
      simulateScreen(asked === undefined ? result : withPicture(result), {
        style: styleOfStdout(),
        settings: settingsOf(loaded.points[0]!, loaded.study),
        traffic: studyTraffic(loaded, traces),
        prices: [
          ...(result.slo?.met === false ? brokenLines(brokenEverywhere(loaded, traces)) : []),
          ...ignored,
          ...priceLines(loaded, catalogue, today()),
        ],
      }),
    );
  }
  if (result.slo?.met === false) process.exitCode = EXIT.sloNotMet;
}

/** @throws UserError where the folder may not be written over, or cannot be written */
async function keep(result: Result, study: OpenStudy, flags: Flags): Promise<void> {
  const { timeline, curves, ...bare } = result;
  const isAsked = flags['timeline'] !== undefined;
  const out = String(flags['out']);
  await writeSimulation(out, isAsked ? result : bare, {
    overwrite: flags['overwrite'] === true,
    origin: (folder) => writeOrigin(folder, study),
  });
  note(`Results: ${out}`);
}

/** A time line that was asked for, as one that a screen has room for. */
function withPicture(result: Result): Result {
  const { timeline } = result;
  return timeline === undefined
    ? result
    : { ...result, timeline: coarser(timeline, PICTURE_INTERVALS) };
}

function withBounds(
  result: Result,
  { loaded, traces }: OpenStudy,
  asked: boolean | undefined,
): Result {
  if (asked === false) return result;
  return { ...result, bounds: studyBounds(loaded, loaded.points[0]!, traces, result, asked) };
}
