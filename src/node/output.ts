/** Bytes to a file that is there whole or not at all, packed if its name says so, or to stdout. */
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { run, type ZstdStreams } from 'zstd-codec/lib/zstd-stream.js';
import { UserError } from '../base/errors.ts';
import { fileError } from './file-errors.ts';

/** What zstd takes if nobody asks. */
const ZSTD_LEVEL = 3;
/** Strings are joined to pieces of at least this length, so that each write is worth its while. */
const PIECE_LENGTH = 2 ** 16;

/**
 * Text to a file, packed if its name ends in .gz or .zst, or to stdout.
 * @param path null for stdout
 * @param overwrite whether it may take the place of a file that is there
 * @throws UserError for a place that cannot be written, a full disk among them
 */
export async function writePieces(
  pieces: Iterable<string>,
  path: string | null,
  overwrite: boolean,
): Promise<void> {
  const packer = path === null ? null : await packerOf(path);
  await writeWhole(joined(pieces), packer, path, overwrite);
}

/** Bytes to a file or stdout as they are; otherwise as `writePieces`. */
export async function writeBytes(
  pieces: Iterable<Uint8Array>,
  path: string | null,
  overwrite: boolean,
): Promise<void> {
  await writeWhole(pieces, null, path, overwrite);
}

async function writeWhole(
  pieces: Iterable<string | Uint8Array>,
  packer: Transform | null,
  path: string | null,
  overwrite: boolean,
): Promise<void> {
  const source = Readable.from(pieces, { objectMode: true, highWaterMark: 1 });
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
    await (packer === null ? pipeline(source, file) : pipeline(source, packer, file));
    await rename(part, path);
  } catch (error) {
    // What cannot be removed was not written; the first error says why.
    await rm(part, { force: true }).catch(() => {});
    throw fileError(error, path);
  }
}

async function packerOf(path: string): Promise<Transform | null> {
  if (path.endsWith('.gz')) return createGzip();
  if (!path.endsWith('.zst')) return null;
  const { ZstdCompressTransform } = await new Promise<ZstdStreams>(run);
  return new ZstdCompressTransform(ZSTD_LEVEL);
}

function* joined(pieces: Iterable<string>): Generator<string, void> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < PIECE_LENGTH) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
