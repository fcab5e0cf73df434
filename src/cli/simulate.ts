import { Command } from 'commander';
import { simulateStudy } from '../node/run.ts';
import { openStudy } from '../node/studies.ts';
import { priceLines } from '../report/prices.ts';
import { simulateScreen } from '../report/simulate-screen.ts';
import { trafficLines } from '../report/traffic.ts';
import { deploymentName } from '../report/varied.ts';
import { durationUs } from './durations.ts';
import { EXIT } from './failure.ts';
import { type Flags, inputOf, takesStudy } from './study-options.ts';
import { print, printJson, styleOfStdout, today } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront simulate chat.yaml
  coldfront simulate chat.yaml --set deployment.replicas.min=2 --timeline 5m --json
  coldfront simulate access.log.gz --platform modal --gpu a10g --cold-start 30s --min 1`;

/** Fine enough for the picture of a day, small enough for a month. */
const PICTURE_INTERVAL = '1m';

export function simulateCommand(): Command {
  return takesStudy(new Command('simulate'))
    .description('Runs one configuration: latency, cold starts and cost, in one screen.')
    .option('--timeline <interval>', 'adds means of the replicas over each interval', durationUs)
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  const study = await openStudy(inputOf(files, flags, { asItStands: true }));
  const asked = flags['timeline'] as number | undefined;
  const result = await simulateStudy(study, {
    timelineUs: asked ?? (flags.json ? 0 : durationUs(PICTURE_INTERVAL)),
  });
  if (flags.json) printJson(result);
  else {
    print(
      simulateScreen(result, {
        style: styleOfStdout(),
        deployment: deploymentName(study.loaded.study),
        traffic: study.traces.flatMap((trace) => trafficLines(trace)),
        prices: priceLines(study.loaded, study.catalogue, today()),
      }),
    );
  }
  if (result.slo?.met === false) process.exitCode = EXIT.sloNotMet;
}
