/**
 * The folder of a sweep's results. `results.jsonl` grows by a line as each configuration finishes, so that a crash or a full
 * disk costs what was being computed and nothing that was finished.
 */
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../base/errors.ts';
import type { OutcomeStore } from '../study/task.ts';
import { errorCode, fileError } from './file-errors.ts';
import { Journal } from './journal.ts';

const JOURNAL = 'results.jsonl';

export interface ResultFolder {
  readonly path: string;
  /** What is finished, by this run or an earlier one. */
  readonly outcomes: OutcomeStore;
  /** Lines of the journal that were torn, damaged or changed: their configurations are run again. */
  readonly damaged: number;
  /** Outcomes of another study, traffic or version, so far: this sweep has not asked for them. */
  unused(): number;
  /** A whole file beside the journal, there entirely or not at all. */
  write(name: string, text: string): void;
  close(): void;
}

export interface FolderOptions {
  /** Go on with what is there; a folder that is new or empty is no mistake. */
  readonly resume: boolean;
  /** Drop earlier results; files of other names stay. */
  readonly overwrite: boolean;
}

/** @throws UserError if the folder holds something and neither option says what to do with it, or cannot be written */
export function openResultFolder(path: string, options: FolderOptions): ResultFolder {
  return mendable(path, () => {
    makeFolder(path);
    const present = readdirSync(path);
    if (present.length > 0 && !options.resume && !options.overwrite) {
      throw new UserError([{ at: path, path: null, message: refusal(present) }]);
    }
    const name = join(path, JOURNAL);
    if (!options.resume) rmSync(name, { force: true });
    const journal = new Journal(openSync(name, 'a+'));
    return {
      path,
      outcomes: {
        has: (key) => journal.has(key),
        get: (key) => mendable(path, () => journal.get(key)),
        set: (key, outcome) => mendable(path, () => journal.set(key, outcome)),
      },
      damaged: journal.damaged,
      unused: () => journal.unused,
      write: (name, text) =>
        mendable(path, () => {
          const target = join(path, name);
          writeFileSync(`${target}.part`, text, { flush: true });
          renameSync(`${target}.part`, target);
        }),
      close: () => journal.close(),
    };
  });
}

/** Node's own recursive mkdir never returns in /proc, and says of a read-only file system that it is not there. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    if (existsSync(parent)) {
      const message = 'cannot be made: this file system takes no new folders, write elsewhere';
      throw new UserError([{ at: path, path: null, message }]);
    }
    makeFolder(parent);
    mkdirSync(path);
  }
}

function refusal(present: readonly string[]): string {
  return present.includes(JOURNAL)
    ? 'holds the results of an earlier sweep: --resume goes on with it, --overwrite replaces it, or name another folder'
    : 'is not empty: name another folder, or --overwrite to write among its files';
}

const OUT_OF_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO']);

/** A disk that takes no more is the user's to mend: every line before this one is on it. */
export function mendable<R>(path: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    const mistake = fileError(error, path);
    if (!(mistake instanceof UserError) || !OUT_OF_ROOM.has(errorCode(error) ?? '')) throw mistake;
    const kept = 'what was finished before is kept: --resume goes on with it once there is room';
    throw new UserError(
      mistake.mistakes.map((one) => ({ ...one, message: `${one.message}; ${kept}` })),
    );
  }
}
