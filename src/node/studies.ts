/** From what a user names - a study or traces, and overrides - to a study that is loaded, with its traces read. */
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../base/errors.ts';
import type { Catalogue } from '../platform/catalogue.ts';
import type { Library } from '../platform/library.ts';
import { loadStudy, studyFromFlags } from '../study/load.ts';
import type { ReplaySource } from '../study/replay-section.ts';
import type { LoadedStudy, Overrides } from '../study/study.ts';
import type { Trace } from '../workload/trace.ts';
import { countsFlags } from './counts-files.ts';
import { isPlatformFile, loadLibrary } from './models.ts';
import { nameOf, readReplays, replayReader } from './replay-files.ts';
import { readPieces, readWhole, STDIN } from './trace-files.ts';

export { readTrace, type TraceOptions } from './replay-files.ts';

export interface StudyInput {
  /** A study, or one or more traces. */
  readonly files: readonly string[];
  readonly overrides: Overrides;
  readonly skipBadLines?: boolean;
  /** A folder of the user's own models; left out, that of COLDFRONT_MODELS. */
  readonly models?: string | undefined;
}

export interface OpenStudy {
  readonly loaded: LoadedStudy;
  readonly catalogue: Catalogue;
  /** GPUs, models and storage, and what the user's own replace. */
  readonly library: Library;
  /** What its relative paths start from. */
  readonly folder: string;
  /** In the order of `loaded.replays`, their columns in shared memory. */
  readonly traces: readonly Trace[];
  /** The same logs, shaped in another way than the study had when it was loaded. */
  readonly traceOf: (replay: ReplaySource) => Promise<Trace>;
}

/** @throws UserError with every mistake of the study, or of the first trace that has one */
export async function openStudy(input: StudyInput): Promise<OpenStudy> {
  const { skipBadLines = false } = input;
  const file = input.files[0] ?? STDIN;
  const opened = (await isStudy(file)) ? await studyFile(file, input) : await studyOfTraces(input);
  const { loaded, folder } = opened;
  const traceOf = replayReader(folder, skipBadLines);
  return { ...opened, traces: await readReplays(loaded.replays, traceOf), traceOf };
}

/**
 * A study that is text already, without files of its own.
 * @throws UserError with every mistake of what overrides it
 */
export async function openStudyText(
  source: { readonly name: string; readonly text: string },
  overrides: Overrides,
  models?: string | undefined,
): Promise<OpenStudy> {
  const library = await loadLibrary({
    platformFiles: platformFiles(source.text, overrides),
    models,
  });
  const catalogue = library.platforms;
  const loaded = loadStudy(source, overrides, catalogue, library);
  return { loaded, catalogue, library, folder: '.', traces: [], traceOf: replayReader('.', false) };
}

type Loaded = Omit<OpenStudy, 'traces' | 'traceOf'>;

async function studyOfTraces({ files, overrides, models }: StudyInput): Promise<Loaded> {
  const library = await loadLibrary({ platformFiles: platformFiles('', overrides), models });
  const catalogue = library.platforms;
  const name = nameOf(basename(files[0] ?? STDIN));
  try {
    const loaded = studyFromFlags({ ...overrides, files, name }, catalogue, library);
    return { loaded, catalogue, library, folder: '.' };
  } catch (error) {
    throw error instanceof UserError ? withMissing(files, error) : error;
  }
}

/** Traces are read once their study holds: those that are not there are told with what is wrong with it. */
function withMissing(files: readonly string[], { mistakes }: UserError): UserError {
  const missing = files.filter(
    (file) => file !== STDIN && !/[*?[\]{}!]/.test(file) && !existsSync(file),
  );
  const message = 'no such file or folder: check the path';
  return new UserError([...missing.map((at) => ({ at, path: null, message })), ...mistakes]);
}

async function studyFile(file: string, { files, overrides, models }: StudyInput): Promise<Loaded> {
  if (files.length > 1) {
    throw new UserError(
      `${file} is a study: it stands alone, and names its traces in workload.replay.file`,
    );
  }
  const text = await readWhole(file);
  const folder = dirname(file);
  const named = platformFiles(text, overrides);
  const library = await loadLibrary({ platformFiles: named, folder, models });
  const catalogue = library.platforms;
  const flags = [...(overrides.flags ?? []), ...(await countsFlags(text, overrides, folder))];
  const loaded = loadStudy({ name: file, text }, { ...overrides, flags }, catalogue, library);
  return { loaded, catalogue, library, folder };
}

/** No study is longer; a trace may be. */
const LONGEST_STUDY = 2 ** 22;

/** A study is YAML by name, or a map with `version:` by what it holds; all else is a trace. */
export async function isStudy(path: string): Promise<boolean> {
  if (/\.ya?ml$/.test(path)) return true;
  if (path === STDIN || !path.endsWith('.json') || !existsSync(path)) return false;
  const text = await beginning(path, LONGEST_STUDY);
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null && 'version' in document;
  } catch {
    // JSON of one object a line is a trace; a broken study says so itself.
    return /^\s*\{\s*"version"\s*:/.test(text);
  }
}

async function beginning(path: string, length: number): Promise<string> {
  let text = '';
  for await (const piece of readPieces(path)) {
    text += piece;
    if (text.length > length) break;
  }
  return text;
}

/** Every platform that is named by a file, wherever a study or an override names one. */
function platformFiles(text: string, { flags = [], set = [], vary = [] }: Overrides): string[] {
  const found = new Set<string>();
  const collect = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      if (/(^|\.)platform$/.test(key) && isPlatformFile(value)) found.add(value);
    } else if (Array.isArray(value)) {
      for (const entry of value) collect(entry, key);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, entry] of Object.entries(value)) collect(entry, name);
    }
  };
  try {
    collect(parse(text), '');
  } catch {
    // Its mistakes are reported with their places when it is loaded.
  }
  for (const { path, value } of flags) collect(value, path);
  for (const override of [...set, ...vary]) {
    const [key = '', ...rest] = override.split('=');
    for (const value of rest.join('=').split(',')) collect(value, key);
  }
  return [...found];
}
