import { basename } from 'node:path';
import { Command } from 'commander';
import { type Mistake, UserError } from '../base/errors.ts';
import { meantOf } from '../base/nearest.ts';
import { keepAnswer, makeAnswerFolder } from '../node/answer-folder.ts';
import { withLaboratory } from '../node/run.ts';
import { isStudy, type OpenStudy, openStudy } from '../node/studies.ts';
import { studyCopy } from '../node/study-copy.ts';
import { noneOf } from '../platform/catalogue.ts';
import { cliffScreen } from '../report/cliff-screen.ts';
import { compareMarkdown } from '../report/compare-markdown.ts';
import { compareScreen } from '../report/compare-screen.ts';
import { crossoverScreen } from '../report/crossover-screen.ts';
import { ignoredLines } from '../report/ignored.ts';
import { priceLines } from '../report/prices.ts';
import { sensitivityScreen } from '../report/sensitivity-screen.ts';
import { PLAIN, type Style } from '../report/text.ts';
import { studyTraffic } from '../report/traffic.ts';
import { type CompareOptions, compareRows } from '../study/compare.ts';
import type { CompareDocument } from '../study/compare-document.ts';
import { budgetGate, parseGates } from '../study/comparison/gates.ts';
import { rowsOfOther } from '../study/comparison/two-studies.ts';
import { type CurvesAsked, curvesOf } from '../study/curves.ts';
import type { LoadLever } from '../study/curves-document.ts';
import { poolsOf } from '../study/fleet-section.ts';
import type { Json } from '../study/json.ts';
import { withOverrides } from '../study/load.ts';
import { splitList } from '../study/values.ts';
import { EXIT } from './failure.ts';
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
  coldfront compare chat.yaml --platform modal,runpod-flex,cloud-run-gpu --gpu l4
  coldfront compare chat.yaml --dedicated ec2-reserved --budget '$2500/month' --markdown
  coldfront compare before.yaml after.yaml --markdown

