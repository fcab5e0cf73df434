/** From what a user names - a study or traces, and overrides - to a study that is loaded, with its traces read. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../base/errors.ts';
import type { Catalogue } from '../platform/catalogue.ts';
import { loadStudy, studyFromFlags } from '../study/load.ts';
import type { LoadedStudy, Overrides } from '../study/study.ts';
import type { ReplaySource } from '../study/workload-section.ts';
import type { Trace } from '../workload/trace.ts';
import { createTraceReader } from '../workload/trace-reader.ts';
import { isPlatformFile, loadCatalogue } from './models.ts';
import { readText, readWhole, STDIN } from './trace-files.ts';

export interface StudyInput {
  /** A study, or one or more traces. */
  readonly files: readonly string[];
  readonly overrides: Overrides;
  /** Of traces; `auto` if left out. */
  readonly format?: string;
  readonly skipBadLines?: boolean;
}

export interface OpenStudy {
  readonly loaded: LoadedStudy;
  readonly catalogue: Catalogue;
  /** What its relative paths start from. */
  readonly folder: string;
  /** In the order of `loaded.replays`, their columns in shared memory. */
  readonly traces: readonly Trace[];
}

/** @throws UserError with every mistake of the study, or of the first trace that has one */
export async function openStudy(input: StudyInput): Promise<OpenStudy> {
  const { files, overrides, format } = input;
  const file = files[0] ?? STDIN;
  if (!(await isStudy(file))) {
    const catalogue = await loadCatalogue(platformFiles('', overrides));
    const flags = { ...overrides, files, name: nameOf(basename(file)), ...(format && { format }) };
    return withTraces(studyFromFlags(flags, catalogue), catalogue, '.', input);
  }
  if (files.length > 1) {
    throw new UserError(
      `${file} is a study: it stands alone, and names its traces in workload.replay.file`,
    );
  }
  const text = await readWhole(file);
  const folder = dirname(file);
  const catalogue = await loadCatalogue(platformFiles(text, overrides), folder);
  return withTraces(
    loadStudy({ name: file, text }, overrides, catalogue),
    catalogue,
    folder,
    input,
  );
}

async function withTraces(
  loaded: LoadedStudy,
  catalogue: Catalogue,
  folder: string,
  { skipBadLines = false }: StudyInput,
): Promise<OpenStudy> {
  const traces: Trace[] = [];
  for (const replay of loaded.replays) {
    traces.push(await readReplay(replay, folder, skipBadLines));
  }
  return { loaded, catalogue, folder, traces };
}

/** A study is YAML by name, or a map with `version:` by what it holds; all else is a trace. */
async function isStudy(path: string): Promise<boolean> {
  if (/\.ya?ml$/.test(path)) return true;
  if (path === STDIN || !path.endsWith('.json')) return false;
  const text = await readWhole(path);
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null && 'version' in document;
  } catch {
    // JSON of one object a line is a trace; a broken study says so itself.
    return /^\s*\{\s*"version"\s*:/.test(text);
  }
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

/** One trace of all the files of a replay, in the order of their names. */
async function readReplay(
  { files, format }: ReplaySource,
  folder: string,
  skipBadLines: boolean,
): Promise<Trace> {
  const paths: string[] = [];
  for (const file of files) paths.push(...(await expandGlob(file, folder)));
  return readTraces(paths, { format, skipBadLines });
}

export interface TraceOptions {
  readonly format?: string;
  readonly skipBadLines?: boolean;
}

/**
 * Reads a log or a table of requests, packed or not; `-` is stdin.
 * @throws UserError for a file that cannot be read, holds no request or too many damaged lines
 */
export async function readTrace(path: string, options: TraceOptions = {}): Promise<Trace> {
  return readTraces([path], options);
}

async function readTraces(paths: readonly string[], options: TraceOptions): Promise<Trace> {
  const { format = 'auto', skipBadLines = false } = options;
  const name = nameOf(paths[0] ?? '');
  const reader = createTraceReader({ format, name, skipBadLines, shared: true });
  for (const [index, path] of paths.entries()) {
    if (index > 0) reader.nextFile(nameOf(path));
    for await (const text of readText(path)) reader.push(text);
  }
  return reader.finish();
}

function nameOf(path: string): string {
  return path === STDIN ? 'stdin' : path;
}

/** `*` and `?` in the last part of a path. @throws UserError where nothing fits */
async function expandGlob(pattern: string, folder: string): Promise<string[]> {
  const path = pattern === STDIN || isAbsolute(pattern) ? pattern : join(folder, pattern);
  const name = basename(path);
  if (!/[*?]/.test(name)) return [path];
  const fits = new RegExp(
    `^${name
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  const present = await readdir(dirname(path)).catch((): string[] => []);
  const found = present.filter((entry) => fits.test(entry)).sort();
  if (found.length === 0) {
    const message = 'no file fits this pattern: check the folder and the name';
    throw new UserError([
      { at: null, path: 'workload.replay.file', message: `${pattern}: ${message}` },
    ]);
  }
  return found.map((entry) => join(dirname(path), entry));
}
