/** What a report is made from: a folder of results with its study, results alone, or a study that is run for it. */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../base/errors.ts';
import { type FoundDocument, ofCompare, ofOptimize } from '../report/page/found-rows.ts';
import type { CompareDocument } from '../study/compare-document.ts';
import type { OptimizeDocument } from '../study/optimize-document.ts';
import type { Swept } from '../study/row-figures.ts';
import { fileError } from './file-errors.ts';
import { type OpenStudy, openStudy } from './studies.ts';
import { openSweepFile, type SweepFile, sweptInMemory } from './sweep-file.ts';

/** `about.json` of a folder: how its results were made. */
export interface About {
  readonly schema: 'coldfront.about.v1';
  /** The words of the command, `coldfront` first. */
  readonly command: readonly string[];
  readonly versions: readonly string[];
}

export interface ReportSource {
  readonly document: Swept;
  readonly study: OpenStudy | null;
  /** Why the study is not there, or cannot be run again. */
  readonly why: string | null;
  readonly about: About | null;
  /** What lies beside the results. */
  readonly optimized: OptimizeDocument | null;
  readonly compared: CompareDocument | null;
  /** Where the page goes if nobody says otherwise. */
  readonly folder: string;
  /** When the results are read no more. */
  readonly close: () => void;
}

export const RESULTS = 'results.json';
export const STUDY = 'study.json';
export const ABOUT = 'about.json';
export const OPTIMIZED = 'optimize.json';
export const COMPARED = 'compare.json';

/** Whether a path is a folder of results or a file of them; else it is a study or a trace. */
export function isResults(path: string): boolean {
  if (!existsSync(path)) return false;
  if (statSync(path).isDirectory()) return true;
  if (!path.endsWith('.json')) return false;
  return /^\s*\{\s*"schema"\s*:\s*"coldfront\.(?:sweep|result|compare|optimize)\./.test(
    beginningOf(path),
  );
}

function beginningOf(path: string): string {
  const bytes = Buffer.alloc(200);
  const file = openSync(path, 'r');
  try {
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** @throws UserError where there are no results, or they are of something else */
export async function openResults(path: string, models?: string): Promise<ReportSource> {
  const isFolder = statSync(path).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const whole = [RESULTS, COMPARED, OPTIMIZED].find((name) => existsSync(join(folder, name)));
  if (isFolder && whole === undefined) throw withoutResults(path);
  const file = isFolder ? join(path, whole!) : path;
  const { swept: document, close } = opened(file);
  const studyFile = join(folder, STUDY);
  const isWhole = isFolder || [RESULTS, COMPARED, OPTIMIZED].includes(basename(file));
  if (!isWhole || !existsSync(studyFile)) {
    const why = `${isFolder ? path : basename(file)} has no ${STUDY} beside it: give the folder that \`coldfront sweep --out\` wrote`;
    return { ...NOTHING_BESIDE, document, study: null, why, folder, close };
  }
  const beside = <Document>(name: string): Document | null =>
    existsSync(join(folder, name)) ? (readJson(join(folder, name)) as Document) : null;
  const found = {
    about: beside<About>(ABOUT),
    optimized: beside<OptimizeDocument>(OPTIMIZED),
    compared: beside<CompareDocument>(COMPARED),
  };
  try {
    const study = await openStudy({ files: [studyFile], overrides: {}, models });
    return { ...found, document, study, why: null, folder, close };
  } catch (error) {
    if (!(error instanceof UserError)) {
      close();
      throw error;
    }
    const [first] = error.mistakes;
    const why = `${STUDY} cannot be run again: ${[first?.at, first?.path, first?.message].filter(Boolean).join(' ')}`;
    return { ...found, document, study: null, why, folder, close };
  }
}

/** Of a sweep in memory. */
export const NOTHING_BESIDE = {
  about: null,
  optimized: null,
  compared: null,
  close: () => undefined,
};

/** A folder without a document of results: its sweep did not end, or never was. */
export function withoutResults(folder: string): UserError {
  const isBegun = existsSync(join(folder, 'results.jsonl'));
  const message = isBegun
    ? `has no ${RESULTS}: its sweep did not end; \`coldfront sweep ${join(folder, STUDY)} --out ${folder} --resume\` goes on with it`
    : `holds no results: \`coldfront sweep STUDY --out ${folder}\` writes them`;
  return new UserError([{ at: folder, path: null, message }]);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileError(error, file);
    throw new UserError([{ at: file, path: null, message: `is no JSON: ${error.message}` }]);
  }
}

/** What a search or a comparison found is short; a sweep's results are read one by one. */
function opened(file: string): SweepFile {
  const beginning = beginningOf(file);
  const inMemory = (document: FoundDocument) => ({
    swept: sweptInMemory(document),
    close: () => undefined,
  });
  if (FOUND.compare.test(beginning)) return inMemory(ofCompare(readJson(file) as CompareDocument));
  if (FOUND.optimize.test(beginning)) {
    return inMemory(ofOptimize(readJson(file) as OptimizeDocument));
  }
  return openSweepFile(file);
}

const FOUND = {
  compare: /"coldfront\.compare\./,
  optimize: /"coldfront\.optimize\./,
};
