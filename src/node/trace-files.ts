/** Bytes of a file or of stdin as text, unpacked by what the bytes are and not by what the file is called. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type Mistake, UserError } from '../base/errors.ts';
import { fileError } from './file-errors.ts';

const GZIP_MAGIC = [0x1f, 0x8b];
const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** `-` is stdin. */
export const STDIN = '-';

/**
 * The text of a file in pieces, cut anywhere. Gzip (of several members too) is unpacked; bytes that are no UTF-8 become
 * U+FFFD; a byte-order mark is dropped.
 * @throws UserError for a file that is missing, unreadable, a directory, damaged or of a compression not read
 */
export async function* readText(path: string): AsyncGenerator<string, void> {
  const name = path === STDIN ? 'stdin' : path;
  try {
    if (path !== STDIN && (await stat(path)).isDirectory()) throw new UserError(folder(path));
    const raw: Readable = path === STDIN ? process.stdin : createReadStream(path);
    const decoder = new TextDecoder();
    for await (const piece of unpacked(raw, name)) {
      const text = decoder.decode(piece, { stream: true });
      if (text !== '') yield text;
    }
    const rest = decoder.decode();
    if (rest !== '') yield rest;
  } catch (error) {
    throw fileError(error, name);
  }
}

/** A whole small file, a study say. @throws UserError, as `readText` does, and for what is no text */
export async function readWhole(path: string): Promise<string> {
  let text = '';
  for await (const piece of readText(path)) {
    if (piece.includes('\0')) {
      throw new UserError([{ at: path, path: null, message: 'is not text: is it another file?' }]);
    }
    text += piece;
  }
  return text;
}

async function* unpacked(raw: Readable, name: string): AsyncGenerator<Buffer, void> {
  const pieces: AsyncIterator<Buffer> = raw[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < ZSTD_MAGIC.length) {
    const next = await pieces.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  if (startsWith(head, ZSTD_MAGIC)) {
    throw new UserError([
      {
        at: name,
        path: null,
        message: `is zstd, which is not read yet: unpack it first, \`zstd -dc ${name} | coldfront ... -\``,
      },
    ]);
  }
  const all = Readable.from(chain(head, pieces));
  if (!startsWith(head, GZIP_MAGIC)) return yield* all;
  const gunzip = createGunzip();
  all.on('error', (error) => gunzip.destroy(error));
  yield* all.pipe(gunzip);
}

async function* chain(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function folder(path: string): Mistake[] {
  const message = `is a folder: name a file in it, or several as \`workload.replay.file: ${path}/*\``;
  return [{ at: path, path: null, message }];
}

/**
 * Text to a file, packed if its name ends in .gz, or to stdout. The file is there whole or not at all.
 * @param overwrite whether it may take the place of a file that is there
 * @throws UserError for a place that cannot be written, a full disk among them
 */
export async function writePieces(
  pieces: Iterable<string>,
  path: string | null,
  overwrite: boolean,
): Promise<void> {
  const source = Readable.from(pieces);
  if (path === null) {
    await pipeline(source, process.stdout, { end: false });
    return;
  }
  if (!overwrite && existsSync(path)) {
    const message = 'is there already: --overwrite replaces it, or name another file';
    throw new UserError([{ at: path, path: null, message }]);
  }
  const part = `${path}.part`;
  try {
    const file = createWriteStream(part);
    await (path.endsWith('.gz') ? pipeline(source, createGzip(), file) : pipeline(source, file));
    await rename(part, path);
  } catch (error) {
    // What cannot be removed was not written; the first error says why.
    await rm(part, { force: true }).catch(() => {});
    throw fileError(error, path);
  }
}
