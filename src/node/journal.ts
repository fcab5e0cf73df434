/**
 * Outcomes on disk, a line each, in the order in which they finished. In memory are the place of each line and its key: a
 * hundred thousand outcomes are half a gigabyte of text.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '../base/errors.ts';
import type { Outcome, OutcomeStore } from '../study/task.ts';
import { fileLines } from './file-lines.ts';

/** A power cut may cost the last moment; syncing every line would cost more than running most of them. */
const SYNC_EVERY_MS = 1_000;

interface Line {
  readonly at: number;
  readonly length: number;
}

/** Writes are synchronous: an outcome counts as finished when its line is with the operating system. */
export class Journal implements OutcomeStore {
  /** Lines that were torn, damaged or changed: their configurations are run again. */
  readonly damaged: number;
  readonly #file: number;
  readonly #lines = new Map<string, Line>();
  /** Of an earlier run, and not asked for yet. */
  readonly #unused = new Set<string>();
  /** Where the next line begins. */
  #end = 0;
  #syncedMs = performance.now();

  /** @param file open for reading and appending; a last line without its end is cut off */
  constructor(file: number) {
    this.#file = file;
    let damaged = 0;
    for (const { at, bytes, hasEnd } of fileLines(file)) {
      const { length } = bytes;
      const key = hasEnd ? keyOf(bytes) : null;
      if (key === null) damaged++;
      else {
        this.#lines.set(key, { at, length });
        this.#unused.add(key);
      }
      if (hasEnd) this.#end = at + length + 1;
      else ftruncateSync(file, at);
    }
    this.damaged = damaged;
  }

  /** How many finished outcomes of another study or traffic, or by another version, lie here and were not asked for. */
  get unused(): number {
    return this.#unused.size;
  }

  has(key: string): boolean {
    this.#unused.delete(key);
    return this.#lines.has(key);
  }

  get(key: string): Outcome | undefined {
    this.#unused.delete(key);
    const line = this.#lines.get(key);
    if (line === undefined) return undefined;
    const bytes = Buffer.allocUnsafe(line.length);
    const read = readSync(this.#file, bytes, 0, line.length, line.at);
    assert(read === line.length, `the journal ends within the line of ${key}`);
    return (JSON.parse(bytes.toString('utf8')) as { readonly outcome: Outcome }).outcome;
  }

  set(key: string, outcome: Outcome): void {
    const text = `${lineOf(key, outcome)}\n`;
    writeFileSync(this.#file, text);
    const length = Buffer.byteLength(text) - 1;
    this.#lines.set(key, { at: this.#end, length });
    this.#end += length + 1;
    if (performance.now() - this.#syncedMs < SYNC_EVERY_MS) return;
    fdatasyncSync(this.#file);
    this.#syncedMs = performance.now();
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** A journal that nobody sees: its file has no name from the beginning, so that nothing is left of it however this ends. */
export function nameless(): Journal {
  const folder = mkdtempSync(join(tmpdir(), 'coldfront-'));
  try {
    return new Journal(openSync(join(folder, 'outcomes'), 'a+'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `{"check":"0123456789abcdef","key":...}`: a line that anything has changed since is not taken for an outcome. */
function lineOf(key: string, outcome: Outcome): string {
  const rest = JSON.stringify({ key, outcome }).slice(1);
  return `${checkOf(rest)}${rest}`;
}

const CHECK_LENGTH = '{"check":"0123456789abcdef",'.length;
const KEY = /^"key":"([^"\\]*)","outcome":\{/;

function checkOf(rest: string | Buffer): string {
  const hash = createHash('sha256').update(rest).digest('hex').slice(0, 16);
  return `{"check":"${hash}",`;
}

/** The key of a whole line; what has the right check was written here, and needs no parsing to be trusted. */
function keyOf(line: Buffer): string | null {
  const rest = line.subarray(CHECK_LENGTH);
  if (line.toString('latin1', 0, CHECK_LENGTH) !== checkOf(rest)) return null;
  return KEY.exec(rest.toString('latin1', 0, 128))?.[1] ?? null;
}
