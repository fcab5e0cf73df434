/** coldfront for Node: everything of the browser's, and files and threads. */
export * from './index.ts';

export { compareFile } from './node/comparison.ts';
// Files: traces (packed or not, read and written), studies, the catalogue that ships.
export { type LibraryOptions, loadCatalogue, loadLibrary } from './node/models.ts';
export { writePieces } from './node/output.ts';
// The page of `coldfront report`: its data, and the file.
export { pageParts } from './node/page-bundle.ts';
export { writeParquet } from './node/parquet-output.ts';
// Threads and results on disk by themselves, for a driver of one's own.
export { startThreads, type Threads, type ThreadsOptions, WorkerDied } from './node/pool.ts';
// What was recorded of a pool, to hold a simulation against.
export { type RecordedInput, readRecorded, type Traffic } from './node/recorded-files.ts';
export { type ReportOptions, reportOf } from './node/report.ts';
export { openResults, type ReportSource } from './node/report-source.ts';
export { writeResultFiles } from './node/result-files.ts';
export { type FolderOptions, openResultFolder, type ResultFolder } from './node/results.ts';
// Whole studies, from a file to a result, over threads.
export {
  type RunOptions,
  type StudyToRun,
  simulateFile,
  simulateStudy,
  sweepFile,
  sweepLargeStudy,
  sweepStudy,
} from './node/run.ts';
export {
  type OpenStudy,
  openStudy,
  readTrace,
  type StudyInput,
  type TraceOptions,
} from './node/studies.ts';
export { readPieces } from './node/trace-files.ts';
export type { PageDocument } from './report/page/page-document.ts';
export { pageHtml } from './report/page/page-html.ts';