Ends with 3 where the row that counts breaks an objective, the budget or a gate, or none meets the objectives. The row that
counts is the second study's, else today's (current:), else the recommended one.`;

export function compareCommand(): Command {
  return takesStudy(new Command('compare'))
    .description('Configurations side by side on the same traffic and luck: what to run, and why.')
    .option(
      '--vary <path=values>',
      'a key and its values: deployment.replicas.min=0..4; may be repeated',
      collect,
      [],
    )
    .option(
      '--dedicated <platform>',
      'a platform at whose price a fixed fleet and a baseline with overflow are tried; may be repeated',
      collect,
      [],
    )
    .option('--budget <usd>', "fails above it: '$2500/month' or '$3.40/h'")
    .option(
      '--gate <figure>',
      "fails unless it holds: 'replicas.peak <= 20'; may be repeated",
      collect,
      [],
    )
    .option('--markdown', 'for a pull request')
    .option('--schedule', 'proposes keep-warm hours, and what they save against a constant minimum')
    .option(
      '--crossover [lever]',
      'the load at which one becomes cheaper than another: by traffic, or by hours a day (hours)',
    )
    .option('--sensitivity', 'which input moves the answer most')
    .option(
      '--cliff [phase]',
      'the load time at which the objectives break, and what a second saved is worth',
    )
    .option('--out <folder>', 'keeps compare.json and study.json')
    .option('--workers <count>', 'threads; results never depend on it', wholeNumber(1), ALL_CORES)
    .addHelpText('after', EXAMPLES)
    .action(run);
}

interface CompareFlags extends Flags {
  readonly workers: number;
  readonly dedicated: readonly string[];
  readonly gate: readonly string[];
  readonly budget?: string;
  readonly markdown?: boolean;
  readonly schedule?: boolean;
  readonly crossover?: string | true;
  readonly sensitivity?: boolean;
  /** true: all of the start. */
  readonly cliff?: string | true;
  readonly out?: string;
}

async function run(files: readonly string[], flags: CompareFlags): Promise<void> {
  const { budget, gate, workers, dedicated, schedule = false } = flags;
  const gates = parseGates([...(budget === undefined ? [] : [budgetGate(budget)]), ...gate]);
  const asked = curvesAsked(flags);
  const { study, other } = await openCompared(files, flags);
  requireKnown(study, flags);
  noteLibrary(study);
  if (flags.out !== undefined) makeAnswerFolder(flags.out);
  const document = await withLaboratory(study, { workers }, async (lab) => {
    const compared = await compareRows(lab, { dedicated, gates, schedule, ...other });
    return { ...compared, ...(await curvesOf(lab, compared, asked)) };
  });
  if (flags.out !== undefined) await keepAnswer(study, document, flags.out);
  answer(study, document, flags);
  if (!document.gate.passes) process.exitCode = EXIT.sloNotMet;
}

/** What else was asked of the same rows, as screens. */
function curveScreens(document: CompareDocument, style: Style): readonly string[] {
  const { crossover, sensitivity, cliff } = document;
  return [
    ...(crossover === undefined ? [] : [crossoverScreen(crossover, style)]),
    ...(sensitivity === undefined ? [] : [sensitivityScreen(sensitivity, style)]),
    ...(cliff === undefined ? [] : [cliffScreen(cliff, style)]),
  ];
}

function curvesAsked({ crossover, sensitivity = false, cliff }: CompareFlags): CurvesAsked {
  return {
    crossover: crossover === undefined ? null : leverOf(crossover),
    sensitivity,
    cliff: cliff === undefined ? null : { phase: cliff === true ? null : cliff },
  };
}

function leverOf(given: string | true): LoadLever {
  if (given === true || given === 'traffic') return 'traffic';
  if (given === 'hours') return 'hoursPerDay';
  const message = `takes traffic or hours, not ${given}`;
  throw new UserError([{ at: '--crossover', path: null, message }]);
}

interface Compared {
  readonly study: OpenStudy;
  /** What a second study adds. */
  readonly other: CompareOptions;
}

async function openCompared(files: readonly string[], flags: CompareFlags): Promise<Compared> {
  const [file = '', second, ...more] = files;
  const areStudies = second !== undefined && (await isStudy(file)) && (await isStudy(second));
  if (!areStudies) {
    const study = await openStudy(comparedInput(files, flags));
    requireOneTraffic(study);
    return { study, other: {} };
  }
  if (more.length > 0) throw new UserError('two studies are compared: before and after');
  const study = await openStudy(comparedInput([file], flags));
  const after = await openStudy(comparedInput([second], flags));
  requireOneTraffic(study);
  requireOneTraffic(after);
  const { rows, notes } = rowsOfOther(namedOf(file, study), namedOf(second, after));
  const [label, otherLabel] = [basename(file), basename(second)];
  const isAlike = label === otherLabel;
  return {
    study,
    other: {
      label: isAlike ? file : label,
      others: { label: isAlike ? second : otherLabel, rows },
      notes,
    },
  };
}

/** With its logs by their paths from here, so that two folders can name one. */
function namedOf(file: string, study: OpenStudy) {
  const { points, current } = study.loaded;
  return { file, points, current, study: studyCopy(study, '.') };
}

/** Of a platform and a GPU a comparison takes lists: each is an axis. */
function comparedInput(files: readonly string[], flags: CompareFlags) {
  const lists = ['platform', 'gpu'].filter(
    (name) => splitList(String(flags[name] ?? '')).length > 1,
  );
  const single = Object.fromEntries(
    Object.entries(flags).filter(([name]) => !lists.includes(name)),
  );
  const vary = [
    ...(flags.vary ?? []),
    ...lists.map((name) => `deployment.${name}=${String(flags[name])}`),
  ];
  const input = inputOf(files, { ...single, vary });
  return {
    ...input,
    overrides: { ...input.overrides, leavesMisfitsOut: true, asksOthers: ASKS_OTHERS },
  };
}

/** What a flag of its own chooses for other rows; what it says of the model or the traffic is so for today's too. */
const ASKS_OTHERS = [
  'deployment.platform',
  'deployment.gpu',
  'deployment.replicas.min',
  'deployment.replicas.max',
  'deployment.idleWindow',
  'deployment.concurrency',
];

const TRAFFIC = /^workload\.(replay|synthesize|startAt|pings)(\.|$)/;

/** Nobody chooses how many requests come. */
function requireOneTraffic({ loaded }: OpenStudy): void {
  const varied = loaded.varied.filter((path) => TRAFFIC.test(path));
  if (varied.length === 0) return;
  throw new UserError(
    varied.map((path) => ({
      at: null,
      path,
      message: 'is another traffic: rows are compared on one. `coldfront sweep` varies it',
    })),
  );
}

/** Platforms and phases that flags name beside the study. */
function requireKnown({ loaded, catalogue }: OpenStudy, { dedicated, cliff }: CompareFlags): void {
  const mistakes: Mistake[] = [];
  for (const id of dedicated.filter((id) => !catalogue.has(id))) {
    const message = noneOf('platform', id, catalogue.keys());
    mistakes.push({ at: '--dedicated', path: null, message });
  }
  const pools = loaded.kinds.flatMap(({ compiled }) => poolsOf(compiled));
  const phases = new Set(pools.flatMap(({ pool }) => pool.startPhases.map(({ name }) => name)));
  if (typeof cliff === 'string' && !phases.has(cliff)) {
    const message = `no start has a phase ${cliff}: ${meantOf(cliff, [...phases])}`;
    mistakes.push({ at: '--cliff', path: null, message });
  }
  if (mistakes.length > 0) throw new UserError(mistakes);
}

/** The studies that reference rows are: they may name platforms of their own. */
function referenceStudies({ loaded }: OpenStudy, { rows }: CompareDocument): readonly Json[] {
  const references = rows.filter(({ candidate }) => !candidate);
  return references.map(({ vary }) => withOverrides(loaded.study, vary) as Json);
}

function answer(study: OpenStudy, document: CompareDocument, flags: CompareFlags): void {
  const { loaded, traces, catalogue } = study;
  const ignored = ignoredLines(loaded);
  const priced = { ...loaded, references: referenceStudies(study, document) };
  if (flags.json) {
    ignored.forEach(note);
    // Never in the document: it is the same on any day.
    priceLines(priced, catalogue, today(), 'stale').forEach(note);
    printJson(document);
    return;
  }
  const surroundings = {
    traffic: studyTraffic(loaded, traces),
    prices: [...ignored, ...priceLines(priced, catalogue, today())],
  };
  if (flags.markdown) {
    print(compareMarkdown(document, { ...surroundings, more: curveScreens(document, PLAIN) }));
    return;
  }
  const style = styleOfStdout();
  const more = curveScreens(document, style);
  print(compareScreen(document, { ...surroundings, style, more, folder: flags.out ?? null }));
}
