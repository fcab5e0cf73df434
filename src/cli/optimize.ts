import { Command, InvalidArgumentError } from 'commander';
import { keepAnswer, makeAnswerFolder } from '../node/answer-folder.ts';
import { withLaboratory } from '../node/run.ts';
import { type OpenStudy, openStudy } from '../node/studies.ts';
import { brokenLines } from '../report/fit-screen.ts';
import { ignoredLines } from '../report/ignored.ts';
import { optimizeScreen } from '../report/optimize-screen.ts';
import { priceLines } from '../report/prices.ts';
import { studyTraffic } from '../report/traffic.ts';
import { brokenEverywhere } from '../study/latency-limits.ts';
import { optimize } from '../study/optimize/optimize.ts';
import type { OptimizeDocument } from '../study/optimize-document.ts';
import { durationUs } from './durations.ts';
import { EXIT, Interrupted } from './failure.ts';
import { interruptible } from './interruption.ts';
import { createSearchProgress } from './search-progress.ts';
import {
  ALL_CORES,
  collect,
  type Flags,
  inputOf,
  takesStudy,
  wholeNumber,
} from './study-options.ts';
import { note, noteLibrary, print, printJson, styleOfStdout, today } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront optimize chat.yaml
  coldfront optimize access.log.gz --platform modal --gpu a10g --cold-start 30s \\
    --vary deployment.replicas.min=0..20 --vary deployment.idleWindow=5s..30m \\
    --slo 'latencyS.p99 <= 10'
  coldfront optimize chat.yaml --budget 50 --max-time 10m --no-headroom

A range without a step is searched between its ends, 5s..30m, at all that one would write: two digits. Ends with 3 where
nothing meets the objectives.`;

export function optimizeCommand(): Command {
  return takesStudy(new Command('optimize'))
    .description(
      'Searches for the cheapest configuration that meets the SLO, and says how sure it is.',
    )
    .option(
      '--vary <path=values>',
      'a key and its values or range: deployment.idleWindow=5s..30m; may be repeated',
      collect,
      [],
    )
    .option(
      '--budget <runs>',
      'ends the search after as many runs; dollars: coldfront compare',
      runsOf,
    )
    .option('--max-time <duration>', 'ends the search after this time', durationUs)
    .option(
      '--no-headroom',
      'leaves out how far the answer holds: some 20 runs for it and the next',
    )
    .option('--workers <count>', 'threads; results never depend on it', wholeNumber(1), ALL_CORES)
    .option('--out <folder>', 'keeps optimize.json and study.json')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

interface OptimizeFlags extends Flags {
  readonly workers: number;
  readonly budget?: number;
  readonly maxTime?: number;
  readonly headroom: boolean;
  readonly out?: string;
}

function runsOf(text: string): number {
  const runs = Number(text);
  if (/[$/]/.test(text)) {
    throw new InvalidArgumentError(
      'Here it is a number of runs: --budget 50. Dollars a month are a --budget of coldfront compare.',
    );
  }
  if (!(runs > 0)) throw new InvalidArgumentError('A number of runs above 0 is expected.');
  return runs;
}

async function run(files: readonly string[], flags: OptimizeFlags): Promise<void> {
  const { workers, budget, maxTime = Number.POSITIVE_INFINITY, headroom } = flags;
  const study = await openStudy(inputOf(files, flags, { isSearched: true }));
  noteLibrary(study);
  if (flags.out !== undefined) makeAnswerFolder(flags.out);
  const progress = createSearchProgress();
  const interruption = interruptible();
  const { signal } = interruption;
  const startedMs = performance.now();
  try {
    const document = await withLaboratory(study, { workers, signal }, (laboratory) =>
      optimize(laboratory, {
        ...(budget !== undefined && { budget }),
        isLate: () => (performance.now() - startedMs) * 1_000 > maxTime,
        hasHeadroom: headroom,
        signal,
        onProgress: (state) => progress.show(state),
      }),
    );
    progress.stop();
    if (flags.out !== undefined) await keepAnswer(study, document, flags.out);
    answer(study, document, flags);
    if (signal.aborted) throw new Interrupted('interrupted: this is the best so far');
    const asked = study.loaded.objectives.length > 0;
    if (asked && document.best === null) process.exitCode = EXIT.sloNotMet;
  } finally {
    progress.stop();
    interruption.end();
  }
}

function answer(study: OpenStudy, document: OptimizeDocument, { json }: OptimizeFlags): void {
  const { loaded, traces, catalogue } = study;
  const ignored = ignoredLines(loaded);
  if (json) {
    ignored.forEach(note);
    // Never in the document: it is the same on any day.
    priceLines(loaded, catalogue, today(), 'stale').forEach(note);
    printJson(document);
    return;
  }
  print(
    optimizeScreen(document, {
      style: styleOfStdout(),
      traffic: studyTraffic(loaded, traces),
      prices: [
        ...(document.best === null ? brokenLines(brokenEverywhere(loaded, traces)) : []),
        ...ignored,
        ...priceLines(loaded, catalogue, today()),
      ],
    }),
  );
}
