/** Reads text or a file of test/edge-cases as the commands do, without files between. */
import { existsSync, readFileSync } from 'node:fs';
import type { Trace } from '../../../src/workload/trace.ts';
import { createTraceReader } from '../../../src/workload/trace-reader.ts';

export interface ReadOptions {
  readonly format?: string;
  readonly skipBadLines?: boolean;
  readonly shared?: boolean;
  /** Characters a piece. */
  readonly piece?: number;
}

export function readTrace(text: string, options: ReadOptions = {}): Trace {
  const { format = 'auto', skipBadLines = false, shared = false, piece = 65_536 } = options;
  const reader = createTraceReader({ format, name: 'x', skipBadLines, shared });
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

function textOf(url: URL): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(readFileSync(url));
}
