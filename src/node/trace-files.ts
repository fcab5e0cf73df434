/** What a file or stdin says as text, unpacked by what the bytes are. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UserError } from '../base/errors.ts';
import { fileError } from './file-errors.ts';
import { unpacked } from './unpack.ts';

/** `-` is stdin. */
export const STDIN = '-';

const PIECE_BYTES = 2 ** 18;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/**
 * The bytes of a file in pieces of some 256 KiB, cut anywhere, a character a byte (Latin-1); gzip and zstd are unpacked, a
 * byte-order mark is dropped.
 * @throws UserError for a file that is missing, unreadable, a folder, damaged, no text or of a packing that is not read
 */
export async function* readPieces(path: string): AsyncGenerator<string, void> {
  let first = true;
  for await (const bytes of readBytes(path)) {
    const piece = bytes.toString('latin1');
    yield first && piece.startsWith(BYTE_ORDER_MARK) ? piece.slice(BYTE_ORDER_MARK.length) : piece;
    first = false;
  }
}

/** A whole small file of UTF-8, a study say. @throws UserError, as `readPieces` does, and for what is no text */
export async function readWhole(path: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of readBytes(path)) text += decoder.decode(bytes, { stream: true });
  text += decoder.decode();
  if (text.includes('\0')) {
    throw new UserError([{ at: path, path: null, message: 'is not text: is it another file?' }]);
  }
  return text;
}

async function* readBytes(path: string): AsyncGenerator<Buffer, void> {
  const name = path === STDIN ? 'stdin' : path;
  try {
    if (path === STDIN) return yield* unpacked(process.stdin, name);
    if ((await stat(path)).isDirectory()) throw new UserError(folder(path));
    yield* unpacked(createReadStream(path, { highWaterMark: PIECE_BYTES }), name);
  } catch (error) {
    throw fileError(error, name);
  }
}

function folder(path: string) {
  const message = `is a folder: name a file in it, or several as \`workload.replay.file: ${path}/*\``;
  return [{ at: path, path: null, message }];
}
