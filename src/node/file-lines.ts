/** The lines of an open file and where each lies, however long the file is. */
import { readSync } from 'node:fs';

export interface FileLine {
  /** Of its first byte in the file. */
  readonly at: number;
  /** Without its end. */
  readonly bytes: Buffer;
  /** Whether it has an end: only the last may have none. */
  readonly hasEnd: boolean;
}

const PIECE_BYTES = 2 ** 20;
const NEWLINE = 0x0a;

export function* fileLines(file: number): Generator<FileLine, void> {
  let rest: Buffer = Buffer.alloc(0);
  for (let position = 0, at = 0; ; ) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const read = readSync(file, piece, 0, PIECE_BYTES, position);
    if (read === 0) {
      if (rest.length > 0) yield { at, bytes: rest, hasEnd: false };
      return;
    }
    position += read;
    const bytes = Buffer.concat([rest, piece.subarray(0, read)]);
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      yield { at: at + from, bytes: bytes.subarray(from, to), hasEnd: true };
      from = to + 1;
    }
    rest = bytes.subarray(from);
    at += from;
  }
}
