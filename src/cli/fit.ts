/** `inspect --fit`: service times and cold starts out of a log's durations. */
import type { Command } from 'commander';
import { UserError } from '../base/errors.ts';
import { openStudy } from '../node/studies.ts';
import { fitScreen } from '../report/fit-screen.ts';
import { currentOf, fitCurrent } from '../study/fit-current.ts';
import { fitDocument } from '../study/fit-document.ts';
import { canonical } from '../study/json.ts';
import { fitService } from '../workload/fit/fit-service.ts';
import { collect, type Flags, inputOf, wholeNumber } from './study-options.ts';
import { print, printJson, styleOfStdout } from './terminal.ts';

export function takesFit(command: Command): Command {
  return command
    .option('--fit', 'service times and cold starts inside the durations, as blocks of a study')
    .option(
      '--current <path=value>',
      'with --fit: what runs today (deployment.replicas.max=2), whose simulated waits are taken out; may be repeated',
      collect,
      [],
    )
    .option(
      '--at-once <count>',
      "with --fit: requests that today's replicas serve at once without making one wait; 1 if left out",
      wholeNumber(1),
    )
    .option(
      '--slo <objective>',
      'with --fit: whether any number of replicas can meet it',
      collect,
      [],
    );
}

/** What would be ignored. @throws UserError with all of it */
export function refuseFlagsOfFit(flags: Flags): void {
  const given = [
    ...(currentFlags(flags).length > 0 ? ['--current'] : []),
    ...(flags['atOnce'] === undefined ? [] : ['--at-once']),
    ...((flags.slo ?? []).length > 0 ? ['--slo'] : []),
  ];
  if (given.length === 0) return;
  const message = 'says nothing without --fit: add it, or leave this out';
  throw new UserError(given.map((at) => ({ at, path: null, message })));
}

function currentFlags(flags: Flags): readonly string[] {
  return (flags['current'] as readonly string[] | undefined) ?? [];
}

export async function printFit(files: readonly string[], flags: Flags): Promise<void> {
  const atOnce = flags['atOnce'] as number | undefined;
  const refuseAtOnce = (beside: string) => {
    if (atOnce === undefined) return;
    const message = `says nothing beside ${beside}, which knows how many replicas serve at once: leave one of them out`;
    throw new UserError([{ at: '--at-once', path: null, message }]);
  };
  if (currentFlags(flags).length > 0) refuseAtOnce('--current');
  const { loaded, traces, catalogue, library } = await openStudy(inputOf(files, flags));
  const compiled = currentOf(loaded, currentFlags(flags), catalogue, library);
  if (compiled !== null) refuseAtOnce("the study's `current:`");
  const replay = (compiled ?? loaded.points[0]!.compiled).replay;
  const found = loaded.replays.findIndex((one) => canonical(one) === canonical(replay));
  const trace = traces[found];
  if (trace === undefined) throw new UserError(`${files[0]} replays no trace: --fit needs a log`);
  const current = compiled === null ? null : fitCurrent(compiled, trace);
  const document = fitDocument(
    current?.fit ?? fitService(trace, atOnce === undefined ? {} : { atOnce }),
    {
      name: trace.report.name,
      objectives: loaded.objectives,
      overheadUs: compiled === null ? 0 : compiled.pool.overheadUs + compiled.pool.slotOverheadUs,
      current,
    },
  );
  if (flags.json) printJson(document);
  else print(fitScreen(document, styleOfStdout()));
}
