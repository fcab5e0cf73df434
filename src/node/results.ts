/**
 * Results on disk while a sweep runs. `results.jsonl` grows by a line as each configuration finishes, so that a crash or a
 * full disk costs what was being computed and nothing that was finished. Writes are synchronous: a result counts as
 * finished when its line is with the operating system.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
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
  /** Lines of the journal that were torn, damaged or changed: their configurations are run again. */
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
    makeFolder(path);
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

/** Node's own recursive mkdir never returns in /proc, and says of a read-only file system that it is not there. */
function makeFolder(path: string): void {
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

function writersOf(path: string, file: number): Pick<ResultFolder, 'append' | 'write' | 'close'> {
  let syncedMs = performance.now();
  return {
    append: (stored) =>
      mendable(path, () => {
        writeFileSync(file, `${lineOf(stored)}\n`);
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

/** `{"check":"0123456789abcdef","key":...}`: a line that anything has changed since is not taken for a result. */
function lineOf(stored: StoredOutcome): string {
  const { key, outcome } = stored;
  const rest = JSON.stringify({ key, outcome }).slice(1);
  return `${checkOf(rest)}${rest}`;
}

const CHECK_LENGTH = '{"check":"0123456789abcdef",'.length;

function checkOf(rest: string): string {
  const hash = createHash('sha256').update(rest).digest('hex').slice(0, 16);
  return `{"check":"${hash}",`;
}

function parseStored(line: string): StoredOutcome | null {
  const rest = line.slice(CHECK_LENGTH);
  if (!line.startsWith(checkOf(rest))) return null;
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
