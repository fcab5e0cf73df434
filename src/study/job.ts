/** One configuration to be run: bound to its trace, with the key by which its outcome is found again. */
import type { Trace } from '../workload/trace.ts';
import type { Workload } from '../workload/workload.ts';
import { type BindOptions, type Bound, configurationKey } from './bind.ts';
import { digestColumns, digestText } from './digest.ts';
import { bindStudy } from './fleet-bind.ts';
import { canonical } from './json.ts';
import type { LoadedStudy } from './study.ts';
import type { TaskConfiguration } from './task.ts';

export interface Job {
  readonly index: number;
  readonly bound: Bound;
  /** Hash of the compiled configuration, the trace and the version. */
  readonly key: string;
  readonly configuration: TaskConfiguration;
}

/** What jobs of one sweep have in common. */
export interface Bench {
  readonly loaded: LoadedStudy;
  readonly traces: readonly Trace[];
  readonly traceDigests: readonly string[];
  readonly workloads: Map<string, Workload>;
  readonly version: string;
}

export function benchOf(loaded: LoadedStudy, traces: readonly Trace[], version: string): Bench {
  return { loaded, traces, traceDigests: traces.map(digestOf), workloads: new Map(), version };
}

/** @throws UserError where the trace does not fit the configuration */
export function jobOf(bench: Bench, index: number, options: BindOptions): Job {
  const { loaded, traces, traceDigests, workloads, version } = bench;
  const { compiled, overrides } = loaded.points[index]!;
  const source = canonical(compiled.replay);
  const found = loaded.replays.findIndex((replay) => canonical(replay) === source);
  const trace = compiled.replay === null ? null : found;
  const columns = trace === null ? null : (traces[trace] ?? null);
  const bound = bindStudy(compiled, columns, workloads, options);
  const digest = trace === null ? null : traceDigests[trace];
  const objectives = compiled.objectives.map(({ text }) => text);
  const key = JSON.stringify([version, configurationKey(bound), digest, objectives]);
  return { index, bound, key: digestText(key), configuration: { index, overrides, trace } };
}

function digestOf(trace: Trace): string {
  const { arrivalUs, serviceUs, inputTokens, cachedTokens, outputTokens, endpoint, status } = trace;
  const columns = [arrivalUs, serviceUs, inputTokens, cachedTokens, outputTokens, endpoint, status];
  const { endpointNames, firstAtUs, period } = trace;
  const rest = digestText(canonical({ endpointNames, firstAtUs, period }));
  return `${digestColumns(columns, trace.count)}/${rest}`;
}
