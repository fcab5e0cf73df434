/** The log files of replays, each read once for every way in which it is to be read, then shaped and merged. */
import { resolve } from 'node:path';
import { located, UserError } from '../base/errors.ts';
import { canonical } from '../study/json.ts';
import type { ReplayPart, ReplaySource } from '../study/replay-section.ts';
import {
  completeColumns,
  type GivenColumns,
  type ReadOptions,
  readMistakes,
} from '../workload/read-options.ts';
import { createTableReader, wantedColumns } from '../workload/reading/table-reader.ts';
import { createTraceReader, type TraceReaderOptions } from '../workload/reading/trace-reader.ts';
import {
  SHAPING_DEFAULTS,
  type Shaping,
  shapeTrace,
  shapingMistakes,
} from '../workload/shaping/shape.ts';
import { mergeTraces } from '../workload/shaping/shape-merge.ts';
import type { Trace } from '../workload/trace.ts';
import { expandGlob } from './glob.ts';
import { isParquet, readParquet } from './parquet-file.ts';
import { readPieces, STDIN } from './trace-files.ts';

/**
 * @returns a trace for each replay, their columns in shared memory
 * @throws UserError of the first that cannot be read, or of which nothing is left
 */
export async function readReplays(
  replays: readonly ReplaySource[],
  readReplay: (replay: ReplaySource) => Promise<Trace>,
): Promise<Trace[]> {
  const traces: Trace[] = [];
  for (const replay of replays) traces.push(await readReplay(replay));
  return traces;
}

/**
 * Reads what replays name: a file once for every way in which it is to be read, however often it is shaped.
 * @param folder what relative paths start from
 * @returns a function that throws UserError for what cannot be read, or of which nothing is left
 */
export function replayReader(
  folder: string,
  skipBadLines: boolean,
): (replay: ReplaySource) => Promise<Trace> {
  const read = new Map<string, Trace>();
  const traceOf = async ({ files, read: options }: ReplayPart): Promise<Trace> => {
    const key = canonical({ files, options });
    const known = read.get(key);
    if (known !== undefined) return known;
    if (files.includes(STDIN)) refuseStdinAgain(read.keys());
    const paths = await pathsOf(files, folder);
    const trace = await readPaths(paths, { ...options, skipBadLines });
    read.set(key, trace);
    return trace;
  };
  return async ({ parts, needs }) => {
    const shaped: Trace[] = [];
    for (const part of parts) {
      shaped.push(shapeTrace(await traceOf(part), part.shaping, part.read.timeZone));
    }
    return mergeTraces(shaped, needs);
  };
}

/** How a trace is read, and what is done to it then: what is left out stays as `workload.replay` has it. */
export interface TraceOptions extends Partial<Omit<ReadOptions, 'columns'>>, Partial<Shaping> {
  readonly columns?: GivenColumns | null;
}

/**
 * Reads a log or a table of requests, or several as one; packed or not; `-` is stdin.
 * @throws UserError for a file that cannot be read, holds no request or too many damaged lines
 */
export async function readTrace(
  files: string | readonly string[],
  options: TraceOptions = {},
): Promise<Trace> {
  const { window, sample, timeScale, rateScale, repeat, seed, columns, ...others } = options;
  const given = { window, sample, timeScale, rateScale, repeat, seed };
  const shaping: Shaping = { ...SHAPING_DEFAULTS, ...withoutUndefined(given) };
  const read = {
    ...withoutUndefined(others),
    ...(columns && { columns: completeColumns(columns) }),
  };
  refuseMistakes(read, shaping);
  const paths = await pathsOf([files].flat(), '.');
  return shapeTrace(await readPaths(paths, read), shaping, read.timeZone ?? null);
}

function withoutUndefined<Options extends object>(
  options: Options,
): {
  [Key in keyof Options]?: Exclude<Options[Key], undefined>;
} {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as ReturnType<typeof withoutUndefined<Options>>;
}

function refuseMistakes(read: Partial<ReadOptions>, shaping: Shaping): void {
  const wrong = [...readMistakes(read), ...shapingMistakes(shaping)];
  if (wrong.length === 0) return;
  throw new UserError(wrong.map(({ key, message }) => ({ at: null, path: key, message })));
}

/** What the files of a part mean, each once. @throws UserError for one that is meant twice */
async function pathsOf(files: readonly string[], folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const file of files) paths.push(...(await expandGlob(file, folder)));
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const path of paths) {
    const place = path === STDIN ? path : resolve(path);
    if (seen.has(place)) again.add(nameOf(path));
    seen.add(place);
  }
  if (again.size === 0) return paths;
  const message = 'is named twice: its requests would count twice';
  throw new UserError(
    [...again].map((name) => ({
      at: null,
      path: 'workload.replay.file',
      message: `${name} ${message}`,
    })),
  );
}

/** One trace of files of one format, in this order. */
async function readPaths(paths: readonly string[], read: Partial<ReadOptions>): Promise<Trace> {
  const options = { ...read, name: nameOf(paths[0] ?? ''), shared: true };
  if (paths[0] !== undefined && (await isParquet(paths[0]))) return readTables(paths, options);
  const reader = createTraceReader(options);
  for (const [index, path] of paths.entries()) {
    if (index > 0) reader.nextFile(nameOf(path));
    for await (const piece of readPieces(path)) reader.push(piece);
  }
  return reader.finish();
}

async function readTables(paths: readonly string[], options: TraceReaderOptions): Promise<Trace> {
  const reader = createTableReader('Parquet', options);
  for (const [index, path] of paths.entries()) {
    if (index > 0) reader.nextFile(nameOf(path));
    const wanted = (names: readonly string[]) => {
      try {
        return wantedColumns(names, options);
      } catch (error) {
        throw located(error, nameOf(path));
      }
    };
    for await (const rows of readParquet(path, wanted)) reader.push(rows);
  }
  return reader.finish();
}

/** Its bytes are gone once they are read. */
function refuseStdinAgain(keys: Iterable<string>): void {
  for (const key of keys) {
    const { files } = JSON.parse(key) as { readonly files: readonly string[] };
    if (!files.includes(STDIN)) continue;
    const message = 'stdin is read once: write it to a file to read it in several ways';
    throw new UserError([{ at: null, path: 'workload.replay.file', message }]);
  }
}

export function nameOf(path: string): string {
  return path === STDIN ? 'stdin' : path;
}
