/**
 * Results on disk while a sweep runs. `results.jsonl` grows by a line as each configuration finishes, so that a crash or a
 * full disk costs what was being computed and nothing that was finished. Writes are synchronous: a result counts as
 * finished when its line is with the operating system.
 */
import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../base/errors.ts';
import type { Outcome, StoredOutcome } from '../study/task.ts';
import { errorCode, fileError } from './file-errors.ts';

const JOURNAL = 'results.jsonl';
/** A power cut may cost the last moment; syncing every line would cost more than running most of them. */
const SYNC_EVERY_MS = 1_000;

export interface ResultFolder {
  readonly path: string;
  /** What an earlier run had finished, by key. */
  readonly finished: ReadonlyMap<string, Outcome>;
  /** Lines of the journal that were torn or damaged: their configurations are run again. */
  readonly damaged: number;
  append(stored: StoredOutcome): void;
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
    mkdirSync(path, { recursive: true });
    const present = readdirSync(path);
    if (present.length > 0 && !options.resume && !options.overwrite) {
      throw new UserError([{ at: path, path: null, message: refusal(present) }]);
    }
    const journal = join(path, JOURNAL);
    if (!options.resume) rmSync(journal, { force: true });
    const { wholeBytes, ...earlier } = readJournal(journal);
    const file = openSync(journal, 'a');
    ftruncateSync(file, wholeBytes);
    return { path, ...earlier, ...writersOf(path, file) };
  });
}

function refusal(present: readonly string[]): string {
  return present.includes(JOURNAL)
    ? 'holds the results of an earlier sweep: --resume goes on with it, --overwrite replaces it, or name another folder'
    : 'is not empty: name another folder, or --overwrite to write among its files';
}

function writersOf(path: string, file: number): Pick<ResultFolder, 'append' | 'write' | 'close'> {
  let syncedMs = performance.now();
  return {
    append: (stored) =>
      mendable(path, () => {
        writeFileSync(file, `${JSON.stringify(stored)}\n`);
        if (performance.now() - syncedMs < SYNC_EVERY_MS) return;
        fdatasyncSync(file);
        syncedMs = performance.now();
      }),
    write: (name, text) =>
      mendable(path, () => {
        const target = join(path, name);
        writeFileSync(`${target}.part`, text, { flush: true });
        renameSync(`${target}.part`, target);
      }),
    close: () => closeSync(file),
  };
}

interface Journal {
  readonly finished: ReadonlyMap<string, Outcome>;
  readonly damaged: number;
  /** Up to the end of the last whole line: what is behind it was being written when something broke. */
  readonly wholeBytes: number;
}

function readJournal(path: string): Journal {
  const bytes = readIfThere(path);
  const wholeBytes = bytes.lastIndexOf('\n') + 1;
  const finished = new Map<string, Outcome>();
  let damaged = wholeBytes < bytes.length ? 1 : 0;
  for (const line of bytes.toString('utf8', 0, wholeBytes).split('\n').slice(0, -1)) {
    const stored = parseStored(line);
    if (stored === null) damaged++;
    else finished.set(stored.key, stored.outcome);
  }
  return { finished, damaged, wholeBytes };
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function parseStored(line: string): StoredOutcome | null {
  try {
    const stored = JSON.parse(line) as Partial<StoredOutcome> | null;
    return typeof stored?.key === 'string' && typeof stored.outcome === 'object'
      ? { key: stored.key, outcome: stored.outcome }
      : null;
  } catch {
    return null;
  }
}

const OUT_OF_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO']);

/** A disk that takes no more is the user's to mend: every line before this one is on it. */
function mendable<R>(path: string, work: () => R): R {
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
