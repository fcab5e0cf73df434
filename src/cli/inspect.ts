import { Command } from 'commander';
import { loadCatalogue } from '../node/models.ts';
import { readTrace } from '../node/studies.ts';
import { inspectScreen } from '../report/inspect-screen.ts';
import { describeTrace } from '../workload/description.ts';
import { takesTrace } from './study-options.ts';
import { print, printJson, styleOfStdout } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront inspect access.log.gz
  zcat access.log.*.gz | coldfront inspect -
  coldfront inspect trace.csv --json`;

interface InspectFlags {
  readonly format?: string;
  readonly skipBadLines?: boolean;
  readonly json?: boolean;
}

export function inspectCommand(): Command {
  return takesTrace(new Command('inspect').argument('<file>', 'a trace; - is stdin'))
    .description('Says what a trace is: format, rate, burstiness, gaps, service times, bad lines.')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(file: string, { format, skipBadLines, json }: InspectFlags): Promise<void> {
  const trace = await readTrace(file, {
    ...(format !== undefined && { format }),
    skipBadLines: skipBadLines ?? false,
  });
  const description = describeTrace(trace);
  if (json) {
    printJson(description);
    return;
  }
  const catalogue = await loadCatalogue();
  print(inspectScreen(description, { style: styleOfStdout(), catalogue }));
}
