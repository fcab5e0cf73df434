import { Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../base/errors.ts';
import {
  RECORDED_FIGURES,
  type RecordedColumns,
  type RecordedFigure,
  readRecorded,
} from '../node/recorded-files.ts';
import { type OpenStudy, openStudy } from '../node/studies.ts';
import { calibrateScreen } from '../report/calibrate-screen.ts';
import { studyTraffic } from '../report/traffic.ts';
import { calibrationOf } from '../study/calibration/calibration.ts';
import { CALIBRATED } from '../study/calibration/calibration-document.ts';
import type { Thresholds } from '../study/calibration/compared.ts';
import { getAt, parseKeyPath } from '../study/key-path.ts';
import { boundOf } from '../study/run-bound.ts';
import type { GridPoint, LoadedStudy } from '../study/study.ts';
import { EXIT } from './failure.ts';
import { collect, type Flags, inputOf, takesStudy } from './study-options.ts';
import { noteLibrary, print, printJson, styleOfStdout } from './terminal.ts';

const EXAMPLES = `
Recorded are, by their columns:
  time,replicas     a sample holds until the next; ISO dates, seconds since 1970, or seconds from time 0
  from,to,usd       invoices
  any log           its durations are the latencies: the log that is replayed, too

Examples:
  coldfront calibrate chat.yaml --recorded replicas.csv --recorded access.log.gz
  coldfront calibrate chat.yaml --invoice 1234.56 --invoice-from 2026-10-01 --invoice-to 2026-10-15
  coldfront calibrate chat.yaml --recorded pods.csv --recorded-columns replicas=count \\
    --holdout 30% --fitted deployment.coldStart --threshold 10% --threshold latencyS.p99=15%`;

export function calibrateCommand(): Command {
  return takesStudy(new Command('calibrate'))
    .description(
      'Simulates what runs today (the study with its `current`, or as it stands) and holds it against what was recorded.',
    )
    .option('--recorded <file>', 'what was recorded; may be repeated', collect, [])
    .addOption(
      new Option(
        '--recorded-columns <figure=column>',
        `where it is: ${RECORDED_FIGURES.join(', ')}; latency=took:ms`,
      )
        .argParser(columns)
        .default({}, 'by their names'),
    )
    .option(
      '--count <what>',
      'what recorded replicas count: all, or ready ones',
      oneOfCounts,
      'all',
    )
    .option('--invoice <usd>', "an invoice's total", amount)
    .option('--invoice-from <time>', 'a date or a duration from time 0; else all of the traffic')
    .option('--invoice-to <time>', 'its end, not included')
    .addOption(
      new Option('--holdout <share>', 'the last part of the traffic: what is judged')
        .argParser(share)
        .default(0.3, '30%'),
    )
    .option(
      '--fitted <key>',
      'a key of the study that you fitted to what comes before; may be repeated',
      collect,
      [],
    )
    .addOption(
      new Option(
        '--threshold <share>',
        'an error that is too large: 10%, or of one figure (latencyS.p99=15%); may be repeated',
      )
        .argParser(thresholds)
        .default({ default: 0.1, of: {} }, '10%'),
    )
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  const { study, point } = await openCurrent(files, flags);
  noteLibrary(study);
  const { loaded, traces } = study;
  const fitted = flags['fitted'] as readonly string[];
  refuseUnknown(fitted, loaded);
  const bound = boundOf(loaded, point, traces);
  const { workload, scenario } = bound;
  const usd = flags['invoice'] as number | undefined;
  const textOf = (flag: string) => (flags[flag] as string | undefined) ?? null;
  const recorded = await readRecorded(
    {
      files: flags['recorded'] as readonly string[],
      columns: flags['recordedColumns'] as RecordedColumns,
      timeZone: textOf('timeZone') ?? 'UTC',
      invoice:
        usd === undefined ? null : { usd, from: textOf('invoiceFrom'), to: textOf('invoiceTo') },
    },
    { startAtEpochUs: workload.startAtEpochUs, ...scenario.period },
  );
  const calibration = calibrationOf(bound, recorded, {
    name: loaded.name,
    holdout: flags['holdout'] as number,
    thresholds: flags['threshold'] as Thresholds,
    counts: flags['count'] as 'all' | 'ready',
    fitted,
  });
  if (flags.json) printJson(calibration);
  else {
    const traffic = studyTraffic(loaded, traces);
    print(calibrateScreen(calibration, { style: styleOfStdout(), traffic }));
  }
  if (!calibration.within) process.exitCode = EXIT.sloNotMet;
}

/** What runs today: the study's `current`, or a study of one configuration, or one as it stands without its `vary`. */
async function openCurrent(
  files: readonly string[],
  flags: Flags,
): Promise<{ readonly study: OpenStudy; readonly point: GridPoint }> {
  const study = await openStudy(inputOf(files, flags));
  const { current, points } = study.loaded;
  if (current !== null) return { study, point: points[current]! };
  if (points.length === 1) return { study, point: points[0]! };
  const asItStands = await openStudy(inputOf(files, flags, { asItStands: true }));
  return { study: asItStands, point: asItStands.loaded.points[0]! };
}

function refuseUnknown(keys: readonly string[], { study }: LoadedStudy): void {
  const unknown = keys.filter((key) => getAt(study, parseKeyPath(key)) === undefined);
  if (unknown.length === 0) return;
  throw new UserError(
    unknown.map((path) => ({ at: '--fitted', path, message: 'is no key that the study has' })),
  );
}

function thresholds(text: string, before: Thresholds): Thresholds {
  const equals = text.indexOf('=');
  if (equals < 0) return { ...before, default: share(text) };
  const figure = CALIBRATED.find((known) => known === text.slice(0, equals).trim());
  if (figure === undefined) {
    throw new InvalidArgumentError(`There are ${CALIBRATED.join(', ')}.`);
  }
  return { ...before, of: { ...before.of, [figure]: share(text.slice(equals + 1)) } };
}

function share(text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const value = Number(number) / (percent === '%' ? 100 : 1);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('A share above 0 and up to 1 is expected, 30% say.');
}

function amount(text: string): number {
  const value = Number(text.replace(/^\$/, '').replaceAll(',', ''));
  if (text.trim() !== '' && value >= 0) return value;
  throw new InvalidArgumentError('Dollars are expected, 1234.56 say.');
}

function oneOfCounts(text: string): 'all' | 'ready' {
  if (text === 'all' || text === 'ready') return text;
  throw new InvalidArgumentError('all or ready is expected.');
}

function columns(text: string, before: RecordedColumns): RecordedColumns {
  const added = text.split(',').map((part): [RecordedFigure, string] => {
    const [key = '', ...rest] = part.split('=');
    const figure = RECORDED_FIGURES.find((known) => known === key.trim());
    const column = rest.join('=').trim();
    if (figure === undefined || column === '') {
      throw new InvalidArgumentError('time=ts,replicas=pods, say, is expected.');
    }
    return [figure, column];
  });
  return { ...before, ...Object.fromEntries(added) };
}
