/** The folder of one configuration: the files of a sweep with one row. */
import type { Result } from '../study/document.ts';
import { writeResultFiles } from './result-files.ts';
import { type FolderOptions, openResultFolder } from './results.ts';
import { sweptAlone } from './sweep-file.ts';

/** @throws UserError where the folder is not empty and may not be written over, or cannot be written */
export async function writeSimulation(
  out: string,
  options: Pick<FolderOptions, 'overwrite'>,
  result: Result,
  texts: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = openResultFolder(out, { ...options, resume: false });
  try {
    for (const [name, text] of Object.entries(texts)) folder.write(name, text);
    await writeResultFiles(out, sweptAlone(result));
  } finally {
    folder.close();
  }
}
