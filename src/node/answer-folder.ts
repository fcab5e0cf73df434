/** The folder of an answer that was looked for: its document, and the study that it can be found from again. */
import { join } from 'node:path';
import type { CompareDocument } from '../study/compare-document.ts';
import type { OptimizeDocument } from '../study/optimize-document.ts';
import { fileError } from './file-errors.ts';
import { writePieces } from './output.ts';
import { makeFolder } from './results.ts';
import type { OpenStudy } from './studies.ts';
import { studyCopy } from './study-copy.ts';

const FILES = {
  'coldfront.compare.v1': 'compare.json',
  'coldfront.optimize.v1': 'optimize.json',
} as const;

/**
 * Before the search, which may take long.
 * @throws UserError for a place that cannot be written
 */
export function makeAnswerFolder(out: string): void {
  try {
    makeFolder(out);
  } catch (error) {
    throw fileError(error, out);
  }
}

/**
 * `compare.json` or `optimize.json`, and `study.json`.
 * @throws UserError for a place that cannot be written
 */
export async function keepAnswer(
  study: OpenStudy,
  document: CompareDocument | OptimizeDocument,
  out: string,
): Promise<void> {
  makeAnswerFolder(out);
  const write = (name: string, content: unknown) =>
    writePieces([`${JSON.stringify(content, null, 2)}\n`], join(out, name), true);
  await write('study.json', studyCopy(study, out));
  await write(FILES[document.schema], document);
}
