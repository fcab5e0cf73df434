/** The data of a page: results as they are, and what they lack run again from their study. */
import { stringify } from 'yaml';
import { US_PER_MS } from '../base/units.ts';
import { offsetReader } from '../base/zone-clock.ts';
import { conclusionOf } from '../report/page/conclusion.ts';
import { focusRows, intervalUs } from '../report/page/focus.ts';
import { furtherOf } from '../report/page/further.ts';
import { type PageInput, pageDocument } from '../report/page/page-data.ts';
import type { Basis, PageDocument } from '../report/page/page-document.ts';
import { gridOfDocument } from '../report/page/rows.ts';
import { priceLines } from '../report/prices.ts';
import { studyTraffic } from '../report/traffic.ts';
import { timeZoneOf } from '../study/bind.ts';
import type { Result } from '../study/document.ts';
import { canonical, isMap, type Json } from '../study/json.ts';
import type { Swept } from '../study/row-figures.ts';
import type { GridPoint, LoadedStudy } from '../study/study.ts';
import { versions } from './package-files.ts';
import type { ReportSource } from './report-source.ts';
import { observedEndUs, withLaboratory } from './run.ts';
import type { OpenStudy } from './studies.ts';

export interface ReportOptions {
  /** `2026-11-21`. */
  readonly today: string;
  readonly commands: Basis['commands'];
  readonly workers?: number;
  /** Default true; false: no time lines, curves and hours. */
  readonly isRunAgain?: boolean;
  readonly signal?: AbortSignal;
  /** Configurations that were run again so far, of how many. */
  readonly onProgress?: (done: number, of: number) => void;
}

export async function reportOf(
  source: ReportSource,
  options: ReportOptions,
): Promise<PageDocument> {
  const { document, study, why, about, optimized, compared } = source;
  const missing = why === null ? [] : [{ panel: 'all', why }];
  const { isRunAgain = true } = options;
  const rerun = study === null || !isRunAgain ? NOT_RUN : await runAgain(document, study, options);
  const { today, commands } = options;
  return pageDocument({
    document,
    study:
      study === null ? null : { loaded: study.loaded, pointOf: pointsOf(study.loaded, document) },
    focus: rerun.focus.length > 0 ? rerun.focus : asTheyAre(document),
    ...(study === null ? { clockAtMs: null, timeZone: null } : clockOf(study)),
    missing: [...missing, ...rerun.missing],
    further: furtherOf(optimized, compared),
    basis: {
      madeOn: today,
      versions: versionsOf(about?.versions ?? null),
      commands,
      traffic: study === null ? [] : studyTraffic(study.loaded, study.traces),
      prices: study === null ? [] : priceLines(study.loaded, study.catalogue, today),
      study: study === null ? null : studyText(study.loaded.study),
    },
  });
}

interface Rerun {
  readonly focus: PageInput['focus'];
  readonly missing: PageInput['missing'];
}

const NOT_RUN: Rerun = { focus: [], missing: [] };

/** The rows that matter, with what a sweep does not keep; none where they do not come out as they did. */
async function runAgain(
  document: Swept,
  study: OpenStudy,
  { workers = 1, signal, onProgress }: ReportOptions,
): Promise<Rerun> {
  const rows = focusRows(
    document,
    conclusionOf(
      document,
      gridOfDocument(document, () => undefined),
    ),
  );
  const timelineUs = intervalUs(observedEndUs(study), rows.length);
  const how = { timelineUs, hourly: true };
  const outcomes = await withLaboratory(
    study,
    {
      workers,
      ...(signal && { signal }),
      onProgress: ({ trials }) => onProgress?.(trials, rows.length),
    },
    (laboratory) =>
      laboratory.run(rows.map((index) => ({ overrides: document.resultAt(index).vary, how }))),
  );
  const changed = rows.filter((index, i) => !isSame(document.resultAt(index), outcomes[i]!.result));
  if (changed.length > 0) {
    const why = `${changed.length} of ${rows.length} configurations come out otherwise than in results.json when they are run again: their log, a platform file or coldfront has changed since, so what the results lack (time lines, curves) is left out. Run the sweep again for a whole page.`;
    return { focus: [], missing: [{ panel: 'all', why }] };
  }
  return {
    focus: rows.map((index, i) => ({ index, result: outcomes[i]!.result })),
    missing: [],
  };
}

/** All that a sweep keeps of a run, but its measured speed and its place. */
function isSame(kept: Result, again: Result): boolean {
  const figures = ({ requests, coldStarts, latencyS, replicaTimeS, cost, seed }: Result) =>
    canonical({ requests, coldStarts, latencyS, replicaTimeS, usd: cost?.usd ?? null, seed });
  return figures(kept) === figures(again);
}

/** Without a study the results themselves are all that is known. */
function asTheyAre(document: Swept): PageInput['focus'] {
  const rows = focusRows(
    document,
    conclusionOf(
      document,
      gridOfDocument(document, () => undefined),
    ),
  );
  return rows.map((index) => ({ index, result: document.resultAt(index) }));
}

/** The points of a study by the rows of its results: a folder's study may lay them out in another order. */
function pointsOf(
  { points }: LoadedStudy,
  { results }: Swept,
): (index: number) => GridPoint | undefined {
  const byVary = new Map(points.map((point) => [canonical(point.overrides), point]));
  return (index) => byVary.get(canonical(results[index]!.vary));
}

/** What time 0 is by the wall clock of the study, which hours of the day are told by too. */
function clockOf({ traces, loaded }: OpenStudy): Pick<PageDocument, 'clockAtMs' | 'timeZone'> {
  const compiled = loaded.points[0]?.compiled;
  const epochUs = traces[0]?.firstAtUs ?? compiled?.startAtEpochUs ?? null;
  if (compiled === undefined || epochUs === null) return { clockAtMs: null, timeZone: null };
  const timeZone = timeZoneOf(compiled, traces[0] ?? null);
  const epochMs = epochUs / US_PER_MS;
  return { clockAtMs: epochMs + offsetReader(timeZone)(Math.floor(epochMs)), timeZone };
}

/** Said twice only where results and page were made by different ones. */
function versionsOf(ofResults: readonly string[] | null): readonly string[] {
  const own = versions();
  if (ofResults === null || canonical(ofResults) === canonical(own)) return own;
  return [`results: ${ofResults.join(', ')}`, `page: ${own.join(', ')}`];
}

/** Longer lists of rows are no reading matter. */
const MOST_ROWS_SHOWN = 60;

function studyText(study: Json): string {
  if (!isMap(study)) return '';
  const { vary, ...rest } = study;
  const isLong = Array.isArray(vary) && vary.length > MOST_ROWS_SHOWN;
  const shown = isLong ? rest : study;
  const note = isLong ? `# and ${vary.length} rows of vary\n` : '';
  return stringify(shown, { lineWidth: 100 }) + note;
}
