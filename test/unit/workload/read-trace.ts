/** Reads text or a file of test/edge-cases as the commands do, without files between. */
import { existsSync, readFileSync } from 'node:fs';
import {
  createTraceReader,
  type TraceReaderOptions,
} from '../../../src/workload/reading/trace-reader.ts';
import type { Trace } from '../../../src/workload/trace.ts';

export interface ReadOptions extends Partial<Omit<TraceReaderOptions, 'name'>> {
  /** Characters a piece. */
  readonly piece?: number;
}

export function readTrace(text: string, options: ReadOptions = {}): Trace {
  const { piece = 65_536, ...rest } = options;
  const reader = createTraceReader({ name: 'x', shared: false, ...rest });
  for (let at = 0; at < text.length; at += piece) reader.push(text.slice(at, at + piece));
  return reader.finish();
}

export function edgeCase(name: string, options: ReadOptions = {}): Trace {
  return readTrace(textOf(new URL(`../../edge-cases/${name}`, import.meta.url)), options);
}

const SHARED_TRACES = new URL('../../../../shared/traces/', import.meta.url);

/** The real logs are no part of the project: tests over them run where they lie beside it. */
export const noRealTraces = !existsSync(SHARED_TRACES);

export function realTrace(path: string, options: ReadOptions = {}): Trace {
  return readTrace(textOf(new URL(path, SHARED_TRACES)), options);
}

/** A character a byte, as files are read. */
function textOf(url: URL): string {
  return readFileSync(url).toString('latin1');
}
