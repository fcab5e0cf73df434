/** A comparison from its file to its document, over threads. */
import { type CompareOptions, compareRows } from '../study/compare.ts';
import type { CompareDocument } from '../study/compare-document.ts';
import type { Overrides } from '../study/study.ts';
import { type LaboratoryRunOptions, withLaboratory } from './run.ts';
import { openStudy } from './studies.ts';

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
