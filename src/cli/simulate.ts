import { Command } from 'commander';
import { observedEndUs, simulateStudy } from '../node/run.ts';
import { openStudy } from '../node/studies.ts';
import { brokenLines } from '../report/fit-screen.ts';
import { ignoredLines } from '../report/ignored.ts';
import { priceLines } from '../report/prices.ts';
import { PICTURE_INTERVALS, simulateScreen } from '../report/simulate-screen.ts';
import { studyTraffic } from '../report/traffic.ts';
import { settingsOf } from '../report/varied.ts';
import { brokenEverywhere } from '../study/latency-limits.ts';
import { durationUs } from './durations.ts';
import { EXIT } from './failure.ts';
import { type Flags, inputOf, takesStudy, wholeNumber } from './study-options.ts';
import { note, noteLibrary, print, printJson, styleOfStdout, today } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront simulate chat.yaml
  coldfront simulate chat.yaml --set deployment.replicas.min=2 --timeline 5m --json
  coldfront simulate access.log.gz --platform modal --gpu a10g --cold-start 30s --min 1`;

export function simulateCommand(): Command {
  return takesStudy(new Command('simulate'))
    .description('Runs one configuration: latency, cold starts and cost, in one screen.')
    .option(
      '--timeline <interval>',
      'with --json: adds means of the replicas over each interval',
      durationUs,
    )
    .option('--workers <count>', 'threads, for studies of many replications', wholeNumber(1), 1)
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  const study = await openStudy(inputOf(files, flags, { asItStands: true }));
  noteLibrary(study);
  const asked = flags['timeline'] as number | undefined;
  const pictureUs = Math.ceil(observedEndUs(study) / PICTURE_INTERVALS);
  const result = await simulateStudy(study, {
    timelineUs: flags.json ? (asked ?? 0) : pictureUs,
    workers: flags['workers'] as number,
  });
  const { loaded, traces, catalogue } = study;
  const ignored = ignoredLines(loaded);
  if (flags.json) {
    ignored.forEach(note);
    // Never in the document: it is the same on any day.
    priceLines(loaded, catalogue, today(), 'stale').forEach(note);
    printJson(result);
  } else {
    print(
      simulateScreen(result, {
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
