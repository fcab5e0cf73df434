import { Command } from 'commander';
import { UserError } from '../base/errors.ts';
import { isStudy, openStudy } from '../node/studies.ts';
import { idleDefaultsOf } from '../report/idle-defaults.ts';
import { inspectScreen } from '../report/inspect-screen.ts';
import type { Compiled } from '../study/compile.ts';
import { describeTrace } from '../workload/description/description.ts';
import type { Trace } from '../workload/trace.ts';
import { makeWorkload } from '../workload/workload.ts';
import { printFit, refuseFlagsOfFit, takesFit } from './fit.ts';
import { collect, type Flags, inputOf, takesTrace } from './study-options.ts';
import { print, printJson, styleOfStdout } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront inspect access.log.gz
  zcat access.log.*.gz | coldfront inspect -
  coldfront inspect 'access.log*' --where path=/v1/* --window 2026-11-02T08:00..2026-11-02T20:00
  coldfront inspect trace.csv --columns start=ts:ms,service=took:s --json`;

export function inspectCommand(): Command {
  return takesFit(
    takesTrace(
      new Command('inspect').argument(
        '<file...>',
        'a trace, several or a glob; - is stdin; or a study: what it replays',
      ),
    ),
  )
    .option('--service <time>', 'service time, where the trace has none or it is to be replaced')
    .option('--set <path=value>', 'a key of the study: workload.service, say', collect, [])
    .description(
      'Says what a trace is: whether it would go cold, its rate, bursts and service times, how far to trust it.',
    )
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  if (flags['fit'] === true) return printFit(files, flags);
  refuseFlagsOfFit(flags);
  // Paths tell a planner what else is in a log: health checks, pictures.
  const asked = (await isStudy(files[0]!)) ? flags : { endpoint: 'auto', ...flags };
  const { loaded, traces, catalogue } = await openStudy(
    inputOf(files, asked, { asItStands: true }),
  );
  const [trace] = traces;
  if (trace === undefined)
    throw new UserError(`${files[0]} replays no trace: it makes its traffic`);
  const description = describeTrace(trace, {
    idleDefaults: idleDefaultsOf(catalogue),
    serviceUs: serviceOf(trace, loaded.points[0]!.compiled),
  });
  if (flags.json) printJson(description);
  else print(inspectScreen(description, { style: styleOfStdout() }));
}

/** What was given in place of the log's own, drawn once. */
function serviceOf(trace: Trace, { workload, seed }: Compiled): Float64Array | null {
  if (workload.service.kind === 'trace') return trace.serviceUs;
  const serviceUs = new Float64Array(trace.count);
  let at = 0;
  for (const chunk of makeWorkload(workload, trace, null).chunks(seed, 0)) {
    serviceUs.set(chunk.serviceUs.subarray(0, chunk.count), at);
    at += chunk.count;
  }
  return serviceUs;
}
