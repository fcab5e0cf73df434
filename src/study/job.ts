/** One configuration to be run: bound to its trace, with the key by which its outcome is found again. */
import type { Trace } from '../workload/trace.ts';
import type { Workload } from '../workload/workload.ts';
import { type BindOptions, type Bound, configurationKey } from './bind.ts';
import { digestColumns, digestText } from './digest.ts';
import { bindStudy } from './fleet-bind.ts';
import { canonical } from './json.ts';
import type { GridPoint, LoadedStudy } from './study.ts';
import type { TaskConfiguration } from './task.ts';

export interface Job {
  readonly index: number;
  readonly bound: Bound;
  /** Hash of the compiled configuration, the trace and the version. */
  readonly key: string;
  readonly configuration: TaskConfiguration;
  /** A trace that is none of the study's own: it travels with the job. */
  readonly ownTrace: Trace | null;
  readonly how: BindOptions;
}

/** What jobs of one study have in common. */
export interface Bench {
  /** By the canonical replay. */
  readonly traces: ReadonlyMap<string, BenchTrace>;
  readonly workloads: Map<string, Workload>;
  readonly version: string;
}

export interface BenchTrace {
  readonly trace: Trace;
  readonly digest: string;
  /** Among the study's own; null for another. */
  readonly index: number | null;
}

/** @param traces one for each of `loaded.replays` */
export function benchOf(
  { replays }: Pick<LoadedStudy, 'replays'>,
  traces: readonly Trace[],
  version: string,
): Bench {
  const known = replays.map((replay, index): [string, BenchTrace] => {
    const trace = traces[index]!;
    return [canonical(replay), { trace, digest: digestOf(trace), index }];
  });
  return { traces: new Map(known), workloads: new Map(), version };
}

/** A bench with another trace, and workloads of its own: they go when it goes. */
export function benchWith(bench: Bench, replay: string, trace: Trace): Bench {
  const added = { trace, digest: digestOf(trace), index: null };
  return { ...bench, traces: new Map([...bench.traces, [replay, added]]), workloads: new Map() };
}

/** @throws UserError where the trace does not fit the configuration */
export function jobOf(bench: Bench, point: GridPoint, how: BindOptions): Job {
  const { index, compiled, overrides } = point;
  const { traces, workloads, version } = bench;
  const found = compiled.replay === null ? null : (traces.get(canonical(compiled.replay)) ?? null);
  const bound = bindStudy(compiled, found?.trace ?? null, workloads, how);
  const objectives = compiled.objectives.map(({ text }) => text);
  const key = JSON.stringify([version, configurationKey(bound), found?.digest ?? null, objectives]);
  return {
    index,
    bound,
    key: digestText(key),
    configuration: { index, overrides, trace: found?.index ?? null },
    ownTrace: found?.index === null ? found.trace : null,
    how,
  };
}

function digestOf(trace: Trace): string {
  const { arrivalUs, serviceUs, inputTokens, cachedTokens, outputTokens, endpoint, status } = trace;
  const columns = [arrivalUs, serviceUs, inputTokens, cachedTokens, outputTokens, endpoint, status];
  const { endpointNames, firstAtUs, period } = trace;
  const rest = digestText(canonical({ endpointNames, firstAtUs, period }));
  return `${digestColumns(columns, trace.count)}/${rest}`;
}
