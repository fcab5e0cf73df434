/** What a report is made from: a folder of results with its study, results alone, or a study that is run for it. */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../base/errors.ts';
import type { CompareDocument } from '../study/compare-document.ts';
import type { Result, SweepDocument } from '../study/document.ts';
import { frontOf } from '../study/front.ts';
import { canonical, isMap } from '../study/json.ts';
import type { OptimizeDocument } from '../study/optimize-document.ts';
import type { Swept } from '../study/row-figures.ts';
import { fileError } from './file-errors.ts';
import { type OpenStudy, openStudy } from './studies.ts';
import { readSweepFile, sweptOf } from './sweep-file.ts';

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
  if (isFolder && whole === undefined) throw unfinished(path);
  const file = isFolder ? join(path, whole!) : path;
  const document = documentOf(file, readJson(file, readSweepFile));
  const studyFile = join(folder, STUDY);
  const isWhole = isFolder || [RESULTS, COMPARED, OPTIMIZED].includes(basename(file));
  if (!isWhole || !existsSync(studyFile)) {
    const why = `${isFolder ? path : basename(file)} has no ${STUDY} beside it: give the folder that \`coldfront sweep --out\` wrote`;
    return { ...NOTHING_BESIDE, document, study: null, why, folder };
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
    return { ...found, document, study, why: null, folder };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [first] = error.mistakes;
    const why = `${STUDY} cannot be run again: ${[first?.at, first?.path, first?.message].filter(Boolean).join(' ')}`;
    return { ...found, document, study: null, why, folder };
  }
}

/** Of a sweep in memory. */
export const NOTHING_BESIDE = { about: null, optimized: null, compared: null };

function unfinished(folder: string): UserError {
  const isBegun = existsSync(join(folder, 'results.jsonl'));
  const message = isBegun
    ? `has no ${RESULTS}: its sweep did not end; \`coldfront sweep ${join(folder, STUDY)} --out ${folder} --resume\` goes on with it`
    : `holds no results: \`coldfront sweep STUDY --out ${folder}\` writes them`;
  return new UserError([{ at: folder, path: null, message }]);
}

function readJson(
  file: string,
  read: (file: string) => unknown = (path) => JSON.parse(readFileSync(path, 'utf8')),
): unknown {
  try {
    return read(file);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileError(error, file);
    throw new UserError([{ at: file, path: null, message: `is no JSON: ${error.message}` }]);
  }
}

function documentOf(file: string, json: unknown): Swept {
  const schema = isMap(json) ? json['schema'] : undefined;
  const results = isMap(json) ? json['results'] : undefined;
  if (schema === 'coldfront.sweep.v1' && Array.isArray(results)) {
    const swept = json as unknown as Swept | SweepDocument;
    return 'resultAt' in swept ? swept : sweptOf(swept);
  }
  if (schema === 'coldfront.result.v1') return sweptOf(aloneOf(json as unknown as Result));
  if (schema === 'coldfront.compare.v1')
    return sweptOf(ofCompare(json as unknown as CompareDocument));
  if (schema === 'coldfront.optimize.v1')
    return sweptOf(ofOptimize(json as unknown as OptimizeDocument));
  const message = `is no result of coldfront: its schema is ${JSON.stringify(schema) ?? 'missing'}, not coldfront.sweep.v1`;
  throw new UserError([{ at: file, path: null, message }]);
}

/** What was compared as a grid, its reference rows too: the recommended one is the answer. */
function ofCompare({ name, rows, leftOut, conclusion }: CompareDocument): SweepDocument {
  const results = rows.map(({ result, vary }) => ({ ...result, vary }));
  const today = rows.findIndex(({ references }) => references.includes('today'));
  const { recommended, confirmations } = conclusion;
  return ofRows({ name, results, leftOut, best: recommended, today, confirmations });
}

/** What a search found worth telling: the answer, the runners-up, today. */
function ofOptimize(document: OptimizeDocument): SweepDocument {
  const { name, best, runnersUp, nearest, current, confirmations } = document;
  const key = ({ vary }: Result) => canonical(vary);
  const all = [best, ...runnersUp, nearest, current].filter((result) => result !== null);
  const results = [...new Map(all.map((result) => [key(result), result])).values()];
  const place = (result: Result | null) =>
    result === null ? -1 : results.findIndex((one) => key(one) === key(result));
  const answer = best === null ? null : place(best);
  // What it confirmed, it knows by places of its own.
  const kept = confirmations === null ? null : [];
  return ofRows({
    name,
    results,
    leftOut: [],
    best: answer,
    today: place(current),
    confirmations: kept,
  });
}

function ofRows(rows: {
  readonly name: string;
  readonly results: readonly Result[];
  readonly leftOut: SweepDocument['leftOut'];
  readonly best: number | null;
  readonly today: number;
  readonly confirmations: SweepDocument['confirmations'];
}): SweepDocument {
  const { name, results, leftOut, best, today, confirmations } = rows;
  const p99 = results.map(({ latencyS, requests }) =>
    (requests.failedFraction ?? 0) > 0.01
      ? Number.POSITIVE_INFINITY
      : (latencyS.p99 ?? Number.POSITIVE_INFINITY),
  );
  return {
    schema: 'coldfront.sweep.v1',
    name,
    results: results.map((result) => ({ ...result, provedEqualTo: null })),
    leftOut,
    front: frontOf(results, p99),
    cheapestWithinSlo: best,
    current: today < 0 ? null : today,
    confirmations,
    steps: [],
  };
}

/** One configuration as a grid of one. */
function aloneOf(result: Result): SweepDocument {
  return {
    schema: 'coldfront.sweep.v1',
    name: result.name,
    results: [result],
    leftOut: [],
    front: [0],
    steps: [],
    cheapestWithinSlo: result.slo?.met === true ? 0 : null,
    current: null,
    confirmations: null,
  };
}
