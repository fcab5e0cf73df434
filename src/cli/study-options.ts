/** The flags of every command that takes a study or a trace: each is an override of one key. */
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { StudyInput } from '../node/studies.ts';
import { addTraceOptions, traceKeyFlags } from './trace-options.ts';

/** Flag, the key it sets, what the help says. What has no flag of its own is reached by --set. */
const KEYS = [
  [
    '--platform <id>',
    'deployment.platform',
    'one of `coldfront platforms`, or a platform file of your own',
  ],
  ['--gpu <gpu>', 'deployment.gpu', 'the GPU, as the platform names it'],
  ['--model <model>', 'deployment.model', 'the model that is served'],
  ['--min <count>', 'deployment.replicas.min', 'replicas kept warm'],
  ['--max <count>', 'deployment.replicas.max', 'most replicas at once, or unlimited'],
  ['--idle-window <time>', 'deployment.idleWindow', 'how long an idle replica is kept'],
  ['--cold-start <time>', 'deployment.coldStart', 'how long a replica takes to start'],
  ['--concurrency <slots>', 'deployment.concurrency', 'requests that a replica serves at once'],
  [
    '--price <usd>',
    'billing.usdPerReplicaHour',
    'dollars for an hour of a replica, without a platform',
  ],
  [
    '--service <time>',
    'workload.service',
    'service time, where the trace has none or it is to be replaced',
  ],
  ['--seed <seed>', 'seed', 'of every draw'],
  ['--replications <count>', 'replications', 'runs with different luck'],
] as const;

export interface StudyFlags {
  readonly set?: readonly string[];
  readonly vary?: readonly string[];
  readonly slo?: readonly string[];
  readonly format?: string;
  readonly skipBadLines?: boolean;
  readonly models?: string;
  readonly json?: boolean;
}

/** Its own flags besides, by name: a value each. */
export type Flags = StudyFlags & Readonly<Record<string, unknown>>;

export const collect = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  value,
];

export function takesStudy(command: Command): Command {
  command.argument(
    '<file...>',
    'a study (YAML or JSON), or one or more traces; - is a trace on stdin',
  );
  return takesTrace(takesOverrides(command));
}

/** The flags that override keys of a study. */
export function takesOverrides(command: Command): Command {
  for (const [flag, key, description] of KEYS) command.option(flag, `${description} (${key})`);
  return command
    .option('--set <path=value>', 'any key of the study; may be repeated', collect, [])
    .option(
      '--slo <objective>',
      "what must hold: 'latencyS.p99 <= 5'; may be repeated",
      collect,
      [],
    );
}

export function takesTrace(command: Command): Command {
  return takesModels(
    addTraceOptions(command).option('--json', 'one JSON document on stdout and nothing else'),
  );
}

/** Where a user's own platforms, GPUs and models are. */
export function takesModels(command: Command): Command {
  return command.option(
    '--models <folder>',
    'a folder of your own platforms, GPUs and models, over those that ship (or COLDFRONT_MODELS)',
  );
}

/** The overrides that the flags come to, --set last so that it wins. */
export function inputOf(
  files: readonly string[],
  flags: Flags,
  extra: { readonly asItStands?: boolean; readonly isSearched?: boolean } = {},
): StudyInput {
  const keyFlags = KEYS.flatMap(([flag, path]) => {
    const value = flags[attributeOf(flag)];
    return value === undefined
      ? []
      : [{ flag: flag.replace(/ .*/, ''), path, value: String(value) }];
  });
  return {
    files,
    overrides: {
      flags: [...keyFlags, ...traceKeyFlags(flags)],
      set: flags.set ?? [],
      vary: flags.vary ?? [],
      slo: flags.slo ?? [],
      ...extra,
    },
    skipBadLines: flags.skipBadLines ?? false,
    models: flags.models,
  };
}

/** `--idle-window <time>` as commander names it: idleWindow. */
function attributeOf(flag: string): string {
  return flag
    .slice(2)
    .replace(/ .*/, '')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

export const ALL_CORES = availableParallelism();

export function wholeNumber(from: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from) {
      throw new InvalidArgumentError(`A whole number from ${from} on is expected.`);
    }
    return value;
  };
}
