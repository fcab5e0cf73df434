/** The flags that say how a trace is read and what is done to it: each sets keys of `workload.replay`. */
import { type Command, InvalidArgumentError } from 'commander';
import { groupBy } from '../study/group.ts';
import type { KeyFlag } from '../study/study.ts';
import { splitList } from '../study/values.ts';

/** Flag, the key below `workload.replay`, what the help says; the value is that of the key. */
const PLAIN = [
  ['--time-zone <zone>', 'timeZone', 'of stamps that name none: Europe/Berlin'],
  ['--spread <how>', 'spread', 'uniform: spreads stamps of whole seconds within their second'],
  ['--sample <share>', 'sample', 'keeps so many of the requests: 10%'],
  ['--time-scale <factor>', 'timeScale', 'multiplies arrival times'],
  ['--rate-scale <factor>', 'rateScale', 'so many times the requests, burstiness kept: 2.5'],
  ['--repeat <times>', 'repeat', 'goes through the trace so many times'],
] as const;

const UNITS = 'ns|us|ms|s|min|h';

export function addTraceOptions(command: Command): Command {
  command
    .option('--format <format>', 'of the trace, where it should not be detected; a log_format line')
    .option(
      '--columns <figure=column>',
      'where the figures are: start=ts:ms,service=took:s',
      (text: string, before: readonly Pair[] = []) => [...before, ...pairs(text)],
    )
    .option(
      '--where <field=pattern>',
      'which requests: path=/v1/*, method=POST, status=2xx, host=!*.test; may be repeated',
      (text: string, before: readonly Pair[] = []) => [...before, pair(text, 'path=/v1/*')],
    )
    .option(
      '--endpoint <rule>',
      "auto, path, host, method, or a pattern on the path: '^/v1/([^/]+)'",
    )
    .option('--window <from..to>', 'dates or durations: 2026-11-02T08:00..2026-11-02T20:00', span);
  for (const [flag, key, description] of PLAIN) {
    command.option(flag, `${description} (workload.replay.${key})`);
  }
  return command.option('--skip-bad-lines', 'go on however many lines of the trace are damaged');
}

/** What the flags come to. */
export function traceKeyFlags(flags: Readonly<Record<string, unknown>>): readonly KeyFlag[] {
  const at = (flag: string, key: string, value: string): KeyFlag => ({
    flag,
    path: `workload.replay.${key}`,
    value,
  });
  const { format, endpoint, window } = flags;
  const columns = (flags['columns'] ?? []) as readonly Pair[];
  const where = groupBy((flags['where'] ?? []) as readonly Pair[], ({ key }) => key);
  return [
    ...(typeof format === 'string' ? [at('--format', 'format', JSON.stringify(format))] : []),
    ...columns.map(({ key, value }) => at('--columns', `columns.${key}`, columnOf(value))),
    ...[...where].map(([key, list]) =>
      at('--where', `where.${key}`, JSON.stringify(list.map(({ value }) => value))),
    ),
    ...(typeof endpoint === 'string' ? [at('--endpoint', 'endpoint', ruleOf(endpoint))] : []),
    ...(window === undefined ? [] : [at('--window', 'window', JSON.stringify(window))]),
    ...PLAIN.flatMap(([flag, key]) => {
      const value = flags[key];
      return value === undefined ? [] : [at(flag.replace(/ .*/, ''), key, String(value))];
    }),
  ];
}

interface Pair {
  readonly key: string;
  readonly value: string;
}

function pair(text: string, example: string): Pair {
  const equals = text.indexOf('=');
  const key = text.slice(0, equals).trim();
  const value = text.slice(equals + 1).trim();
  if (equals > 0 && key !== '' && value !== '') return { key, value };
  throw new InvalidArgumentError(`${example}, say, is expected.`);
}

function pairs(text: string): readonly Pair[] {
  return splitList(text).map((part) => pair(part, 'start=ts:ms,service=took:s'));
}

/** `took:ms`; a name that ends in something else keeps it, one in quotes may hold a comma. */
function columnOf(text: string): string {
  const bare = (name: string) => name.replace(/^(["'])(.*)\1$/, '$2');
  const [, name, unit] = new RegExp(`^(.+):(${UNITS})$`).exec(text) ?? [];
  return JSON.stringify(name === undefined ? bare(text) : { name: bare(name), unit });
}

function ruleOf(text: string): string {
  return JSON.stringify(['auto', 'path', 'host', 'method'].includes(text) ? text : { path: text });
}

function span(text: string): { readonly from?: string; readonly to?: string } {
  const [from = '', to, ...rest] = text.split('..').map((part) => part.trim());
  if (to === undefined || rest.length > 0) {
    throw new InvalidArgumentError('FROM..TO is expected, 6h..12h say; either may be left out.');
  }
  return { ...(from !== '' && { from }), ...(to !== '' && { to }) };
}
