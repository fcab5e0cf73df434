/** A comparison from its file to its document, over threads, and kept in a folder. */
import { join } from 'node:path';
import { type CompareOptions, compareRows } from '../study/compare.ts';
import type { CompareDocument } from '../study/compare-document.ts';
import type { Overrides } from '../study/study.ts';
import { fileError } from './file-errors.ts';
import { writePieces } from './output.ts';
import { makeFolder } from './results.ts';
import { type LaboratoryRunOptions, withLaboratory } from './run.ts';
import { type OpenStudy, openStudy } from './studies.ts';
import { studyCopy } from './study-copy.ts';

/**
 * @param path a study, or a trace that the overrides make a study of; rows that cannot be are left out
 * @throws UserError with every mistake of the study
 */
export async function compareFile(
  path: string,
  overrides: Overrides = {},
  options: CompareOptions & LaboratoryRunOptions = {},
): Promise<CompareDocument> {
  const study = await openStudy({
    files: [path],
    overrides: { ...overrides, leavesMisfitsOut: true },
  });
  return withLaboratory(study, options, (lab) => compareRows(lab, options));
}

/**
 * `compare.json`, and the study that it can be made from again.
 * @throws UserError for a place that cannot be written
 */
export async function keepComparison(
  study: OpenStudy,
  document: CompareDocument,
  out: string,
): Promise<void> {
  try {
    makeFolder(out);
  } catch (error) {
    throw fileError(error, out);
  }
  const write = (name: string, content: unknown) =>
    writePieces([`${JSON.stringify(content, null, 2)}\n`], join(out, name), true);
  await write('study.json', studyCopy(study, out));
  await write('compare.json', document);
}
