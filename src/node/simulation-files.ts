/** The folder of one configuration: the files of a sweep with one row. */
import type { Result } from '../study/document.ts';
import { writeResultFiles } from './result-files.ts';
import { openResultFolder, type ResultFolder } from './results.ts';
import { sweptAlone } from './sweep-file.ts';

export interface SimulationFolderOptions {
  readonly overwrite: boolean;
  /** Writes what the folder says of the study. */
  readonly origin: (folder: ResultFolder) => void;
}

/** @throws UserError where the folder is not empty and may not be written over, or cannot be written */
export async function writeSimulation(
  out: string,
  result: Result,
  { overwrite, origin }: SimulationFolderOptions,
): Promise<void> {
  const folder = openResultFolder(out, { resume: false, overwrite });
  try {
    origin(folder);
    await writeResultFiles(out, sweptAlone(result));
  } finally {
    folder.close();
  }
}
